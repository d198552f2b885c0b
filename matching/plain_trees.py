"""Boosted trees as plain arrays, and all leaves of many rows found without walking.

Instead of going down node by node, every row asks all questions of a tree at once: a question
answered with "right" rules out the leaves to its left, and the first leaf that is left over is
the one a walk would have ended in (Lucchese et al., QuickScorer, SIGIR 2015).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

MOST_LEAVES = 64
"""Of one tree: each is a bit of a word."""
ROWS = 8_192
"""Scored at once: what is looked up again and again stays near the processor."""
EVERY = np.uint64(2**64 - 1)


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

        ValueError if it has more than one tree a round, splits on categories, or has a tree of
        more than `MOST_LEAVES` leaves.
        """
        if boosting.n_trees_per_iteration_ != 1 or boosting.is_categorical_ is not None:
            raise ValueError("Only trees of one question on plain numbers can be written down.")
        tables = [round_[0].nodes for round_ in boosting._predictors]
        if any(table["is_leaf"].sum() > MOST_LEAVES for table in tables):
            raise ValueError(f"Only trees of up to {MOST_LEAVES} leaves can be written down.")
        start = np.cumsum([0, *map(len, tables)])[:-1]
        nodes, first = np.concatenate(tables), np.repeat(start, [len(table) for table in tables])
        own, leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
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

    @cached_property
    def inner(self) -> np.ndarray:
        """Return for each node whether it asks a question."""
        return self.left != np.arange(len(self.value))

    def require_sound(self, n_features: int) -> None:
        """Raise ValueError unless these are trees that read only features that are there."""
        own, inner = np.arange(len(self.value)), self.inner
        onward = (np.minimum(self.left, self.right) > own) | ~inner & (self.right == own)
        inside = (np.maximum(self.left, self.right) < len(own)) & (self.left >= 0)
        known = (self.feature >= 0) & (self.feature < n_features)
        begun = (self.start >= 0) & (self.start < len(own))
        if not (onward.all() and inside.all() and known.all() and begun.all()):
            raise ValueError("The trees of the model are broken.")
        reached = np.concatenate([self.start, self.left[inner], self.right[inner]])
        once = np.bincount(reached, minlength=len(own)) == 1
        if not once.all() or self._leaves_below[self.start].max(initial=0) > MOST_LEAVES:
            raise ValueError("The trees of the model are broken.")

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the sum of the leaves that each row ends in, in the order of the trees."""
        total = np.full(len(X), self.baseline[0])
        for begin in range(0, len(X), ROWS):
            part = slice(begin, begin + ROWS)
            self._add_leaves(X[part], total[part])
        return total

    def _add_leaves(self, X: np.ndarray, total: np.ndarray) -> None:
        places = self._places(X)
        found = np.empty(len(X), np.uint64)
        for questions, values in self._tables:
            left_over = np.full(len(X), EVERY)
            for feature, ruled_out in questions:
                left_over &= np.take(ruled_out, places[feature], out=found, mode="clip")
            # The lowest bit's number: how many bits stand below it.
            leaf = np.bitwise_count((left_over & (~left_over + np.uint64(1))) - np.uint64(1))
            total += values[leaf]

    def _places(self, X: np.ndarray) -> dict[int, np.ndarray]:
        """Return for each feature in use how many thresholds each row's value lies above."""
        places = {}
        for feature, thresholds in self._thresholds.items():
            values = X[:, feature]
            places[feature] = np.searchsorted(thresholds, values)
            places[feature][np.isnan(values)] = len(thresholds) + 1
        return places

    @cached_property
    def _thresholds(self) -> dict[int, np.ndarray]:
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
    def _tables(self) -> list[tuple[list[tuple[int, np.ndarray]], np.ndarray]]:
        """Return for each tree what its questions leave over, and its leaves' values.

        A question list holds (feature, words): the word at place p leaves those leaves that are
        not ruled out by a value above p thresholds; the last word is for a missing value.
        """
        first = np.zeros(len(self.value), np.int64)
        tables = []
        for root in self.start.tolist():
            nodes = list(self._below(root, first))
            asking = [node for node in nodes if self.inner[node]]
            features = sorted({int(self.feature[node]) for node in asking})
            questions = [(feature, self._words(feature, asking, first)) for feature in features]
            leaves = [node for node in nodes if not self.inner[node]]
            tables.append((questions, self.value[sorted(leaves, key=lambda node: first[node])]))
        return tables

    def _below(self, root: int, first: np.ndarray) -> Iterator[int]:
        """Yield a root and all below it; `first` is told the first leaf of each, from the left."""
        waiting = [root]
        while waiting:
            node = waiting.pop()
            yield node
            if self.inner[node]:
                left, right = int(self.left[node]), int(self.right[node])
                first[left], first[right] = first[node], first[node] + self._leaves_below[left]
                waiting += (left, right)

    def _words(self, feature: int, asking: list[int], first: np.ndarray) -> np.ndarray:
        thresholds = self._thresholds[feature]
        words = np.full(len(thresholds) + 2, EVERY)
        for node in asking:
            if self.feature[node] != feature:
                continue
            left = int(self.left[node])
            bits = ((1 << int(self._leaves_below[left])) - 1) << int(first[left])
            passed = int(np.searchsorted(thresholds, self.threshold[node])) + 1
            words[passed:-1] &= EVERY ^ np.uint64(bits)
            if not self.missing_left[node]:
                words[-1] &= EVERY ^ np.uint64(bits)
        return words
