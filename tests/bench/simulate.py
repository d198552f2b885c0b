"""A simulated community of any size, streamed into the tables; the same seed, the same community.

People come and go: whoever writes next is most often somebody who wrote lately, so that few do
most (a preferential draw), and about every third change is somebody's first. Projects differ
in size by Zipf's law. Each change lies in an area its author knows; its reviewer is drawn from
those who worked in that area before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from foundation.activity.models import Activity, Change
from foundation.bulk import moment, tidy_up, write_rows
from foundation.people.models import Identity, Person
from foundation.projects.models import Foundation, Project, Repository

DAY = 86_400
ENDS, YEARS = 1_790_000_000, 5
"""The last moment (2026-09-21) and how long it all took."""
CHANGES, REVIEWED, TESTED, ANSWERED = 0.36, 0.62, 0.10, 0.06
"""Changes among all facts; and how many of them somebody reviewed, tested, answered about."""
NEWCOMERS = 0.28
"""So many changes are somebody's first."""
RECENT = 0.35
"""The lower, the more often the next one is somebody who was there lately."""
SYLLABLES = "ba do ke li mu na po ri sa te vu za".split()
CHANGE = "id repository kind external_id author authored_at landed_at subject paths".split()
CHANGE += "is_merge is_import differential ai_assistants oddities author_offset".split()
ACTIVITY = "id change identity kind at counterpart external_id".split()
IDENTITY = "id key source name email login kind kind_reason is_locked person".split()
PERSON = "id public_id name is_hidden created_at".split()


@dataclass(frozen=True)
class Simulated:
    """What came into being."""

    projects: int
    people: int
    changes: int
    activities: int

    @property
    def facts(self) -> int:
        return self.changes + self.activities


def simulate(facts: int, seed: int = 0) -> Simulated:
    """Fill an empty house with about so many facts: changes and what was done about them."""
    rng = np.random.default_rng(seed)
    home = Foundation.objects.create(name="Simulated")
    n_projects = max(2, int(facts**0.4 * 0.8))
    sizes = 1 / np.arange(1, n_projects + 1) ** 0.8
    sizes = np.maximum((facts * CHANGES * sizes / sizes.sum()).astype(int), 3)
    people = changes = activities = 0
    for number, size in enumerate(sizes.tolist()):
        project = Project.objects.create(
            foundation=home, slug=f"p{number:04}", name=f"Project {number}"
        )
        repository = Repository.objects.create(project=project, name=project.slug)
        life = Life.of(rng, size)
        with transaction.atomic():
            _write_people(people, life.people)
            write_rows(Change, CHANGE, life.changes(rng, repository.pk, changes, people))
            deeds = Deeds.of(rng, life)
            write_rows(Activity, ACTIVITY, deeds.rows(life, activities, changes, people))
        people, changes = people + life.people, changes + size
        activities += len(deeds.change)
    _go_on_counting(people, changes, activities)
    tidy_up(Person, Identity, Change, Activity)
    return Simulated(n_projects, people, changes, activities)


@dataclass(frozen=True)
class Life:
    """The changes of one project in time order: by whom (from 0), when, and in which area."""

    author: np.ndarray
    at: np.ndarray
    area: np.ndarray
    areas: int

    @classmethod
    def of(cls, rng: np.random.Generator, size: int) -> "Life":
        before = _earlier(rng, np.arange(size))
        first = (rng.random(size) < NEWCOMERS) | (np.arange(size) == 0)
        parent = np.where(first, np.arange(size), before)
        while (parent != parent[parent]).any():
            parent = parent[parent]
        _, author = np.unique(parent, return_inverse=True)
        at = ENDS - (YEARS * 365 * DAY * (1 - np.sort(rng.random(size)) ** 0.7)).astype(np.int64)
        areas = max(2, int(size**0.5 / 3))
        of_author = rng.integers(areas, size=author.max() + 1)
        elsewhere = rng.random(size) < 0.25
        area = np.where(elsewhere, rng.integers(areas, size=size), of_author[author])
        return cls(author, np.maximum.accumulate(at), area, areas)

    @property
    def people(self) -> int:
        return int(self.author.max()) + 1

    def changes(self, rng, repository: int, known: int, people: int) -> Iterator[tuple]:
        files = rng.integers(1, 5, len(self.at))
        words = rng.integers(len(SYLLABLES) ** 3, size=(len(self.at), 2))
        rows = zip(
            self.author.tolist(),
            self.at.tolist(),
            self.area.tolist(),
            files.tolist(),
            words.tolist(),
            strict=True,
        )
        for row, (author, at, area, count, (one, other)) in enumerate(rows):
            folder = f"src/area{area}/part{(one + area) % 7}"
            paths = "\n".join(f"{folder}/file{(other + n) % 40}.py" for n in range(count))
            when, key = moment(at), known + row + 1
            subject = f"Teach {word(area)} {word(one)} {word(other)}"
            yield (
                *(key, repository, "commit", f"{repository:x}-{row:x}", people + author + 1),
                *(when, when, subject, paths, False, False, "", "", "", 60 * (author % 24 - 11)),
            )


@dataclass(frozen=True)
class Deeds:
    """What was done about the changes of a project: which, by whom, what; the author's first."""

    change: np.ndarray
    person: np.ndarray
    kind: np.ndarray

    @classmethod
    def of(cls, rng: np.random.Generator, life: Life) -> "Deeds":
        rows = np.arange(len(life.at))
        parts = [(rows, life.author, np.full(len(rows), "authored", object))]
        for kind, share in (("reviewed", REVIEWED), ("tested", TESTED), ("answered", ANSWERED)):
            told = np.flatnonzero(rng.random(len(rows)) < share)
            person = life.author[_same_area(rng, life)[told]]
            other = person != life.author[told]
            parts.append((told[other], person[other], np.full(other.sum(), kind, object)))
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def rows(self, life: Life, known: int, changes: int, people: int) -> Iterator[tuple]:
        order = np.argsort(self.change, kind="stable")
        author = life.author[self.change[order]] + people + 1
        found = zip(
            self.change[order].tolist(),
            self.person[order].tolist(),
            self.kind[order].tolist(),
            author.tolist(),
            life.at[self.change[order]].tolist(),
            strict=True,
        )
        for row, (change, person, kind, author, at) in enumerate(found):
            counterpart = None if kind == "authored" else author
            key = known + row + 1
            yield key, changes + change + 1, people + person + 1, kind, moment(at), counterpart, ""


def _earlier(rng: np.random.Generator, rows: np.ndarray) -> np.ndarray:
    """Draw for each row one of those before it (the first draws itself), rather a late one."""
    return np.maximum((rows * rng.random(len(rows)) ** RECENT).astype(np.int64), 0)


def _same_area(rng: np.random.Generator, life: Life) -> np.ndarray:
    """Draw for each change an earlier one of its area: whoever wrote that reviews this."""
    order = np.lexsort((np.arange(len(life.area)), life.area))
    start = np.searchsorted(life.area[order], life.area[order])
    place = np.arange(len(order)) - start
    drawn = np.empty(len(order), np.int64)
    drawn[order] = order[start + _earlier(rng, place)]
    return drawn


def word(number: int) -> str:
    """One of 1,728 words that nobody says."""
    syllables = len(SYLLABLES)
    return "".join(SYLLABLES[number // syllables**place % syllables] for place in range(3))


def _write_people(known: int, count: int) -> None:
    born = moment(ENDS)
    numbers = range(known + 1, known + count + 1)
    write_rows(Person, PERSON, ((n, str(UUID(int=n)), f"n{n}", False, born) for n in numbers))
    write_rows(
        Identity,
        IDENTITY,
        ((n, f"git:n{n}", "git", f"n{n}", _address(n), "", "human", "", False, n) for n in numbers),
    )


def _address(number: int) -> str:
    """Every fourth writes from one of 300 employers."""
    return f"n{number}@firm{number % 300}.example" if number % 4 == 0 else ""


def _go_on_counting(people: int, changes: int, activities: int) -> None:
    """Let the next key of each table follow the last one."""
    for model, last in ((Person, people), (Identity, people), (Change, changes)):
        _set_sequence(model, last)
    _set_sequence(Activity, activities)


def _set_sequence(model, last: int) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite looks at the rows
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last]
        )
