"""The changes behind a line of a profile: whoever reads a claim can read what it rests on.

The rules that made the line decide again here, so that page and profile cannot disagree.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.activity.models import Activity, Change
from foundation.activity.reviews import KINDS as REVIEWS
from foundation.activity.tellings import keys_told_again
from foundation.people.landed_work import (
    GUIDANCE,
    changes_of_paths,
    own_changes,
    reviews_for,
    reviews_for_newcomers,
    reviews_for_organisation,
    reviews_here,
    reviews_of_paths,
    reviews_of_words,
    shared_work,
)
from foundation.people.models import Expertise, Person
from foundation.profiles import evidence
from foundation.profiles.deeds import HELP as OTHER_HELP
from foundation.profiles.deeds import OWN, SILENT
from foundation.profiles.newcomers import HELP, NEWCOMER_CHANGES
from foundation.projects.models import Project

PER_PAGE = 25
COUNTED = ("changes", "reviews", "received", "help", "newcomers", "activity", "landed-reviews")
EXPERTISE = tuple(Expertise.Kind.values)
# What reasons speak of is finer than the lines of a profile: any path, any word, one other person,
# and counts reviews as the ranker does.
FINER = {
    "path-reviews": reviews_of_paths,
    "path-changes": changes_of_paths,
    "word-reviews": reviews_of_words,
    "reviews-for": reviews_for,
    "landed-reviews": reviews_here,
    "reviews-anywhere": reviews_here,
    "newcomer-reviews": reviews_for_newcomers,
    "organisation-reviews": reviews_for_organisation,
    "landed-changes": own_changes,
    "shared-work": shared_work,
}
OF_TWO = ("reviews-for", "shared-work")  # their name is the public id of the other
NAMED = (
    *EXPERTISE,
    *("path-reviews", "path-changes", "word-reviews", "organisation-reviews"),
    *OF_TWO,
)
KINDS = (*COUNTED, *NAMED, "reviews-anywhere", "newcomer-reviews", "landed-changes")
# No review is listed for these, so none can be told twice.
WITHOUT_REVIEWS = ("changes", "help", "path-changes", "landed-changes", "shared-work")
# Two people meet, and a subject is spoken of, in any project.
EVERYWHERE = ("word-reviews", "reviews-anywhere", *OF_TWO)
# How a line of a profile is called whose name a finer claim carries.
LINE_OF = {"path-reviews": "area", "path-changes": "area", "word-reviews": "topic"}


@dataclass(frozen=True)
class Claim:
    """What is said of somebody: one of ``COUNTED``, or one of ``NAMED`` with its name.

    ``name`` of the claims ``OF_TWO`` is the other's public id; ``days`` says how far back the
    claim reaches, or ``since`` from which moment or day on (UTC); None for ever.
    """

    kind: str
    name: str = ""
    days: int | None = None
    since: date | datetime | None = None

    @property
    def is_everywhere(self) -> bool:
        """Does it speak of all projects?"""
        return self.kind in EVERYWHERE

    def begins(self, now: datetime) -> datetime | None:
        """The moment from which on it counts, None for ever."""
        if isinstance(self.since, datetime):
            return self.since
        if self.since:
            return datetime.combine(self.since, time(), tzinfo=UTC)
        return now - timedelta(days=self.days) if self.days else None


def backing(person: Person, project: Project, claim: Claim) -> list[int]:
    """Keys of the activities that a claim about a person in a project rests on, latest first."""
    facts = (
        Activity.objects.filter(
            _of_claim(person, claim),
            change__withdrawn_at__isnull=True,
            at__isnull=False,
        )
        .exclude(kind__in=() if claim.kind == "shared-work" else SILENT)
        .order_by("-at", "-pk")
    )
    if not claim.is_everywhere:
        facts = facts.filter(change__repository__project=project)
    begins = claim.begins(timezone.now())
    again = _told_again(person, claim)
    return [pk for pk in _fitting(facts, person, project, claim, begins) if pk not in again]


def _fitting(facts, person: Person, project: Project, claim: Claim, begins) -> list[int]:
    """Of these activities, those that the claim speaks of, from its beginning on."""
    if begins:
        # What was reviewed before it landed counts from its landing on; when a pull request
        # landed, its commit says.
        known = Q(at__gte=begins) | Q(change__landed_at__gte=begins)
        late = Q(change__kind="pull_request", kind__in=GUIDANCE) if claim.kind in FINER else Q()
        facts = facts.filter(known | late)
    if claim.kind in FINER:
        return FINER[claim.kind](facts, claim.name, begins)
    if claim.kind in NAMED:
        return _speaking(facts, claim)
    if claim.kind == "newcomers":
        return _for_newcomers(facts, person, project)
    return list(facts.values_list("pk", flat=True))


def _told_again(person: Person, claim: Claim) -> frozenset[int]:
    """Reviews that another activity tells as well, among all that may bear on the claim."""
    if claim.kind in WITHOUT_REVIEWS:
        return frozenset()
    if claim.kind == "received":
        return keys_told_again(reviews_bearing_on(person))
    return keys_told_again(Activity.objects.filter(identity__person=person))


def reviews_bearing_on(person: Person) -> QuerySet[Activity]:
    """What was done for a person, and what was done about the changes of the same pull requests.

    Each of the two is looked up by an index; asked with “or”, the whole table would be read.
    """
    received = Activity.objects.filter(counterpart__person=person)
    pulls = Change.objects.filter(
        kind="pull_request", activities__counterpart__person=person, pull_request__isnull=False
    )
    landed = Change.objects.filter(
        repository__in=pulls.values("repository"),
        pull_request__in=pulls.values("pull_request"),
    )
    beside = Activity.objects.filter(change__in=landed.values("pk"))
    return Activity.objects.filter(pk__in=received.values("pk").union(beside.values("pk")))


def backing_page(person: Person, project: Project, claim: Claim, number) -> Page:
    """One page of activities with their changes, in a number of queries that does not grow."""
    page = Paginator(backing(person, project, claim), PER_PAGE).get_page(number)
    rows = Activity.objects.select_related(
        "change__repository", "change__author__person", "identity__person"
    ).in_bulk(list(page.object_list))
    page.object_list = [rows[pk] for pk in page.object_list]
    return page


def _of_claim(person: Person, claim: Claim) -> Q:
    own = Q(identity__person=person)
    of_others = Q(kind__in=REVIEWS) & ~Q(change__author__person=person)
    return {
        "changes": own & Q(kind="authored"),
        "reviews": own & of_others,
        "received": Q(counterpart__person=person, kind__in=REVIEWS) & ~Q(identity__person=person),
        "help": own & Q(kind__in=OTHER_HELP),
        "newcomers": own & Q(kind__in=HELP),
        "activity": own,
        "shared-work": _between(person, claim.name),
    }.get(claim.kind, own if claim.kind in FINER else own & (Q(kind__in=OWN) | of_others))


def _between(person: Person, other: str) -> Q:
    """What one of two did about a change of the other."""
    theirs = Q(identity__person=person) & Q(change__author__person__public_id=other or None)
    return theirs | Q(identity__person__public_id=other or None, change__author__person=person)


def _speaking(facts: QuerySet[Activity], claim: Claim) -> list[int]:
    """Of these activities, those whose change speaks of what the claim names."""
    rows = facts.values_list("pk", "change__paths", "change__subject")
    return [pk for pk, paths, subject in rows.iterator() if _speaks(claim, paths, subject)]


def _speaks(claim: Claim, paths: str, subject: str) -> bool:
    touched = paths.split("\n") if paths else []
    if claim.kind == Expertise.Kind.TOPIC:
        return claim.name in evidence.topics(subject, touched)
    if not touched:
        return False
    if claim.kind == Expertise.Kind.AREA:
        return claim.name in evidence.areas(touched)
    return claim.name in evidence.languages(touched)


def _for_newcomers(facts: QuerySet[Activity], person: Person, project: Project) -> list[int]:
    """Of these activities, those about one of the first changes of somebody else."""
    helped = list(facts.values_list("pk", "change", "change__author__person"))
    authors = {author for _, _, author in helped} - {person.pk, None}
    first = _first_changes(project, authors)
    return [pk for pk, change, _ in helped if change in first]


def _first_changes(project: Project, authors: set[int]) -> set[int]:
    """The changes in which these people were newcomers to the project."""
    by_time = Change.objects.standing().filter(
        repository__project=project,
        is_merge=False,
        kind__in=("commit", "pull_request"),
        author__person__in=authors,
        landed_at__isnull=False,
    )
    earlier: Counter = Counter()
    first = set()
    for change, author in by_time.order_by("landed_at", "pk").values_list("pk", "author__person"):
        if earlier[author] < NEWCOMER_CHANGES:
            first.add(change)
        earlier[author] += 1
    return first
