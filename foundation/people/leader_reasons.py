"""Why somebody may be growing into a leader, in words of invitation."""

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.people.models import LeaderSignal
from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences

DAYS_IN_MONTH = 30.44
HALF_YEAR, YEAR = 180, 365  # days

SENTENCES = {
    "rhythm": Sentence(
        _("At work here in %(count)s of the last 26 weeks"),
        counted="active_weeks_180d",
        link="activity",
        days=HALF_YEAR,
    ),
    "recency": Sentence(
        ngettext_lazy(
            "At work here yesterday or today",
            "At work here within the last %(count)s days",
            "count",
        ),
        counted="days_since_activity",
        from_zero=True,
        link="activity",
    ),
    "work": Sentence(
        ngettext_lazy(
            "%(count)s change in the last year",
            "%(count)s changes in the last year",
            "count",
        ),
        counted="changes_365d",
        link="changes",
        days=YEAR,
    ),
    "nearness": Sentence(
        _("A share of the work that comes near to that of people who lead"),
        link="changes",
        days=YEAR,
    ),
    "growth": Sentence(
        _("Work that grew, or reached new areas, in the last half-year"),
        link="changes",
        days=HALF_YEAR,
    ),
    "tenure": Sentence(
        ngettext_lazy(
            "%(count)s month in the project",
            "%(count)s months in the project",
            "count",
        ),
        counted="tenure_days",
        unit=DAYS_IN_MONTH,
        link="activity",
    ),
    "breadth": Sentence(
        ngettext_lazy(
            "Work in one area of the project in the last year",
            "Work in %(count)s areas of the project in the last year",
            "count",
        ),
        counted="areas_365d",
        link="changes",
        days=YEAR,
    ),
    "reviews_given": Sentence(
        ngettext_lazy(
            "%(count)s review of others’ work in the last half-year",
            "%(count)s reviews of others’ work in the last half-year",
            "count",
        ),
        counted="reviews_given_180d",
        link="landed-reviews",
        days=HALF_YEAR,
    ),
    "newcomers_helped": Sentence(
        ngettext_lazy(
            "%(count)s newcomer helped in the last year",
            "%(count)s newcomers helped in the last year",
            "count",
        ),
        counted="newcomers_helped_365d",
        link="newcomers",
        days=YEAR,
    ),
    "reviews_received": Sentence(
        ngettext_lazy(
            "Work reviewed by %(count)s person in the last year",
            "Work reviewed by %(count)s different people in the last year",
            "count",
        ),
        counted="reviewers_met_365d",
        link="received",
        days=YEAR,
    ),
    "organisation": Sentence(
        _("%(count)s %% of the work of those who lead comes from people at the same organisation"),
        counted="organisation_core_share_365d",
        unit=0.01,
    ),
}
# What the project's course adds counts in the sum; it says nothing of the person.

GENERIC = _("Recent public work that resembles that of people who came to lead")


def leader_reasons(signal: LeaderSignal) -> list[Reason]:
    """What speaks for a signal, each with the changes it rests on where there are any."""
    link_to = partial(evidence_url, signal.person, signal.project)
    speaking = [reason for reason in signal.reasons if reason.get("contribution", 0) > 0]
    return sentences(speaking, SENTENCES, generic=GENERIC, link_to=link_to)
