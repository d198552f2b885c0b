"""What the signs of a machine are called, for the steward who decides."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SIGN_WORDS = {
    "never-sleeps": _("active around the clock"),
    "too-many-comments": _("more than 200 comments on one day"),
    "repeats-itself": _("comments that are all alike"),
    "never-reviewed": _("many changes, none of them reviewed"),
}


def sign_words(signs: str) -> str:
    """The signs of an identity (codes separated by commas) in words; "" for none."""
    return "; ".join(gettext(SIGN_WORDS.get(code, code)) for code in signs.split(",") if code)
