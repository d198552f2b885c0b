"""Why somebody may be growing into a leader, in words of invitation."""

from functools import partial

from django.utils.translation import gettext_noop as _

from foundation.people.models import LeaderSignal
from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences


def _same(text: str, link: str = "") -> Sentence:
    return Sentence(text, text, link=link)


SENTENCES: dict[str, Sentence] = {}

GENERIC = _("Their recent public work in the project resembles that of people who later led it.")


def leader_reasons(signal: LeaderSignal) -> list[Reason]:
    """The reasons of a signal, each with the changes it rests on where there are any."""
    link_to = partial(evidence_url, signal.person, signal.project)
    return sentences(signal.reasons, SENTENCES, generic=GENERIC, link_to=link_to)
