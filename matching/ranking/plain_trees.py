"""Boosted trees as plain arrays, and all leaves of many rows found without walking.

Instead of going down node by node, every row asks all questions of a tree at once: a question
answered with "right" rules out the leaves to its left, and the first leaf that is left over is
the one a walk would have ended in (Lucchese et al., QuickScorer, SIGIR 2015).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.ranking.written_down import UnfitModel, taken

MOST_LEAVES = 64
"""Of one tree: each is a bit of a word."""
ROWS = 512
"""Scored at once: what is looked up again and again stays near the processor."""
KINDS = {
    "start": (np.int32,),
    "feature": (np.int32,),
    "threshold": (np.float64,),
    "left": (np.int32,),
    "right": (np.int32,),
    "missing_left": (np.bool_,),
    "value": (np.float64,),
    "baseline": (np.float64,),
}
"""What is written of trees: what they work out when they are asked is no part of it."""


@dataclass(frozen=True)
class PlainTrees:
    """Boosted trees, node after node: `left` and `right` are nodes, a leaf's are itself.

    A value up to `threshold` goes left; one that is missing goes where `missing_left` says.
    """

    start: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    missing_left: np.ndarray
    value: np.ndarray
    baseline: np.ndarray

    @classmethod
    def of(cls, boosting) -> "PlainTrees":
        """Return the trees of a fitted binary `HistGradientBoostingClassifier`.

        UnfitModel if it has more than one tree a round, splits on categories, has a tree of more
        than `MOST_LEAVES` leaves, or splits at NaN, as it may where a column was infinite.
        """
        if boosting.n_trees_per_iteration_ != 1 or boosting.is_categorical_ is not None:
            raise UnfitModel("Only trees of one question on plain numbers can be written down.")
        tables = [round_[0].nodes for round_ in boosting._predictors]
        if any(table["is_leaf"].sum() > MOST_LEAVES for table in tables):
            raise UnfitModel(
                "Only trees of up to %(leaves)s leaves can be written down.", leaves=MOST_LEAVES
            )
        start = np.cumsum([0, *map(len, tables)])[:-1]
        nodes, first = np.concatenate(tables), np.repeat(start, [len(table) for table in tables])
        own, leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
        if np.isnan(nodes["num_threshold"][~leaf]).any():
            raise UnfitModel("Only trees that split at a number can be written down.")
        return cls(
            start=start.astype(np.int32),
            feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int32),
            threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
            left=np.where(leaf, own, first + nodes["left"]).astype(np.int32),
            right=np.where(leaf, own, first + nodes["right"]).astype(np.int32),
            missing_left=nodes["missing_go_to_left"].astype(bool),
            value=nodes["value"].astype(float),
            baseline=np.asarray(boosting._baseline_prediction, float).reshape(1),
        )

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], prefix: str, n_features: int
    ) -> "PlainTrees":
        """Return the trees that are written under `prefix`.

        UnfitModel unless they are whole and sound and ask about `n_features` features at most.
        """
        trees = cls(**taken(arrays, prefix, KINDS))
        trees._require_sound(n_features)
        return trees

    @cached_property
    def inner(self) -> np.ndarray:
        """Return for each node whether it asks a question."""
        return self.left != np.arange(len(self.value))

    def _require_sound(self, n_features: int) -> None:
        """Raise UnfitModel unless these are trees that read only features that are there."""
        nodes = (self.feature, self.threshold, self.left, self.right, self.missing_left)
        are_whole = {*map(len, nodes)} == {len(self.value)} and len(self.baseline) == 1
        sums = np.append(self.value, self.baseline)
        if not (are_whole and np.isfinite(sums).all() and self._are_trees(n_features)):
            raise UnfitModel("The trees of the model are broken.")

    def _are_trees(self, n_features: int) -> bool:
        """Return whether each walk from a root ends, and every node is on one way only."""
        own, inner = np.arange(len(self.value)), self.inner
        onward = (np.minimum(self.left, self.right) > own) | ~inner & (self.right == own)
        inside = (np.maximum(self.left, self.right) < len(own)) & (self.left >= 0)
        known = (self.feature >= 0) & (self.feature < n_features)
        begun = (self.start >= 0) & (self.start < len(own))
        in_order = np.diff(self.start) > 0
        if not all(each.all() for each in (onward, inside, known, begun, in_order)):
            return False
        reached = np.concatenate([self.start, self.left[inner], self.right[inner]])
        once = np.bincount(reached, minlength=len(own)) == 1
        return bool(once.all()) and self._leaves_below[self.start].max(initial=0) <= MOST_LEAVES

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the sum of the leaves that each row ends in, in the order of the trees."""
        parts = [self._sum(X[begin : begin + ROWS]) for begin in range(0, len(X), ROWS)]
        return np.concatenate([*parts, np.zeros(0)])

    def _sum(self, X: np.ndarray) -> np.ndarray:
        places, left_over = self._places(X), np.full((len(self.start), len(X)), ~self._word(0))
        for feature, (trees, words) in self.questions.items():
            left_over[trees] &= np.take(words, places[feature], axis=1, mode="clip")
        # The lowest bit's number: how many bits stand below it.
        one = self._word(1)
        leaf = np.bitwise_count((left_over & (~left_over + one)) - one)
        found = np.take_along_axis(self.leaf_values, leaf.astype(np.intp), axis=1)
        return sums_in_order(found, self.baseline[0])

    def _places(self, X: np.ndarray) -> dict[int, np.ndarray]:
        """Return for each feature in use how many thresholds each row's value lies above."""
        places = {}
        for feature, thresholds in self.thresholds.items():
            values = X[:, feature]
            places[feature] = np.searchsorted(thresholds, values)
            places[feature][np.isnan(values)] = len(thresholds) + 1
        return places

    @cached_property
    def thresholds(self) -> dict[int, np.ndarray]:
        """Return for each feature in use what it is compared with, ascending."""
        used = np.unique(self.feature[self.inner]).tolist()
        return {
            feature: np.unique(self.threshold[self.inner & (self.feature == feature)])
            for feature in used
        }

    @cached_property
    def _leaves_below(self) -> np.ndarray:
        """Return how many leaves each node has below it, itself if it is one."""
        below = np.where(self.inner, 0, 1)
        for node in np.flatnonzero(self.inner)[::-1]:
            below[node] = below[self.left[node]] + below[self.right[node]]
        return below

    @cached_property
    def _word(self) -> type[np.unsignedinteger]:
        """Return the type whose bits stand for the leaves of a tree: the shorter, the quicker."""
        return np.uint32 if self._leaves_below[self.start].max(initial=0) <= 32 else np.uint64

    @cached_property
    def _leaves(self) -> tuple[np.ndarray, np.ndarray]:
        """Return for each node its tree, and the number of its first leaf, from the left."""
        tree, first = np.zeros(len(self.value), np.int64), np.zeros(len(self.value), np.int64)
        tree[self.start] = np.arange(len(self.start))
        for node in np.flatnonzero(self.inner):  # those above come before those below
            left, right = self.left[node], self.right[node]
            tree[left] = tree[right] = tree[node]
            first[left], first[right] = first[node], first[node] + self._leaves_below[left]
        return tree, first

    @cached_property
    def leaf_values(self) -> np.ndarray:
        """Return the leaves' values from the left, a row each tree."""
        tree, first = self._leaves
        values = np.zeros((len(self.start), int(self._leaves_below[self.start].max(initial=1))))
        values[tree[~self.inner], first[~self.inner]] = self.value[~self.inner]
        return values

    @cached_property
    def questions(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """Return for each feature in use the trees that ask about it, and a row of words each.

        The word at place p leaves over what a value above p thresholds does not rule out; the
        last word is for a missing value.
        """
        tree, _ = self._leaves
        questions = {}
        for feature, thresholds in self.thresholds.items():
            asking = np.flatnonzero(self.inner & (self.feature == feature))
            trees, row = np.unique(tree[asking], return_inverse=True)
            words = np.full((len(trees), len(thresholds) + 2), ~self._word(0))
            for node, at in zip(asking.tolist(), row.tolist(), strict=True):
                self._rule_out(words[at], node, thresholds)
            questions[feature] = trees, words
        return questions

    def _rule_out(self, words: np.ndarray, node: int, thresholds: np.ndarray) -> None:
        """Take the leaves to a node's left out of the words of those whom it sends right."""
        left = self.left[node]
        bits = ((1 << int(self._leaves_below[left])) - 1) << int(self._leaves[1][left])
        passed = int(np.searchsorted(thresholds, self.threshold[node])) + 1
        words[passed:-1] &= ~self._word(bits)
        if not self.missing_left[node]:
            words[-1] &= ~self._word(bits)


def sums_in_order(values: np.ndarray, initial: float) -> np.ndarray:
    """Return for each column of (trees, n) the sum of what its trees say, one after the other."""
    if values.shape[1] == 1:  # a single column would be summed pairwise
        return np.add.reduce(np.repeat(values, 2, axis=1), axis=0, initial=initial)[:1]
    return np.add.reduce(values, axis=0, initial=initial)
