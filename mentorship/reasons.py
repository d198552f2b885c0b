"""Why a mentor is suggested, in plain words."""

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences
from mentorship.models import Match

SENTENCES = {
    "areas_reviewed": Sentence(
        ngettext_lazy(
            "%(count)s review in %(name)s within two years",
            "%(count)s reviews in %(name)s within two years",
            "count",
        ),
        counted="events",
        link="path",
    ),
    "areas_written": Sentence(
        ngettext_lazy(
            "%(count)s change in %(name)s within two years",
            "%(count)s changes in %(name)s within two years",
            "count",
        ),
        counted="events",
        link="path",
    ),
    "topics": Sentence(
        ngettext_lazy(
            "%(count)s review that speaks of “%(name)s”",
            "%(count)s reviews that speak of “%(name)s”",
            "count",
        ),
        counted="events",
        link="word",
    ),
    "familiarity": Sentence(
        ngettext_lazy(
            "You have met before, in %(count)s review",
            "You have met before, in %(count)s reviews",
            "count",
        ),
        counted="events",
        link="reviews",
    ),
    "shared_work": Sentence(
        ngettext_lazy(
            "%(count)s piece of work done together within two years",
            "%(count)s pieces of work done together within two years",
            "count",
        ),
    ),
    "newcomers_helped": Sentence(
        ngettext_lazy(
            "%(count)s newcomer helped in the last year",
            "%(count)s newcomers helped in the last year",
            "count",
        ),
        link="newcomers",
    ),
    "reviews_here": Sentence(
        ngettext_lazy(
            "%(count)s review here in the last year",
            "%(count)s reviews here in the last year",
            "count",
        ),
        link="reviews",
    ),
    "reviews_elsewhere": Sentence(
        ngettext_lazy(
            "%(count)s review in all projects in the last three months",
            "%(count)s reviews in all projects in the last three months",
            "count",
        ),
    ),
    "activity": Sentence(
        ngettext_lazy(
            "%(count)s change of their own here in the last year",
            "%(count)s changes of their own here in the last year",
            "count",
        ),
        link="changes",
    ),
    "organisation": Sentence(
        ngettext_lazy(
            "%(count)s review for people of the same organisation in the last year",
            "%(count)s reviews for people of the same organisation in the last year",
            "count",
        ),
    ),
    "hours": Sentence(
        ngettext_lazy(
            "Clocks that are at most one hour apart",
            "Clocks that are %(count)s hours apart",
            "count",
        ),
        from_zero=True,
    ),
    "hour_overlap": Sentence(
        _("Many hours of the day in common"),
    ),
    "shared_language": Sentence(
        ngettext_lazy(
            "A language in common: %(languages)s",
            "Languages in common: %(languages)s",
            "count",
        ),
    ),
}

GENERIC = _("Recent work in the project that fits")


def match_reasons(match: Match) -> list[Reason]:
    """The reasons of a match, each with the mentor's changes it rests on where there are any."""
    link_to = partial(evidence_url, match.mentor, match.project)
    return sentences(match.reasons, SENTENCES, generic=GENERIC, link_to=link_to)
