"""The trees of several members asked together, and of each part of a row only once.

Which leaves of a tree are left over (`matching.ranking.plain_trees`) is what the answers about
each part of a row leave over, taken together: so the answers are looked up for distinct parts, and
a row costs one AND for each part, not one for each feature and tree.
"""

from collections.abc import Sequence

import numpy as np

from matching.ranking.bundles import Bundled
from matching.ranking.plain_trees import PlainTrees, sums_in_order

ROWS = 256
"""Scored at once: their words stay near the processor."""
MOST_WORDS = 10_000_000
"""Of all distinct answers together, some 40 MB: rows with more are asked bit by bit."""


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
        return self._sums_of(rows.answered(self._places))

    def _places(self, columns: np.ndarray, part: np.ndarray) -> np.ndarray:
        """Return how many thresholds of each column in use each value lies above."""
        asked = self._asked(columns)
        places = np.empty((len(part), len(asked)), np.int32, order="F")
        for place, (column, feature) in enumerate(asked):
            thresholds, _ = self._answers[feature]
            places[:, place] = np.searchsorted(thresholds, part[:, column])
            places[np.isnan(part[:, column]), place] = len(thresholds) + 1
        return places

    def _asked(self, columns: np.ndarray) -> list[tuple[int, int]]:
        """Return which of some columns any tree asks about: their places and features."""
        return [one for one in enumerate(columns.tolist()) if one[1] in self._answers]

    def _sums_of(self, rows: Bundled) -> np.ndarray:
        count = sum(map(len, rows.parts)) * len(self._first) // MOST_WORDS + 1
        if count > 1 and len(rows) > ROWS:
            parts = np.array_split(np.arange(len(rows)), min(count, len(rows) // ROWS + 1))
            return np.concatenate([self._sums_of(rows.only(part)) for part in parts], axis=1)
        rows, own = rows.distinct()
        words = [self._words(*part) for part in zip(rows.bundles, rows.parts, strict=True)]
        found = np.empty((len(self.members), len(rows)))
        for begin in range(0, len(rows), ROWS):
            found[:, begin : begin + ROWS] = self._sums(words, rows.place[:, begin : begin + ROWS])
        return found[:, own]

    def _words(self, columns: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return what some answers leave over of each tree, a row a part."""
        left_over = np.tile(self._all, (len(places), 1))
        for place, (_, feature) in zip(places.T, self._asked(columns), strict=True):
            _leave(left_over, self._answers[feature][1], place)
        return left_over

    def _sums(self, words: list[np.ndarray], place: np.ndarray) -> np.ndarray:
        left_over = words[0][place[0]]
        for word, own in zip(words[1:], place[1:], strict=True):
            _leave(left_over, word, own)
        # The lowest bit's number, counted from one: how many bits change where one is taken off.
        leaf = np.bitwise_count(left_over ^ (left_over - left_over.dtype.type(1)))
        at = np.empty(leaf.T.shape, np.intp)
        values = np.take(self._values, np.add(leaf.T, self._first, out=at), mode="clip")
        bounds = zip(self._bounds, self._bounds[1:], strict=False)
        return np.array(
            [
                sums_in_order(values[begin:end], member.baseline[0])
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
