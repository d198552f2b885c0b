"""Where a steward may go: one list for the bar, the menu and the front page.

Upper floors are named as strings only; a page that is not mounted is left out.
"""

from typing import NamedTuple

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

register = template.Library()

STEWARDS = (
    ("web:leaders", _("Emerging leaders")),
    ("mentorship:cohorts", _("Cohorts")),
    ("mentorship:load", _("Load")),
    ("web:runs", _("Runs")),
    ("web:backtests", _("Backtests")),
)
ADMINISTRATION = ("admin:index", _("Administration"))


class Place(NamedTuple):
    """A page to go to, and whether the reader is on it or below it."""

    url: str
    name: str
    is_here: bool


@register.simple_tag
def steward_places(user, path: str) -> list[Place]:
    """The pages for stewards, and the administration for whoever may open it; [] for others."""
    if not user.is_authenticated:
        return []
    named = [*(STEWARDS if user.is_steward else ()), *([ADMINISTRATION] if user.is_staff else ())]
    found = ((_address(name), gettext(words)) for name, words in named)
    return [Place(url, words, path.startswith(url)) for url, words in found if url]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
