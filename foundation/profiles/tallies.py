"""The additive part of profiles: counts of deeds, when they were done, in which weeks and hours."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from foundation.profiles.deeds import Deeds, Sort
from foundation.profiles.grouped import Grouped

WEEK = 7 * 86_400
FIRST_MONDAY = 4 * 86_400  # 1970-01-05
HOURS = 24
NEVER = 2**62


class Tally(NamedTuple):
    """The additive part of one person's profile in one project."""

    person: int
    changes: int
    reviews_given: int
    other_help: int
    first: int | None
    last: int | None
    weeks: Mapping[int, int]
    hours: list[int]

    def plus(self, former: "Tally") -> "Tally":
        """The same person's deeds of both."""
        weeks = dict(former.weeks)
        for week, deeds in self.weeks.items():
            weeks[week] = weeks.get(week, 0) + deeds
        seen = [at for at in (former.first, former.last, self.first, self.last) if at is not None]
        return Tally(
            self.person,
            self.changes + former.changes,
            self.reviews_given + former.reviews_given,
            self.other_help + former.other_help,
            min(seen, default=None),
            max(seen, default=None),
            {week: weeks[week] for week in sorted(weeks)},
            [one + other for one, other in zip(self.hours, former.hours, strict=True)],
        )


class Tallies:
    """Tallies of everybody who is named."""

    def __init__(self):
        self._sums = Grouped(
            changes=np.add,
            reviews_given=np.add,
            other_help=np.add,
            first=np.minimum,
            last=np.maximum,
        )
        self._weeks, self._hours = Grouped(deeds=np.add), Grouped(deeds=np.add)

    @property
    def people(self) -> np.ndarray:
        """Whoever was named, ascending."""
        return self._sums.keys

    def name(self, people: np.ndarray) -> None:
        """Let these people have a tally, if only an empty one."""
        none = np.zeros(len(people), np.int64)
        self._sums.add(
            people,
            changes=none,
            reviews_given=none,
            other_help=none,
            first=none + NEVER,
            last=none - NEVER,
        )

    def add(self, deeds: Deeds) -> None:
        person, at = deeds.person, deeds.at
        given = (deeds.sort == Sort.REVIEW) & ~deeds.are_own_reviews
        self._sums.add(
            person,
            changes=(deeds.sort == Sort.AUTHORED).astype(np.int64),
            reviews_given=given.astype(np.int64),
            other_help=(deeds.sort == Sort.HELP).astype(np.int64),
            first=at,
            last=at,
        )
        once = np.ones(len(person), np.int64)
        self._weeks.add((person << 32) + (at - FIRST_MONDAY) // WEEK, deeds=once)
        # Only an author's own clock is known, not when a reviewer sat down.
        own = deeds.are_own
        self._hours.add(person[own] * HOURS + at[own] % 86_400 // 3600, deeds=once[own])

    def of(self, people: np.ndarray) -> Iterator[Tally]:
        """The tallies of some of those who were named."""
        rows = np.searchsorted(self.people, people)
        sums = (self._sums[name][rows].tolist() for name in self._sums.rules)
        weeks, deeds = self._weeks.keys, self._weeks["deeds"]
        begin, end = (np.searchsorted(weeks, (people << 32) + side) for side in (-(2**31), 2**31))
        hours = self._hours_of(people).tolist()
        columns = zip(people.tolist(), *sums, begin.tolist(), end.tolist(), hours, strict=True)
        for person, changes, given, helped, first, last, start, stop, by_hour in columns:
            numbers = (weeks[start:stop] - (person << 32)).tolist()
            by_week = dict(zip(numbers, deeds[start:stop].tolist(), strict=True))
            seen = (first, last) if by_week else (None, None)
            yield Tally(person, changes, given, helped, *seen, by_week, by_hour)

    def _hours_of(self, people: np.ndarray) -> np.ndarray:
        """Deeds by hour of the day, shape (n_people, 24)."""
        keys = (people[:, None] * HOURS + np.arange(HOURS)).ravel()
        known = self._hours.keys
        found = np.zeros(len(keys), np.int64)
        if len(known):
            place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            there = known[place] == keys
            found[there] = self._hours["deeds"][place[there]]
        return found.reshape(-1, HOURS)
