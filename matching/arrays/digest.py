"""A mark by which two databases that hold the same facts and the same people agree."""

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matching.arrays.history import History


def digest_of(history: "History") -> str:
    """Hash the facts without anybody's key: who is who shows as earlier work, not as an id."""
    given = np.zeros(history.n_changes, np.int64)
    np.add.at(given, history.review_change, 1 + _earlier(history.review_person))
    columns = [history.project, history.at, _earlier(history.author), given]
    columns += [np.diff(history.prefixes.ptr), np.diff(history.words.ptr)]
    order = np.lexsort(columns[::-1])
    digest = hashlib.sha256("\n".join(history.projects).encode())
    for column in columns:
        digest.update(np.ascontiguousarray(column[order], "<i8").tobytes())
    return digest.hexdigest()


def _earlier(values: np.ndarray) -> np.ndarray:
    """Return for each value how often it came before."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    earlier = np.empty(len(values), np.int64)
    earlier[order] = np.arange(len(values)) - np.searchsorted(ordered, ordered)
    return earlier
