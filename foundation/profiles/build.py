"""Profiles and expertise from the facts: added to when facts arrive, rebuilt where they are stale.

Both ways give the same rows. Counts and decayed weights are sums, spans are minima and maxima, so
the order in which facts come does not matter; what does depend on order (who was a newcomer when)
is computed over the whole project at the end, in one pass.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F, Max, Q

from foundation.activity.models import Activity
from foundation.bulk import Upsert, moment
from foundation.people.merging import resolve_people
from foundation.people.models import Expertise, Identity, Profile, StaleProfile
from foundation.profiles import evidence
from foundation.profiles.affiliations import update_affiliations
from foundation.profiles.decay import stored_weight
from foundation.profiles.newcomers import update_newcomers_helped
from foundation.projects.models import Project, Repository

WEEK = 7 * 86_400
FIRST_MONDAY = 4 * 86_400  # 1970-01-05
REVIEWS = frozenset({"reviewed", "acked"})
OWN = frozenset({"authored", "coauthored"})
HELP = frozenset(
    ["tested", "helped", "mentored", "suggested", "reported", "commented", "review_comment"]
)
# Told by others or by machines, or told already: no line in a profile.
SILENT = frozenset({"merged", "landed", "signed_off", "pushed", "reviewed_again"})

EXPERTISE = Upsert(
    Expertise,
    key=("person", "project", "kind", "name"),
    add=("authored", "reviewed", "changes", "reviews"),
    most=("last_at",),
    keep=("is_hidden",),
)


@dataclass
class Tally:
    """The additive part of one person's profile in one project."""

    changes: int = 0
    reviews_given: int = 0
    reviews_received: int = 0
    other_help: int = 0
    first: int | None = None
    last: int | None = None
    weeks: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    hours: list[int] = field(default_factory=lambda: [0] * 24)


class Sums:
    """Sums over facts, by person: tallies, and lines of expertise."""

    def __init__(self):
        self.tallies: dict[int, Tally] = defaultdict(Tally)
        # (person, kind, name) → [authored, reviewed, changes, reviews, last]
        self.lines: dict[tuple[int, str, str], list] = {}
        self._change, self._names = None, []

    def add(self, person, kind, at, counterpart, change, subject, paths, count) -> None:
        """Add one activity: who, what, when (seconds), for whom, and about which change.

        ``count`` says how many paths that touched; of a sweep ``paths`` are only the first.
        """
        if kind in SILENT or at is None:
            return
        if person is not None:
            self._count(person, kind, at)
            self._speak(person, kind, at, change, subject, paths, count)
        if counterpart is not None and kind in REVIEWS:
            self.tallies[counterpart].reviews_received += 1

    def _count(self, person: int, kind: str, at: int) -> None:
        tally = self.tallies[person]
        if kind == "authored":
            tally.changes += 1
        elif kind in REVIEWS:
            tally.reviews_given += 1
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
    if Identity.objects.unsettled().exists():
        resolve_people()
    if rebuild:
        _forget(Q(project=project))
        project.repositories.update(profiled_up_to=0)
    stale = StaleProfile.objects.filter(project=project)
    people = set() if rebuild else set(stale.values_list("person", flat=True))
    sums, facts, read_up_to = Sums(), 0, {}
    for group in _groups(people):
        facts += _read_again(project, group, sums)
    for repository in project.repositories.all():
        fresh = _facts(Activity.objects.filter(change__repository=repository))
        fresh = fresh.filter(pk__gt=repository.profiled_up_to)
        top = fresh.aggregate(top=Max("pk"))["top"]
        if top is None:
            continue
        facts += _add(fresh.filter(pk__lte=top), sums)
        read_up_to[repository.pk] = top
    _write(project, sums)
    stale.delete()
    for repository, top in read_up_to.items():
        Repository.objects.filter(pk=repository).update(profiled_up_to=top)
    if facts:
        update_newcomers_helped(project)
        update_affiliations(sums.tallies)
    return {"facts": facts, "people": len(sums.tallies)}


def _facts(activities):
    return activities.filter(change__withdrawn_at__isnull=True).order_by("change", "pk")


def _read_again(project: Project, people: set[int], sums: Sums) -> int:
    """Forget what is known of these people here and add up their old facts again."""
    _forget(Q(project=project, person__in=people))
    read = Q(pk__lte=F("change__repository__profiled_up_to"))
    about = Q(identity__person__in=people) | Q(counterpart__person__in=people)
    old = _facts(Activity.objects.filter(read, about, change__repository__project=project))
    again = Sums()
    count = _add(old, again)
    # The other side of these facts keeps what it has.
    sums.tallies.update({p: tally for p, tally in again.tallies.items() if p in people})
    sums.lines.update({key: line for key, line in again.lines.items() if key[0] in people})
    return count


def _groups(people: set[int]) -> Iterable[set[int]]:
    # A query takes so many parameters and no more.
    ordered = sorted(people)
    return (set(ordered[start : start + 500]) for start in range(0, len(ordered), 500))


def _forget(whose: Q) -> None:
    Profile.objects.filter(whose).delete()
    lines = Expertise.objects.filter(whose)
    lines.filter(is_hidden=False).delete()
    lines.update(authored=0, reviewed=0, changes=0, reviews=0, last_at=None)


def _add(activities, sums: Sums) -> int:
    rows = activities.values_list(
        "identity__person",
        "kind",
        "at",
        "counterpart__person",
        "change",
        "change__subject",
        "change__paths",
        "change__path_count",
    )
    count = 0
    for person, kind, at, *rest in rows.iterator(chunk_size=5_000):
        sums.add(person, kind, int(at.timestamp()) if at else None, *rest)
        count += 1
    return count


def _write(project: Project, sums: Sums) -> None:
    EXPERTISE.write(
        [
            (person, project.pk, kind, name, *line[:4], moment(line[4]), False)
            for (person, kind, name), line in sums.lines.items()
        ]
    )
    known = {p.person_id: p for p in Profile.objects.filter(project=project)}
    made, changed = [], []
    for person, tally in sums.tallies.items():
        profile = known.get(person)
        (changed if profile else made).append(
            _merge(profile or Profile(person_id=person, project=project, hours_utc=[0] * 24), tally)
        )
    Profile.objects.bulk_create(made, batch_size=500)
    Profile.objects.bulk_update(
        changed, [f.name for f in Profile._meta.fields if f.name in _MERGED], batch_size=100
    )


_MERGED = {
    "changes",
    "reviews_given",
    "reviews_received",
    "other_help",
    "active_weeks",
    "weeks",
    "first_at",
    "last_at",
    "hours_utc",
}


def _merge(profile: Profile, tally: Tally) -> Profile:
    profile.changes += tally.changes
    profile.reviews_given += tally.reviews_given
    profile.reviews_received += tally.reviews_received
    profile.other_help += tally.other_help
    weeks = {int(week): count for week, count in profile.weeks.items()}
    for week, count in tally.weeks.items():
        weeks[week] = weeks.get(week, 0) + count
    profile.weeks = {str(week): weeks[week] for week in sorted(weeks)}
    profile.active_weeks = len(weeks)
    profile.hours_utc = [a + b for a, b in zip(profile.hours_utc, tally.hours, strict=True)]
    profile.first_at = _bound(min, profile.first_at, tally.first)
    profile.last_at = _bound(max, profile.last_at, tally.last)
    return profile


def _bound(choose, known: datetime | None, seconds: int | None) -> datetime | None:
    values: Iterable = [known] if known else []
    if seconds is not None:
        values = [*values, datetime.fromtimestamp(seconds, tz=UTC)]
    return choose(values, default=None)
