"""Why somebody may be growing into a leader, in words of invitation."""

from functools import partial

from django.utils.translation import gettext_noop as _

from foundation.people.models import LeaderSignal
from foundation.people.profile_links import evidence_url
from foundation.people.reasons import Reason, Sentence, sentences

DAYS_IN_MONTH = 30.44

SENTENCES = {
    "rhythm": Sentence(
        _("At work here in %(count)s of the last 26 weeks"),
        _("At work here in %(count)s of the last 26 weeks"),
        counted="active_weeks_180d",
        link="activity",
    ),
    "recency": Sentence(
        _("At work here yesterday or today"),
        _("At work here within the last %(count)s days"),
        counted="days_since_activity",
        link="activity",
    ),
    "work": Sentence(
        _("%(count)s change in the last year"),
        _("%(count)s changes in the last year"),
        counted="commits_365d",
        link="changes",
    ),
    "nearness": Sentence(
        _("A share of the work that comes near to that of people who lead"),
        _("A share of the work that comes near to that of people who lead"),
        link="changes",
    ),
    "growth": Sentence(
        _("Work that grew, or reached new areas, in the last half-year"),
        _("Work that grew, or reached new areas, in the last half-year"),
        link="changes",
    ),
    "tenure": Sentence(
        _("%(count)s month in the project"),
        _("%(count)s months in the project"),
        counted="tenure_days",
        unit=DAYS_IN_MONTH,
        link="activity",
    ),
    "breadth": Sentence(
        _("Work in one area of the project in the last year"),
        _("Work in %(count)s areas of the project in the last year"),
        counted="areas_365d",
        link="changes",
    ),
    "reviews_given": Sentence(
        _("%(count)s review of others’ work in the last half-year"),
        _("%(count)s reviews of others’ work in the last half-year"),
        counted="reviews_given_180d",
        link="reviews",
    ),
    "newcomers_helped": Sentence(
        _("%(count)s newcomer helped in the last year"),
        _("%(count)s newcomers helped in the last year"),
        counted="newcomers_helped_365d",
        link="newcomers",
    ),
    "reviews_received": Sentence(
        _("Work reviewed by %(count)s person in the last year"),
        _("Work reviewed by %(count)s different people in the last year"),
        counted="reviewers_met_365d",
        link="received",
    ),
    "project": Sentence(
        _("A project in which people do come to lead"),
        _("A project in which people do come to lead"),
    ),
}

GENERIC = _("Recent public work that resembles that of people who came to lead")


def leader_reasons(signal: LeaderSignal) -> list[Reason]:
    """The reasons of a signal, each with the changes it rests on where there are any."""
    link_to = partial(evidence_url, signal.person, signal.project)
    return sentences(signal.reasons, SENTENCES, generic=GENERIC, link_to=link_to)
