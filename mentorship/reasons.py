"""Why a mentor is suggested, in plain words."""

from collections.abc import Collection
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences
from mentorship.hidden import Line, without_hidden
from mentorship.models import Match

YEAR, TWO_YEARS = 365, 730  # days
NEAR_HOURS = 3  # clocks further apart are no reason
PROFILE = "profile"  # a link to the whole page of the mentor, not to one list of work

SENTENCES = {
    "areas_reviewed": Sentence(
        ngettext_lazy(
            "%(count)s review in %(name)s within two years",
            "%(count)s reviews in %(name)s within two years",
            "count",
        ),
        counted="events",
        link="path-reviews",
        days=TWO_YEARS,
    ),
    "areas_written": Sentence(
        ngettext_lazy(
            "%(count)s change in %(name)s within two years",
            "%(count)s changes in %(name)s within two years",
            "count",
        ),
        counted="events",
        link="path-changes",
        days=TWO_YEARS,
    ),
    "topics": Sentence(
        ngettext_lazy(
            "%(count)s review within two years that speaks of “%(name)s”",
            "%(count)s reviews within two years that speak of “%(name)s”",
            "count",
        ),
        counted="events",
        link="word-reviews",
        days=TWO_YEARS,
    ),
    "familiarity": Sentence(
        ngettext_lazy(
            "You have met before, in %(count)s review",
            "You have met before, in %(count)s reviews",
            "count",
        ),
        counted="events",
        link="reviews-for",
    ),
    "shared_work": Sentence(
        ngettext_lazy(
            "%(count)s piece of work done together within two years",
            "%(count)s pieces of work done together within two years",
            "count",
        ),
        link="activity",
        days=TWO_YEARS,
    ),
    "newcomers_helped": Sentence(
        ngettext_lazy(
            "%(count)s newcomer helped in the last year",
            "%(count)s newcomers helped in the last year",
            "count",
        ),
        link="newcomers",
        days=YEAR,
    ),
    "reviews_here": Sentence(
        ngettext_lazy(
            "%(count)s review here in the last year",
            "%(count)s reviews here in the last year",
            "count",
        ),
        link="landed-reviews",
        days=YEAR,
    ),
    "reviews_elsewhere": Sentence(
        ngettext_lazy(
            "%(count)s review in all projects in the last three months",
            "%(count)s reviews in all projects in the last three months",
            "count",
        ),
        link=PROFILE,
    ),
    "activity": Sentence(
        ngettext_lazy(
            "%(count)s change of their own here in the last year",
            "%(count)s changes of their own here in the last year",
            "count",
        ),
        link="changes",
        days=YEAR,
    ),
    "organisation": Sentence(
        ngettext_lazy(
            "%(count)s review for people of the same organisation in the last year",
            "%(count)s reviews for people of the same organisation in the last year",
            "count",
        ),
        link="landed-reviews",
        days=YEAR,
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
    shown = [without_hidden(reason, hidden) for reason in match.reasons]
    strongest = sorted(shown, key=lambda reason: -reason.get("contribution", 0))
    speaking = [reason for reason in strongest if reason.get("contribution", 0) > 0]
    if len(speaking) < ENOUGH:
        # Then facts that neither raise nor lower the place are worth knowing as well.
        facts = [one | {"contribution": 0} for one in strongest if one not in speaking]
        strongest = speaking + facts
    return sentences(strongest, SENTENCES, generic=GENERIC, link_to=partial(_link, match))


def _link(match: Match, kind: str, name: str, days: int | None) -> str:
    if kind == PROFILE:
        return match.mentor.get_absolute_url()
    if kind == "reviews-for":
        name = str(match.mentee.public_id)
    return evidence_url(match.mentor, match.project, kind, name, days)
