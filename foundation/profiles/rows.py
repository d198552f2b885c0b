"""The rows of profiles and expertise: what was added up is added to them, what was counted set."""

import json
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from foundation.bulk import Upsert, moment
from foundation.columns import columns
from foundation.people.holding import hold_known
from foundation.people.models import Expertise, Profile
from foundation.profiles.lines import Lines
from foundation.profiles.tallies import Tallies, Tally
from foundation.projects.models import Project
from foundation.seconds import Seconds

IN_PART = 20_000  # rows written at once
IN_GROUP = 500  # people: a query takes so many parameters and no more
Counts = Mapping[str, Mapping[int, int]]
EXPERTISE = Upsert(
    Expertise,
    key=("person", "project", "kind", "name"),
    add=("authored", "reviewed", "changes", "reviews"),
    most=("last_at",),
    keep=("is_hidden",),
)
COUNTS = ("newcomers_helped", "reviews_received")
PROFILE = Upsert(
    Profile,
    key=("person", "project"),
    put=(
        *("changes", "reviews_given", "other_help", "first_at", "last_at"),
        *("weeks", "active_weeks", "hours_utc", *COUNTS),
    ),
)


def groups(people: Collection[int]) -> Iterable[set[int]]:
    """The people in parts that fit into a query."""
    ordered = sorted(people)
    return (set(ordered[at : at + IN_GROUP]) for at in range(0, len(ordered), IN_GROUP))


def write(project: Project, tallies: Tallies, lines: Lines, counts: Counts) -> None:
    """Add tallies to the profiles of people, and lines to their expertise; set their counts.

    ``counts`` are of everybody: by name and person, who is not in it has none. Who was erased
    while all was added up stays erased.
    """
    people, *said = columns(Profile.objects.filter(project=project), "person", *COUNTS)
    is_first = not len(people)
    now = [[counts[name].get(person, 0) for person in people.tolist()] for name in COUNTS]
    tallies.name(people[np.any(np.not_equal(said, now), axis=0)])
    known = hold_known(tallies.people.tolist())
    _write_lines(project, lines, known, is_first=is_first)
    _write_profiles(project, tallies, counts, known, is_first=is_first)


def _write_lines(project: Project, lines: Lines, known: set[int], *, is_first: bool) -> None:
    # What people hid outlives their profiles.
    are_new = is_first and not Expertise.objects.filter(project=project).exists()
    for part in lines.parts():
        rows = [
            (person, project.pk, kind, name, *sums, moment(last), False)
            for person, kind, name, *sums, last in part
            if person in known
        ]
        EXPERTISE.write(rows, are_new=are_new)


def _write_profiles(
    project: Project, tallies: Tallies, counts: Counts, known: set[int], *, is_first: bool
) -> None:
    ordered = np.array(sorted(known), np.int64)
    for start in range(0, len(ordered), IN_PART):
        people = ordered[start : start + IN_PART]
        former = {} if is_first else _former(project, people)
        sums = (
            tally.plus(former[tally.person]) if tally.person in former else tally
            for tally in tallies.of(people)
        )
        PROFILE.write([_row(project, tally, counts) for tally in sums], are_new=is_first)


def _former(project: Project, people: np.ndarray) -> dict[int, Tally]:
    """What the profiles of people say so far."""
    former = {}
    for group in groups(people.tolist()):
        known = Profile.objects.filter(project=project, person__in=group)
        rows = known.values_list(
            *("person", "changes", "reviews_given", "other_help"),
            *(Seconds("first_at"), Seconds("last_at"), "weeks", "hours_utc"),
        )
        for person, *sums, weeks, hours in rows:
            by_week = {int(week): deeds for week, deeds in weeks.items()}
            former[person] = Tally(person, *sums, by_week, hours)
    return former


def _row(project: Project, tally: Tally, counts: Counts) -> tuple:
    return (
        *(tally.person, project.pk, tally.changes, tally.reviews_given, tally.other_help),
        *(moment(tally.first), moment(tally.last)),
        *(json.dumps(tally.weeks), len(tally.weeks), json.dumps(tally.hours)),
        *(counts[name].get(tally.person, 0) for name in COUNTS),
    )
