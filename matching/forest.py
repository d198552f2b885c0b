"""The trees of several members asked together, and of each part of a row only once.

Which leaves of a tree are left over (`matching.plain_trees`) is what the answers about each part
of a row leave over, taken together: so the answers are looked up for distinct parts, and a row
costs one AND for each part, not one for each feature and tree.
"""

from collections.abc import Sequence

import numpy as np

from matching.bundles import Bundled
from matching.plain_trees import PlainTrees

ROWS = 256
"""Scored at once: their words stay near the processor."""
MOST_WORDS = 10_000_000
"""Of all distinct parts together, some 40 MB: more rows than that are asked in halves."""


class Forest:
    """Trees of several members over the same features."""

    def __init__(self, members: Sequence[PlainTrees]) -> None:
        self.members = tuple(members)
        self._bounds = np.cumsum([0, *(len(member.start) for member in members)]).tolist()
        width = max(member.leaf_values.shape[1] for member in members)
        # A leaf's place counts from one: place 0 of each tree is never looked up.
        values = np.zeros((self._bounds[-1], width + 1))
        for member, begin in zip(members, self._bounds, strict=False):
            own = member.leaf_values
            values[begin : begin + len(own), 1 : own.shape[1] + 1] = own
        self._values, self._first = values.ravel(), np.arange(len(values))[:, None] * (width + 1)

    def sums(self, rows: Bundled) -> np.ndarray:
        """Return for each member the sum of the leaves of each row, in the order of its trees.

        Shape (members, n).
        """
        if len(rows) > ROWS and sum(map(len, rows.parts)) * len(self._first) > MOST_WORDS:
            half = len(rows) // 2
            halves = slice(0, half), slice(half, None)
            return np.concatenate([self.sums(rows.only(one)) for one in halves], axis=1)
        words = [
            self._words(columns, part)
            for columns, part in zip(rows.bundles, rows.parts, strict=True)
        ]
        found = np.empty((len(self.members), len(rows)))
        for begin in range(0, len(rows), ROWS):
            found[:, begin : begin + ROWS] = self._sums(words, rows.place[:, begin : begin + ROWS])
        return found

    def _words(self, columns: np.ndarray, part: np.ndarray) -> np.ndarray:
        """Return what the answers of each distinct part leave over of each tree, a row a part."""
        words = [member.left_over(columns, part) for member in self.members]
        return np.ascontiguousarray(np.concatenate(words).T)

    def _sums(self, words: list[np.ndarray], place: np.ndarray) -> np.ndarray:
        left_over = words[0][place[0]]
        answers = np.empty_like(left_over)
        for word, own in zip(words[1:], place[1:], strict=True):
            left_over &= np.take(word, own, axis=0, out=answers, mode="clip")
        # The lowest bit's number, counted from one: how many bits change where one is taken off.
        leaf = np.bitwise_count(left_over ^ (left_over - left_over.dtype.type(1)))
        at = np.add(leaf.T, self._first, dtype=np.intp)
        values = np.take(self._values, at, mode="clip")
        return np.array(
            [
                np.add.reduce(values[begin:end], axis=0, initial=member.baseline[0])
                for member, begin, end in zip(
                    self.members, self._bounds, self._bounds[1:], strict=False
                )
            ]
        )
