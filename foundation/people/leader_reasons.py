"""Why somebody may be growing into a leader, in words of invitation."""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.people.models import LeaderSignal
from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences

DAYS_IN_MONTH = 30.44
HALF_YEAR, YEAR = 180, 365  # days
LANDED = "landed-changes"
LISTED = "listed"  # what ``leader_counts`` counted on the page of the reason
PROFILE = "profile"  # the organisations of a person stand on their page, not on one list of work

SENTENCES = {
    "rhythm": Sentence(
        _("At work here in %(count)s of the last 26 weeks"),
        counted=LISTED,
        link="activity",
        days=HALF_YEAR,
    ),
    "recency": Sentence(
        ngettext_lazy(
            "At work here yesterday or today",
            "At work here within the last %(count)s days",
            "count",
        ),
        counted=LISTED,
        from_zero=True,
        link="activity",
    ),
    "work": Sentence(
        ngettext_lazy(
            "%(count)s change in the last year",
            "%(count)s changes in the last year",
            "count",
        ),
        counted=LISTED,
        link=LANDED,
        days=YEAR,
    ),
    "nearness": Sentence(
        _("A share of the work that comes near to that of people who lead"),
        link=LANDED,
        days=YEAR,
    ),
    "growth": Sentence(
        _("Work that grew, or reached new areas, in the last half-year"),
        link=LANDED,
        days=HALF_YEAR,
    ),
    "tenure": Sentence(
        ngettext_lazy(
            "%(count)s month in the project",
            "%(count)s months in the project",
            "count",
        ),
        counted=LISTED,
        unit=DAYS_IN_MONTH,
        link="activity",
    ),
    "breadth": Sentence(
        ngettext_lazy(
            "Work in one area of the project in the last year",
            "Work in %(count)s areas of the project in the last year",
            "count",
        ),
        counted=LISTED,
        link=LANDED,
        days=YEAR,
    ),
    "reviews_given": Sentence(
        ngettext_lazy(
            "%(count)s review of others’ work in the last half-year",
            "%(count)s reviews of others’ work in the last half-year",
            "count",
        ),
        counted=LISTED,
        link="landed-reviews",
        days=HALF_YEAR,
    ),
    "newcomers_helped": Sentence(
        ngettext_lazy(
            "%(count)s newcomer helped in the last year",
            "%(count)s newcomers helped in the last year",
            "count",
        ),
        counted=LISTED,
        link="newcomers",
        days=YEAR,
    ),
    "reviews_received": Sentence(
        ngettext_lazy(
            "Work reviewed by %(count)s person in the last year",
            "Work reviewed by %(count)s different people in the last year",
            "count",
        ),
        counted=LISTED,
        link="received",
        days=YEAR,
    ),
    "organisation": Sentence(
        _("%(count)s%% of the work of those who lead comes from people at the same organisation"),
        counted="organisation_core_share_365d",
        unit=0.01,
        link=PROFILE,
    ),
}
# What the project's course adds counts in the sum; it says nothing of the person.

GENERIC = _("Recent public work that resembles that of people who came to lead")


def leader_reasons(signal: LeaderSignal) -> list[Reason]:
    """What speaks for a signal, each with the work it rests on where there is any."""
    speaking = [reason for reason in signal.reasons if reason.get("contribution", 0) > 0]
    link_to = partial(_link, signal)
    return sentences(speaking, SENTENCES, generic=GENERIC, link_to=link_to)


def counted_since(days: int | None, as_of: datetime) -> datetime | None:
    """From when on a reason counts: to the second, since it stands in the address of its page."""
    return (as_of - timedelta(days=days)).replace(microsecond=0) if days else None


def _link(signal: LeaderSignal, kind: str, name: str, days: int | None) -> str:
    if kind == PROFILE:
        return f"{signal.person.get_absolute_url()}#organisations"
    since = counted_since(days, signal.as_of)
    return evidence_url(signal.person, signal.project, kind, name, since)
