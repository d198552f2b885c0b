"""What rows keep of a verdict or an error, as sentences in the reader's language."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from foundation.said import Kept


def said_words(kept: Kept, otherwise: str = "") -> str:
    """The sentences that a row keeps; what it says in plain English when it keeps none."""
    try:
        return " ".join(_sentence(one) for one in kept) or otherwise
    except (KeyError, TypeError, ValueError, AttributeError):  # a row of another version
        return otherwise


def _sentence(one: dict[str, Any]) -> str:
    values = {name: _value(value) for name, value in one.get("values", {}).items()}
    text = one["text"]
    return gettext(text) % values if values else gettext(text)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _sentence(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number_format(value, force_grouping=True)
    return str(value)
