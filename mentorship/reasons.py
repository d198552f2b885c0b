"""Why a mentor is suggested, in plain words."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.people.backing import OF_TWO
from foundation.people.hiding import Line
from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences
from foundation.people.tongue_names import tongue_name
from mentorship.hidden import without_hidden
from mentorship.models import Match

NEAR_HOURS = 3  # clocks further apart are no reason
SOME_HOURS = 0.25  # of somebody's work within the hours asked for; less is no reason
PROFILE = "profile"  # a link to the whole page of the mentor, not to one list of work


# What counts facts counts those of its evidence, and its page begins with the first of them.
SENTENCES = {
    "areas_reviewed": Sentence(
        ngettext_lazy(
            "%(count)s review under %(name)s, in %(since)s",
            "%(count)s reviews under %(name)s since %(since)s",
            "count",
        ),
        counted="events",
        link="path-reviews",
    ),
    "areas_written": Sentence(
        ngettext_lazy(
            "%(count)s change under %(name)s, in %(since)s",
            "%(count)s changes under %(name)s since %(since)s",
            "count",
        ),
        counted="events",
        link="path-changes",
    ),
    "topics": Sentence(
        ngettext_lazy(
            "%(count)s review that speaks of “%(name)s”, in %(since)s",
            "%(count)s reviews that speak of “%(name)s” since %(since)s",
            "count",
        ),
        counted="events",
        link="word-reviews",
    ),
    "familiarity": Sentence(
        ngettext_lazy(
            "You have met before, in %(count)s review in %(since)s",
            "You have met before, in %(count)s reviews since %(since)s",
            "count",
        ),
        counted="events",
        link="reviews-for",
    ),
    "shared_work": Sentence(
        ngettext_lazy(
            "%(count)s piece of work done together, in %(since)s",
            "%(count)s pieces of work done together since %(since)s",
            "count",
        ),
        counted="events",
        link="shared-work",
    ),
    "newcomers_helped": Sentence(
        ngettext_lazy(
            "%(count)s review for a newcomer here, in %(since)s",
            "%(count)s reviews for newcomers here since %(since)s",
            "count",
        ),
        counted="events",
        link="newcomer-reviews",
    ),
    "reviews_here": Sentence(
        ngettext_lazy(
            "%(count)s review here, in %(since)s",
            "%(count)s reviews here since %(since)s",
            "count",
        ),
        counted="events",
        link="landed-reviews",
    ),
    "reviews_elsewhere": Sentence(
        ngettext_lazy(
            "%(count)s review in all projects, in %(since)s",
            "%(count)s reviews in all projects since %(since)s",
            "count",
        ),
        counted="events",
        link="reviews-anywhere",
    ),
    "activity": Sentence(
        ngettext_lazy(
            "%(count)s change of their own here, in %(since)s",
            "%(count)s changes of their own here since %(since)s",
            "count",
        ),
        counted="events",
        link="landed-changes",
    ),
    "organisation": Sentence(
        ngettext_lazy(
            "%(count)s review for somebody of the same organisation, in %(since)s",
            "%(count)s reviews for people of the same organisation since %(since)s",
            "count",
        ),
        counted="events",
        link="organisation-reviews",
    ),
    "hours": Sentence(
        ngettext_lazy(
            "Clocks that are at most one hour apart",
            "Clocks that are %(count)s hours apart",
            "count",
        ),
        from_zero=True,
        at_most=NEAR_HOURS,
    ),
    "hour_overlap": Sentence(
        _("About %(count)s in 10 contributions were made during the hours asked for"),
        unit=0.1,
        at_least=SOME_HOURS,
        link=PROFILE,
    ),
    "shared_language": Sentence(
        ngettext_lazy(
            "A language in common: %(languages)s",
            "Languages in common: %(languages)s",
            "count",
        ),
    ),
}

ENOUGH = 3
GENERIC = _("Recent work in the project that fits")


def match_reasons(match: Match, hidden: Collection[Line] = ()) -> list[Reason]:
    """The reasons of a match, the strongest first, each with the work it rests on where it can.

    Nothing is said of what the mentor ``hidden`` since the matching.
    """
    shown = [_named(without_hidden(reason, hidden)) for reason in match.reasons]
    strongest = sorted(shown, key=lambda reason: -reason.get("contribution", 0))
    speaking = [reason for reason in strongest if reason.get("contribution", 0) > 0]
    if len(speaking) < ENOUGH:
        # Then facts that neither raise nor lower the place are worth knowing as well.
        facts = [one | {"contribution": 0} for one in strongest if one not in speaking]
        strongest = speaking + facts
    return sentences(strongest, SENTENCES, generic=GENERIC, link_to=partial(_link, match))


def _named(reason: dict) -> dict:
    """The reason with its languages as the reader names them; rows hold codes."""
    evidence = reason.get("evidence")
    if not isinstance(evidence, dict) or "languages" not in evidence:
        return reason
    names = [tongue_name(code, get_language()) for code in evidence["languages"]]
    return reason | {"evidence": evidence | {"languages": names}}


def _link(match: Match, kind: str, name: str, reach: int | datetime | None) -> str:
    if kind == PROFILE:
        return match.mentor.get_absolute_url()
    if kind in OF_TWO:
        name = str(match.mentee.public_id)
    return evidence_url(match.mentor, match.project, kind, name, reach)
