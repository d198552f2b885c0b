"""The rows of profiles and expertise: what was added up is added to them, what was counted set."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from foundation.bulk import Upsert, moment
from foundation.people.models import Expertise, Profile
from foundation.projects.models import Project

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
    other_help: int = 0
    first: int | None = None
    last: int | None = None
    weeks: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    hours: list[int] = field(default_factory=lambda: [0] * 24)


def groups(people: Collection[int]) -> Iterable[set[int]]:
    """The people in parts: a query takes so many parameters and no more."""
    ordered = sorted(people)
    return (set(ordered[start : start + 500]) for start in range(0, len(ordered), 500))


def write(
    project: Project, tallies: Mapping[int, Tally], lines: Mapping[tuple[int, str, str], list]
) -> None:
    """Add tallies to the profiles of people, and lines (person, kind, name) to their expertise."""
    EXPERTISE.write(
        [
            (person, project.pk, kind, name, *line[:4], moment(line[4]), False)
            for (person, kind, name), line in lines.items()
        ]
    )
    known = Profile.objects.filter(project=project)
    for group in groups(tallies):
        former = {profile.person_id: profile for profile in known.filter(person__in=group)}
        rows = []
        for person in sorted(group):
            new = Profile(person_id=person, project=project, hours_utc=[0] * 24)
            rows.append(_merge(former.get(person, new), tallies[person]))
            rows[-1].pk = None  # whose and where says which row it is
        Profile.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=("person", "project"), update_fields=_MERGED
        )


def write_counts(project: Project, **counts: Mapping[int, int]) -> None:
    """Write counts of everybody, by person (without one: 0), where they changed."""
    known = Profile.objects.filter(project=project).values_list("pk", "person", *counts)
    changed = []
    for pk, person, *values in known:
        now = {name: count.get(person, 0) for name, count in counts.items()}
        if values != [*now.values()]:
            changed.append(Profile(pk=pk, **now))
    Profile.objects.bulk_update(changed, list(counts), batch_size=500)


_MERGED = (
    "changes",
    "reviews_given",
    "other_help",
    "active_weeks",
    "weeks",
    "first_at",
    "last_at",
    "hours_utc",
)


def _merge(profile: Profile, tally: Tally) -> Profile:
    profile.changes += tally.changes
    profile.reviews_given += tally.reviews_given
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
