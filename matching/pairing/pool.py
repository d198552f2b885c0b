"""Who may be suggested at all: the candidate pool of each query."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.history import DAY, History
from matching.pairing.postings import TIME_BITS, Counter, Postings
from matching.pairing.queries import Queries

ACTIVE_DAYS = 180
RETURNING_DAYS = 540
"""The served pool: people back after a pause stay candidates this long."""
DENSE_CELLS = 4_000_000
"""Up to so many queries x people a table of bits is quickest; beyond, codes are sorted."""


@dataclass(frozen=True)
class Pairs:
    """All (query, candidate) pairs of a batch: query `i` owns `candidate[ptr[i]:ptr[i + 1]]`."""

    ptr: np.ndarray
    candidate: np.ndarray

    @classmethod
    def of_codes(cls, codes: np.ndarray, n_queries: int, n_people: int) -> "Pairs":
        """Return the pairs of sorted codes, each `query * n_people + candidate`."""
        ptr = np.searchsorted(codes, np.arange(n_queries + 1) * n_people)
        return cls(ptr, (codes % max(n_people, 1)).astype(np.int32))

    @property
    def owner(self) -> np.ndarray:
        """Return for each pair its query."""
        return np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))

    def __len__(self) -> int:
        return len(self.candidate)

    def of_queries(self, part: slice) -> "Pairs":
        """Return the pairs of some queries, one after the other."""
        ptr = self.ptr[part.start : part.stop + 1]
        return Pairs(ptr - ptr[0], self.candidate[ptr[0] : ptr[-1]])

    def parted(self, most: int) -> Iterator[slice]:
        """Yield all queries in parts of at most so many pairs, or of one query that has more."""
        begin, n = 0, len(self.ptr) - 1
        while begin < n:
            end = int(np.searchsorted(self.ptr, self.ptr[begin] + most, side="right")) - 1
            yield slice(begin, max(end, begin + 1))
            begin = max(end, begin + 1)


class CandidatePool:
    """Everybody who reviewed, committed or was otherwise active in the project lately.

    The protocol's rule is 180 days in the same project, without the author. The served pool adds
    whoever reviewed somewhere in the community within `community_days`, and whoever was active
    in the project within `returning_days`: maintainers of sister projects, writers who never
    reviewed, and people back after a pause.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self.n_people, self._n_projects = history.n_people, len(history.projects)
        reviewed = history.review_change
        mine = history.author >= 0
        project = [history.project[mine], history.project[reviewed], history.other_project]
        person = [history.author[mine], history.review_person, history.other_person]
        at = [history.at[mine], history.review_at, history.other_at]
        self._activity = _one_a_day(*map(np.concatenate, (project, person, at)))
        nowhere = np.zeros(len(reviewed), np.int64)
        self._reviewers = _one_a_day(nowhere, history.review_person, history.review_at)

    def pairs(
        self, queries: Queries, returning_days: int = ACTIVE_DAYS, community_days: int = 0
    ) -> Pairs:
        """Return the pairs of a batch, candidates in ascending order."""
        cells = len(queries) * self.n_people
        marked = _Bits(len(queries), self.n_people) if cells <= DENSE_CELLS else _Codes()
        for index, key, days, until in self._windows(queries, returning_days, community_days):
            rows, owner = index.rows(key, queries.as_of - days * DAY, until, len(index))
            marked.add(owner * self.n_people + index.person[rows])
        codes = marked.in_order()
        author = queries.author[codes // max(self.n_people, 1)]
        return Pairs.of_codes(
            codes[codes % max(self.n_people, 1) != author], len(queries), self.n_people
        )

    def at(self, project: int, moment: int, returning_days: int, community_days: int) -> np.ndarray:
        """Return everybody in one project's pool at a moment, ascending."""
        found = [np.zeros(0, np.int64)]
        for index, key, days in (
            (self._activity, project, returning_days),
            (self._reviewers, 0, community_days),
        ):
            window = np.array([moment - days * DAY]), np.array([moment])
            rows, _ = index.rows(np.array([key]), *window, len(index))
            found.append(index.person[rows])
        return np.unique(np.concatenate(found)).astype(np.int64)

    def holds(
        self,
        queries: Queries,
        owner: np.ndarray,
        person: np.ndarray,
        returning_days: int,
        community_days: int,
    ) -> np.ndarray:
        """Return for each (query, person) whether they are in that query's pool."""
        now = queries.as_of[owner]
        found = np.zeros(len(owner), bool)
        for counter, key, days in (
            (self._times_here, queries.project[owner], returning_days),
            (self._times_anywhere, np.zeros(len(owner), np.int64), community_days),
        ):
            found |= counter.counts(counter.look_up(key, person), now - days * DAY, now) > 0
        return found & (person != queries.author[owner])

    @cached_property
    def known_in(self) -> np.ndarray:
        """For each project how many people were ever active there."""
        index, size = self._activity, max(self.n_people, 1)
        codes = np.unique((index.column >> TIME_BITS) * size + index.person)
        return np.bincount(codes // size, minlength=self._n_projects)

    @cached_property
    def _times_here(self) -> Counter:
        index = self._activity
        return Counter.of(index.column >> TIME_BITS, index.person, index.at())

    @cached_property
    def _times_anywhere(self) -> Counter:
        index = self._reviewers
        return Counter.of(np.zeros(len(index), np.int64), index.person, index.at())

    def _windows(self, queries: Queries, returning_days: int, community_days: int) -> list[tuple]:
        """Return indexes with the keys, days and ends to look at; of reviews a lagged query sees
        only those known to it."""
        known, windows = queries.label_as_of, []
        if (known < queries.as_of).any():
            written, reviewed = self._by_kind
            windows.append((written, queries.project, returning_days, queries.as_of))
            windows.append((reviewed, queries.project, returning_days, known))
        else:
            windows.append((self._activity, queries.project, returning_days, queries.as_of))
        if community_days:
            everywhere = np.zeros(len(queries), np.int64)
            windows.append((self._reviewers, everywhere, community_days, known))
        return windows

    @cached_property
    def _by_kind(self) -> tuple[Postings, Postings]:
        """Activity as `_activity` has it, but reviews apart from the rest."""
        history, mine = self.history, self.history.author >= 0
        written = (
            np.concatenate([history.project[mine], history.other_project]),
            np.concatenate([history.author[mine], history.other_person]),
            np.concatenate([history.at[mine], history.other_at]),
        )
        project = history.project[history.review_change]
        return _one_a_day(*written), _one_a_day(project, history.review_person, history.review_at)


class _Bits:
    """Marks cells of a table of bits."""

    def __init__(self, rows: int, columns: int) -> None:
        self.table = np.zeros(rows * columns, bool)

    def add(self, cells: np.ndarray) -> None:
        self.table[cells] = True

    def in_order(self) -> np.ndarray:
        return np.flatnonzero(self.table)


class _Codes:
    """Remembers only the cells that were marked."""

    def __init__(self) -> None:
        self.cells = np.zeros(0, np.int64)

    def add(self, cells: np.ndarray) -> None:
        self.cells = np.union1d(self.cells, cells)

    def in_order(self) -> np.ndarray:
        return self.cells


def _one_a_day(key: np.ndarray, person: np.ndarray, at: np.ndarray) -> Postings:
    """Keep one event a day of each (key, person): the last, so that no window loses anybody."""
    order = np.lexsort((at, person, key))
    key, person, at = key[order], person[order], at[order]
    day = at // DAY
    last = np.ones(len(at), bool)
    last[:-1] = (key[1:] != key[:-1]) | (person[1:] != person[:-1]) | (day[1:] != day[:-1])
    return Postings.of(key[last], at[last], person[last])
