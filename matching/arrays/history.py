"""What a community did, as arrays in time order: the only input of ranking and leader models.

Times are int64 seconds (UTC). A CSR pair `(ptr, ids)` holds for row `i` the values
`ids[ptr[i]:ptr[i + 1]]`. Nothing here knows of databases: a loader feeds plain rows to
`history_builder.HistoryBuilder`, and everything above takes a `History`.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.digest import digest_of

DAY = 86_400
UNKNOWN_OFFSET = -32_768
BLOCK_ROWS = 100_000
NEWCOMER_BELOW = 10
"""A newcomer is somebody with fewer earlier changes in the community than this."""


@dataclass(frozen=True)
class Ragged:
    """Rows of different lengths: row `i` is `ids[ptr[i]:ptr[i + 1]]`."""

    ptr: np.ndarray
    ids: np.ndarray

    @classmethod
    def of(cls, rows: list, dtype: type = np.int32) -> "Ragged":
        """Return the CSR form of a list of integer sequences."""
        ptr = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=ptr[1:])
        flat = np.fromiter((value for row in rows for value in row), dtype, int(ptr[-1]))
        return cls(ptr, flat)

    @classmethod
    def joined(cls, parts: Sequence["Ragged"]) -> "Ragged":
        """Return the rows of several, one after the other."""
        lengths = np.concatenate([np.diff(part.ptr) for part in parts])
        ids = np.concatenate([part.ids for part in parts])
        return cls(np.append(0, np.cumsum(lengths)), ids)

    def row(self, index: int) -> np.ndarray:
        """Return one row, a view."""
        return self.ids[self.ptr[index] : self.ptr[index + 1]]

    def take(self, rows: np.ndarray) -> "Ragged":
        """Return the chosen rows, in the order asked for."""
        start, stop = self.ptr[rows], self.ptr[rows + 1]
        ptr = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(stop - start, out=ptr[1:])
        ids = np.empty(int(ptr[-1]), self.ids.dtype)
        for block in blocks(ptr):  # positions take more memory than what lies there
            positions, _ = expand(start[block], stop[block])
            ids[ptr[block.start] : ptr[block.stop]] = self.ids[positions]
        return Ragged(ptr, ids)

    def ascending(self) -> "Ragged":
        """Return the same rows, the values of each in order; values are below 2**32."""
        ids = np.empty_like(self.ids)
        for block in blocks(self.ptr):
            ptr = self.ptr[block.start : block.stop + 1]
            owner = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
            within = slice(ptr[0], ptr[-1])
            ids[within] = np.sort((owner << 32) + self.ids[within]) & (2**32 - 1)
        return Ragged(self.ptr, ids)

    def used_only(self, size: int) -> tuple["Ragged", np.ndarray]:
        """Return the rows renumbered among the values that occur, and those values, ascending;
        all are below `size`."""
        is_used = np.zeros(size, bool)
        is_used[self.ids] = True
        place = np.cumsum(is_used, dtype=np.int32) - 1
        return Ragged(self.ptr, place[self.ids]), np.flatnonzero(is_used)

    @property
    def owners(self) -> np.ndarray:
        """Return for each value the row that it belongs to."""
        return np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))


def blocks(ptr: np.ndarray) -> Iterator[slice]:
    """Yield the rows of a CSR pair in parts: what is worked out for each value stays small."""
    for begin in range(0, len(ptr) - 1, BLOCK_ROWS):
        yield slice(begin, min(begin + BLOCK_ROWS, len(ptr) - 1))


def expand(start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all positions of the half-open ranges, and the range each belongs to."""
    lengths = np.maximum(stop - start, 0)
    total = int(lengths.sum())
    owner = np.repeat(np.arange(len(lengths)), lengths)
    offset = np.repeat(start - (np.cumsum(lengths) - lengths), lengths)
    return np.arange(total) + offset, owner


@dataclass(frozen=True)
class History:
    """Changes in time order (arrays of length n), reviews, links and other activity.

    Reviews count as answers to "who reviewed or mentored this"; links (co-authors, sponsors,
    helpers) only tell who knows whom. Keys of people ascend. `*_change` are row numbers of
    changes, `*_person` of `people`; an author of -1 is a bot or unknown. Each `*_at` is when the
    fact became known, for a review never before its change landed. `stretch` is how many times
    more paths a change touched than were told: 1 but for a sweep whose paths were cut.
    """

    projects: tuple[str, ...]
    people: Sequence[Hashable]
    change_keys: Sequence[Hashable]
    project: np.ndarray
    author: np.ndarray
    at: np.ndarray
    is_merge: np.ndarray
    offset: np.ndarray
    organisation: np.ndarray
    organisations: tuple[str, ...]
    stretch: np.ndarray
    prefixes: Ragged
    prefix_names: tuple[str, ...]
    prefix_project: np.ndarray
    words: Ragged
    word_names: tuple[str, ...]
    languages: Ragged
    language_names: tuple[str, ...]
    review_change: np.ndarray
    review_person: np.ndarray
    review_kind: np.ndarray
    review_at: np.ndarray
    link_change: np.ndarray
    link_person: np.ndarray
    link_kind: np.ndarray
    link_at: np.ndarray
    other_person: np.ndarray
    other_project: np.ndarray
    other_at: np.ndarray

    @property
    def n_changes(self) -> int:
        """Return the number of changes."""
        return len(self.at)

    @property
    def n_people(self) -> int:
        """Return the number of people."""
        return len(self.people)

    @cached_property
    def data_hash(self) -> str:
        """A mark of these facts, whoever's database they come from."""
        return digest_of(self)

    @cached_property
    def earlier_changes(self) -> np.ndarray:
        """Return for each change how many its author made before, merges not counted."""
        order = np.argsort(self.author, kind="stable")
        counted = (~self.is_merge[order]).astype(np.int64)
        running = np.cumsum(counted) - counted
        authors = self.author[order]
        first = np.searchsorted(authors, authors, side="left")
        earlier = np.empty(self.n_changes, np.int64)
        earlier[order] = running - running[first]
        return earlier

    @cached_property
    def reviewers(self) -> Ragged:
        """Return for each change the distinct people who reviewed it, without its author."""
        own = self.review_person == self.author[self.review_change]
        pairs = np.unique(
            self.review_change[~own].astype(np.int64) * self.n_people + self.review_person[~own]
        )
        change, person = np.divmod(pairs, max(self.n_people, 1))
        ptr = np.searchsorted(change, np.arange(self.n_changes + 1))
        return Ragged(ptr.astype(np.int64), person.astype(np.int32))

    def reviewed_changes(self) -> np.ndarray:
        """Return the changes by a person, not merges, that somebody else reviewed."""
        reviewed = np.diff(self.reviewers.ptr) > 0
        return np.flatnonzero(reviewed & (self.author >= 0) & ~self.is_merge)

    def person_index(self, key: Hashable) -> int:
        """Return the row number of a person; KeyError if nothing is known of them."""
        row = self.person_row(key)
        if row < 0:
            raise KeyError(key)
        return row

    def person_row(self, key: Hashable) -> int:
        """Return the row number of a person, -1 if nothing is known of them."""
        row = bisect_left(self.people, key)
        return row if row < self.n_people and self.people[row] == key else -1
