"""Primary keys in what follows an address's question mark, where anybody may type anything."""

MOST_DIGITS = 18  # more than any key has, fewer than a database and int() refuse


def key_in(text: str) -> int | None:
    """The key, None where the text is none."""
    is_key = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_key else None
