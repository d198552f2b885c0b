"""Rows of a table told by their parts: columns that belong together, each distinct part once.

Of what a model is asked most is the same again: a mentor's reviews whoever asks, nothing at all
under most paths. What is looked up or computed for a part is looked up once, however many rows
have it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.ranking.distinct import distinct


@dataclass(frozen=True)
class Bundled:
    """n rows: row `i` has in the columns `bundles[b]` the values `parts[b][place[b, i]]`."""

    bundles: tuple[np.ndarray, ...]
    parts: tuple[np.ndarray, ...]
    place: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray, bundles: Sequence[np.ndarray]) -> "Bundled":
        """Return the rows of float32 (n, f); every column is in one of the bundles."""
        parts, place = [], np.zeros((len(bundles), len(X)), np.int32)
        for row, columns in enumerate(bundles):
            values = X[:, columns]
            first, place[row] = distinct(values)
            parts.append(np.ascontiguousarray(values[first]))
        return cls(tuple(bundles), tuple(parts), place)

    def __len__(self) -> int:
        return self.place.shape[1]

    def distinct(self) -> tuple["Bundled", np.ndarray]:
        """Return the distinct rows, and for each row the place of its own among them."""
        first, place = distinct(self.place.T)
        return self.of_places(self.place[:, first]), place

    def of_places(self, place: np.ndarray) -> "Bundled":
        """Return other rows of the same parts; `place` (bundles, n)."""
        return Bundled(self.bundles, self.parts, place)

    def answered(self, answer: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> "Bundled":
        """Return the same rows told by what `answer` says of the columns and values of each part.

        Parts of which it says the same are one.
        """
        parts, place = [], np.empty_like(self.place)
        for row, (columns, part) in enumerate(zip(self.bundles, self.parts, strict=True)):
            answers = answer(columns, part)
            first, number = distinct(answers)
            parts.append(answers[first])
            place[row] = number[self.place[row]]
        return Bundled(self.bundles, tuple(parts), place)

    def only(self, rows: np.ndarray) -> "Bundled":
        """Return some of the rows, with the parts that those have."""
        parts, place = [], np.empty((len(self.parts), len(rows)), np.int32)
        for row, part in enumerate(self.parts):
            own, number = self.place[row, rows], np.zeros(len(part), np.int32)
            number[own] = 1
            used = np.flatnonzero(number)
            number[used] = np.arange(len(used))
            place[row] = number[own]
            parts.append(part[used])
        return Bundled(self.bundles, tuple(parts), place)

    def values(self, parts: Sequence[np.ndarray]) -> np.ndarray:
        """Return the rows whole (n, f), column by column in memory, with other values of parts."""
        columns = np.empty((sum(map(len, self.bundles)), len(self)), np.float32)
        for row, (own, part) in enumerate(zip(self.bundles, parts, strict=True)):
            columns[own] = np.take(part.T, self.place[row], axis=1)
        return columns.T
