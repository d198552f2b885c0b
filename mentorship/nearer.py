"""What would change a mentee's list, in words: steps that are the mentee's own to take."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from foundation.people.hiding import AREA, Line, speaks_of_hidden
from foundation.people.reasons import Reason
from foundation.people.tongue_names import tongue_name
from mentorship.models import Match

WORDS = {
    "interest": _("saying that you wish to work on %(name)s"),
    "change": _("making a change under %(name)s"),
    "language": _("saying so, if you speak %(name)s"),
}
EARLIER = _("a day that begins %(hours)s h earlier")
LATER = _("a day that begins %(hours)s h later")


def steps_of(match: Match, hidden: Collection[Line] = ()) -> list[Reason]:
    """The steps in words, the strongest first, each with the page where it can be taken."""
    return [_said(match, step) for step in without_hidden_steps(match.nearer, hidden)]


def without_hidden_steps(steps: Collection[dict], hidden: Collection[Line]) -> list[dict]:
    """The steps that name no area which the mentor has hidden since."""
    return [step for step in steps if not _names_hidden(step, hidden)]


def _said(match: Match, step: dict) -> Reason:
    name = step["name"]
    if step["step"] == "hours":
        sentence = EARLIER if int(name) < 0 else LATER
        words = gettext(sentence) % {"hours": abs(int(name))}
    else:
        sentence = WORDS[step["step"]]
        named = tongue_name(name, get_language()) if step["step"] == "language" else name
        words = gettext(sentence) % {"name": named}
    if step["step"] == "change":
        return Reason(words)
    return Reason(words, f"{reverse('mentorship:ask')}?{urlencode({'project': match.project_id})}")


def _names_hidden(step: dict, hidden: Collection[Line]) -> bool:
    """Would the step name an area that the mentor has hidden since?"""
    if step["step"] not in ("interest", "change"):
        return False
    return speaks_of_hidden(AREA, step["name"], hidden)
