"""A mark by which two databases that hold the same facts and the same people agree."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matching.arrays.history import History, Ragged

ROWS = 100_000
"""So many changes at once: a number for each of their paths and words takes memory."""


def digest_of(history: "History") -> str:
    """Hash the facts without anybody's key, in whatever order they were taken in.

    Who is who shows as earlier work, not as an id; what happens within one second has no order.
    Names are sorted, so that their numbers are the same wherever the names are.
    """
    digest = hashlib.sha256()
    for name in ("projects", "prefix_names", "word_names", "language_names", "organisations"):
        digest.update("\0".join((name, *getattr(history, name), "")).encode())
    others = history.other_at, history.other_project
    for columns in (
        (np.arange(len(history.prefix_project)), history.prefix_project),
        (history.at, history.project, _told(history)),
        (*others, _earlier(history.other_person, history.other_at)),
    ):
        order = np.lexsort(columns[::-1])
        for column in columns:
            digest.update(np.ascontiguousarray(column[order]).astype("<i8").tobytes())
    return digest.hexdigest()


def _told(history: "History") -> np.ndarray:
    """Return for each change a number that stands for all that is told of it and about it."""
    return _mixed(
        (
            _earlier(history.author, history.at),
            history.is_merge,
            history.offset,
            history.organisation,
            history.stretch.view(np.int64),
            _sums(history.prefixes, len(history.prefix_names)),
            _sums(history.words, len(history.word_names)),
            _sums(history.languages, len(history.language_names)),
            _about(history, "review"),
            _about(history, "link"),
        )
    )


def _about(history: "History", name: str) -> np.ndarray:
    """Return for each change the sum over the reviews (or links) of it."""
    change, person, kind, at = (
        getattr(history, f"{name}_{column}") for column in ("change", "person", "kind", "at")
    )
    sums = np.zeros(history.n_changes, np.uint64)
    np.add.at(sums, change, _mixed((_earlier(person, at), kind, at)))
    return sums


def _sums(rows: "Ragged", size: int) -> np.ndarray:
    """Return for each row the sum over its names; sums wrap around."""
    name = _mixed((np.arange(size),))
    sums = np.zeros(len(rows.ptr) - 1, np.uint64)
    for begin in range(0, len(sums), ROWS):
        ptr = rows.ptr[begin : begin + ROWS + 1]
        running = np.append(np.uint64(0), np.cumsum(name[rows.ids[ptr[0] : ptr[-1]]]))
        sums[begin : begin + ROWS] = np.diff(running[ptr - ptr[0]])
    return sums


def _mixed(columns: Iterable[np.ndarray]) -> np.ndarray:
    """Return one number for each row of the columns, far from that of any other row (splitmix)."""
    mixed = np.uint64(0)
    for column in columns:
        mixed = (mixed ^ column.astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed


def _earlier(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return for each value how often it came before, in an earlier second."""
    order = np.lexsort((at, values))
    ordered, moment = values[order], at[order]
    row = np.arange(len(values))
    begins = np.ones(len(values), bool)
    begins[1:] = (np.diff(ordered) != 0) | (np.diff(moment) != 0)
    earlier = np.empty(len(values), np.int64)
    earlier[order] = np.maximum.accumulate(np.where(begins, row, 0)) - np.searchsorted(
        ordered, ordered
    )
    return earlier
