"""Profiles and expertise from the facts: added to when facts arrive, rebuilt where they are stale.

Both ways give the same rows. Counts and decayed weights are sums, spans are minima and maxima, so
the order in which facts come does not matter; what does depend on order (who was a newcomer when)
is computed over the whole project at the end, in one pass. Where new facts tell an old review once
more and better, those who gave it are rebuilt (``foundation.activity.reviews``).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from foundation.activity.models import Activity
from foundation.activity.reviews import KINDS as REVIEWS
from foundation.people.merging import resolution_is_due, resolve_people
from foundation.people.models import Expertise, Person, Profile, StaleProfile
from foundation.profiles import evidence
from foundation.profiles.affiliations import update_affiliations
from foundation.profiles.decay import stored_weight
from foundation.profiles.newcomers import newcomers_helped
from foundation.profiles.reviews import ReviewsOf
from foundation.profiles.rows import Tally, groups, write, write_counts
from foundation.projects.models import Project, Repository

WEEK = 7 * 86_400
FIRST_MONDAY = 4 * 86_400  # 1970-01-05
OWN = frozenset({"authored", "coauthored"})
HELP = frozenset(
    ["tested", "helped", "mentored", "suggested", "reported", "commented", "review_comment"]
)
# Told by others or by machines: no line in a profile.
SILENT = frozenset({"merged", "landed", "signed_off", "pushed"})


class Sums:
    """Sums over facts, by person: tallies, and lines of expertise.

    ``told_again`` are keys of activities that tell a review which another one tells as well.
    """

    def __init__(self, told_again: Collection[int] = frozenset()):
        self.tallies: dict[int, Tally] = defaultdict(Tally)
        # (person, kind, name) → [authored, reviewed, changes, reviews, last]
        self.lines: dict[tuple[int, str, str], list] = {}
        self.told_again = told_again
        self._change, self._names = None, []

    def add(
        self, key, person, kind, at, counterpart, author, change, subject, paths, count
    ) -> None:
        """Add one activity: its key, who, what, when (seconds), for whom, and about which change
        of whom.

        ``count`` says how many paths that touched; of a sweep ``paths`` are only the first.
        """
        if kind in SILENT or at is None:
            return
        for named in (person, counterpart if kind in REVIEWS else None):
            if named is not None:
                self.tallies[named]  # whoever is named has a profile
        if person is None or key in self.told_again:
            return
        is_own_review = kind in REVIEWS and person == author
        self._count(person, kind, at, is_own_review)
        if not is_own_review:
            self._speak(person, kind, at, change, subject, paths, count)

    def _count(self, person: int, kind: str, at: int, is_own_review: bool) -> None:
        tally = self.tallies[person]
        if kind == "authored":
            tally.changes += 1
        elif kind in REVIEWS:
            tally.reviews_given += not is_own_review
        elif kind in HELP:
            tally.other_help += 1
        tally.first = at if tally.first is None else min(tally.first, at)
        tally.last = at if tally.last is None else max(tally.last, at)
        tally.weeks[(at - FIRST_MONDAY) // WEEK] += 1
        if kind in OWN:  # only an author's own clock is known, not when a reviewer sat down
            tally.hours[at % 86_400 // 3600] += 1

    def _speak(self, person, kind, at, change, subject, paths, count) -> None:
        if kind not in OWN and kind not in REVIEWS:
            return
        if change != self._change:
            self._change, self._names = change, _names(subject, paths, count)
        weight, own = stored_weight(at), kind in OWN
        for what, name, share in self._names:
            line = self.lines.setdefault((person, what, name), [0.0, 0.0, 0, 0, at])
            line[0 if own else 1] += weight * share
            line[2 if own else 3] += 1
            line[4] = max(line[4], at)


def _names(subject: str, paths: str, count: int | None) -> list[tuple[str, str, float]]:
    touched = paths.split("\n") if paths else []
    kinds = (
        ("area", evidence.areas(touched, count) if touched else {}),
        ("language", evidence.languages(touched, count) if touched else {}),
        ("topic", evidence.topics(subject, touched)),
    )
    return [(kind, name[:200], share) for kind, names in kinds for name, share in names.items()]


@transaction.atomic
def update_profiles(project: Project, *, rebuild: bool = False) -> dict:
    """Bring the profiles of a project up to its facts.

    Returns the numbers of facts read and of people touched. With ``rebuild`` everything is read
    again; what people hid stays hidden.
    """
    if resolution_is_due():
        resolve_people()
    if rebuild:
        _forget(Q(project=project))
        project.repositories.update(profiled_up_to=0)
    stale = _take_marks(project)
    people = set() if rebuild else set(stale)
    spans = _unread(project)
    if not (stale or spans):
        return {"facts": 0, "people": 0}
    reviews = ReviewsOf.project(project)
    people |= reviews.people_told_otherwise_by(spans)
    sums, facts = Sums(reviews.told_again), 0
    for group in groups(people):
        facts += _read_again(project, group, sums)
    for span in spans.values():
        facts += _add(_facts(span), sums)
    write(project, sums.tallies, sums.lines)
    touched = stale | sums.tallies.keys()
    _move_cursors(spans)
    write_counts(
        project, newcomers_helped=newcomers_helped(project), reviews_received=reviews.received()
    )
    update_affiliations(touched)
    _drop_nobodies(stale)
    return {"facts": facts, "people": len(sums.tallies)}


def _take_marks(project: Project) -> set[int]:
    """Whose profiles are to be rebuilt; who is marked from now on is so the next time."""
    marks = dict(StaleProfile.objects.filter(project=project).values_list("pk", "person"))
    for group in groups(marks):
        StaleProfile.objects.filter(pk__in=group).delete()
    return set(marks.values())


def _drop_nobodies(people: Collection[int]) -> None:
    """Of these, whoever turned out to be a machine: nothing is left that speaks of a person."""
    for group in groups(people):
        empty = Person.objects.filter(pk__in=group, user=None, erased_at=None, identities=None)
        empty.filter(stale_profiles=None).delete()


def _unread(project: Project) -> dict[int, QuerySet[Activity]]:
    """By repository, the activities that the profiles do not hold yet, if there are any."""
    spans = {}
    for repository in project.repositories.all():
        fresh = Activity.objects.filter(
            change__repository=repository, pk__gt=repository.profiled_up_to
        )
        top = fresh.aggregate(top=Max("pk"))["top"]
        if top is not None:
            spans[repository.pk] = fresh.filter(pk__lte=top)
    return spans


def _move_cursors(spans: Mapping[int, QuerySet[Activity]]) -> None:
    for repository, span in spans.items():
        top = span.aggregate(top=Max("pk"))["top"]
        Repository.objects.filter(pk=repository).update(profiled_up_to=top)


def _facts(activities):
    return activities.filter(change__withdrawn_at__isnull=True).order_by("change", "pk")


def _read_again(project: Project, people: set[int], sums: Sums) -> int:
    """Forget what is known of these people here and add up their old facts again."""
    _forget(Q(project=project, person__in=people))
    read = Q(pk__lte=F("change__repository__profiled_up_to"))
    about = Q(identity__person__in=people) | Q(counterpart__person__in=people)
    old = _facts(Activity.objects.filter(read, about, change__repository__project=project))
    again = Sums(sums.told_again)
    count = _add(old, again)
    # The other side of these facts keeps what it has.
    sums.tallies.update({p: tally for p, tally in again.tallies.items() if p in people})
    sums.lines.update({key: line for key, line in again.lines.items() if key[0] in people})
    return count


def _forget(whose: Q) -> None:
    Profile.objects.filter(whose).delete()
    lines = Expertise.objects.filter(whose)
    lines.filter(is_hidden=False).delete()
    lines.update(authored=0, reviewed=0, changes=0, reviews=0, last_at=None)


def _add(activities, sums: Sums) -> int:
    rows = activities.values_list(
        "pk",
        "identity__person",
        "kind",
        "at",
        "counterpart__person",
        "change__author__person",
        "change",
        "change__subject",
        "change__paths",
        "change__path_count",
    )
    count = 0
    for key, person, kind, at, *rest in rows.iterator(chunk_size=5_000):
        sums.add(key, person, kind, int(at.timestamp()) if at else None, *rest)
        count += 1
    return count
