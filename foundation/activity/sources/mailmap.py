"""The ``.mailmap`` file in which a project says itself which spellings are one person."""

import re

from foundation.activity.sources.idents import who_of
from foundation.activity.sources.record import Who

LARGEST_MAILMAP = 4 << 20  # bytes; the Linux kernel's has 50 kB
LINE = re.compile(r"([^<>]*)<([^<>]*)>(?:([^<>]*)<([^<>]*)>)?")


def parse_mailmap(text: str) -> list[tuple[Who, Who]]:
    """Return (canonical, as committed) of every line that says something.

    The four forms of gitmailmap(5). An empty canonical field means "as committed"; an empty name
    on the committed side means "whatever the name".
    """
    pairs = []
    for line in text.splitlines():
        found = LINE.match(line) if "<" in line and not line.startswith("#") else None
        if found:
            name, email, old_name, old_email = (part or "" for part in found.groups())
            committed = who_of(old_name, old_email) if found[4] is not None else who_of("", email)
            pairs.append((who_of(name, email), committed))
    return pairs
