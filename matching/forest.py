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
        self._all = np.bitwise_not(np.zeros(len(values), np.uint32 if width <= 32 else np.uint64))
        asked = sorted({feature for member in members for feature in member.questions})
        self._answers = {feature: self._answers_about(feature) for feature in asked}

    def _answers_about(self, feature: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the thresholds of all members, and a row of words for each place among them.

        The last row is for a missing value.
        """
        asked = [member.thresholds.get(feature, np.zeros(0)) for member in self.members]
        thresholds = np.unique(np.concatenate(asked))
        words = np.tile(self._all, (len(thresholds) + 2, 1))
        for member, begin, own in zip(self.members, self._bounds, asked, strict=False):
            if feature in member.questions:
                trees, answers = member.questions[feature]
                place = np.searchsorted(own, thresholds, side="right")
                words[:, begin + trees] = answers[:, [0, *place.tolist(), -1]].T
        return thresholds, words

    def sums(self, rows: Bundled) -> np.ndarray:
        """Return for each member the sum of the leaves of each row, in the order of its trees.

        Shape (members, n).
        """
        if len(rows) > ROWS and sum(map(len, rows.parts)) * len(self._first) > MOST_WORDS:
            half = len(rows) // 2
            halves = slice(0, half), slice(half, None)
            return np.concatenate([self.sums(rows.only(one)) for one in halves], axis=1)
        parts = zip(rows.bundles, rows.parts, strict=True)
        words = [self._words(columns, part) for columns, part in parts]
        found = np.empty((len(self.members), len(rows)))
        for begin in range(0, len(rows), ROWS):
            found[:, begin : begin + ROWS] = self._sums(words, rows.place[:, begin : begin + ROWS])
        return found

    def _words(self, columns: np.ndarray, part: np.ndarray) -> np.ndarray:
        """Return what the answers of each distinct part leave over of each tree, a row a part."""
        left_over = np.tile(self._all, (len(part), 1))
        for column, feature in enumerate(columns.tolist()):
            if feature in self._answers:
                thresholds, words = self._answers[feature]
                place = np.searchsorted(thresholds, part[:, column])
                place[np.isnan(part[:, column])] = len(thresholds) + 1
                _leave(left_over, words, place)
        return left_over

    def _sums(self, words: list[np.ndarray], place: np.ndarray) -> np.ndarray:
        left_over = words[0][place[0]]
        for word, own in zip(words[1:], place[1:], strict=True):
            _leave(left_over, word, own)
        # The lowest bit's number, counted from one: how many bits change where one is taken off.
        leaf = np.bitwise_count(left_over ^ (left_over - left_over.dtype.type(1)))
        at = np.add(leaf.T, self._first, dtype=np.intp)
        values = np.take(self._values, at, mode="clip")
        bounds = zip(self._bounds, self._bounds[1:], strict=False)
        return np.array(
            [
                np.add.reduce(values[begin:end], axis=0, initial=member.baseline[0])
                for member, (begin, end) in zip(self.members, bounds, strict=True)
            ]
        )


def _leave(left_over: np.ndarray, words: np.ndarray, place: np.ndarray) -> None:
    """Take off each row of `left_over` what the words at its place rule out."""
    answers = np.empty((ROWS, left_over.shape[1]), left_over.dtype)
    for begin in range(0, len(place), ROWS):
        some = place[begin : begin + ROWS]
        left_over[begin : begin + ROWS] &= np.take(
            words, some, axis=0, out=answers[: len(some)], mode="clip"
        )
