"""Why a mentor is suggested, in plain words."""

from functools import partial

from django.utils.translation import gettext_noop as _

from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences
from mentorship.models import Match


def _same(text: str, link: str = "") -> Sentence:
    return Sentence(text, text, link=link)


SENTENCES: dict[str, Sentence] = {}

GENERIC = _("Their recent work in the project fits what you do or ask for.")


def match_reasons(match: Match) -> list[Reason]:
    """The reasons of a match, each with the mentor's changes it rests on where there are any."""
    link_to = partial(evidence_url, match.mentor, match.project)
    return sentences(match.reasons, SENTENCES, generic=GENERIC, link_to=link_to)
