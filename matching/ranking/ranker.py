"""The mentor ranker: unlike models of one question, averaged, and never trusted blindly.

A tree model sees each (query, candidate) pair alone; a linear one compares the pool. Their
scores, put on one scale, are averaged. A project where a simple ranking did better on past
data, or where there is too little of it, is served by that simple ranking.
"""

from collections.abc import Iterable

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier

from matching.pairing.pairs import PairTable
from matching.ranking.softmax_linear import SoftmaxLinear
from matching.ranking.training_pairs import TrainingPairs
from matching.ranking.travelling import TravellingRanker
from matching.ranking.written_down import UnfitModel

CONTEXT = ("author_changes", "author_reviews", "pool_size", "query_prefixes")
"""The same for a whole pool: nothing a linear comparison inside the pool could use."""


class _AskedAsNumbers:
    """What was learned answers as plain numbers, without a library's checks of each question."""

    def decision_function(self, X: np.ndarray, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return one score a pair, log odds up to a constant of its pool; more is better.

        Those of rows `ptr[i]:ptr[i + 1]` are, to the last bit, what they would be without others.
        """
        return self.plain.decision_function(X, ptr)

    @property
    def plain(self) -> TravellingRanker:
        """The same as plain numbers, which answer without a library's checks of each question."""
        return TravellingRanker.of(self)

    def score_table(self, table: PairTable, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return the scores of a table; UnfitModel if its features are not those learned from."""
        if table.names != self.feature_names_:
            raise UnfitModel("The model was trained on other features than these.")
        return self.decision_function(table.values, ptr)


class MentorRanker(_AskedAsNumbers, BaseEstimator):
    """Average of gradient-boosted trees (pointwise) and a softmax-linear model (poolwise).

    Learned: `trees_`, `linear_`, `feature_names_`, `comparable_` (columns the linear one uses).
    """

    def __init__(
        self,
        max_iter: int = 150,
        learning_rate: float = 0.07,
        max_leaf_nodes: int = 24,
        l2: float = 5.0,
        linear_l2: float = 1e-3,
        linear_share: float = 0.4,
        random_state: int = 0,
    ) -> None:
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.l2 = l2
        self.linear_l2 = linear_l2
        self.linear_share = linear_share
        self.random_state = random_state

    def fit(self, training: TrainingPairs) -> "MentorRanker":
        """Learn from drawn pairs; ValueError if no candidate was ever a true answer."""
        if not training.y.any():
            raise ValueError("No candidate was ever a true answer: nothing to learn from.")
        self.feature_names_ = training.names
        self.comparable_ = np.array([name not in CONTEXT for name in training.names])
        self.trees_ = HistGradientBoostingClassifier(
            max_iter=self.max_iter,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaf_nodes,
            l2_regularization=self.l2,
            min_samples_leaf=40,
            max_features=0.5,
            max_bins=127,
            early_stopping=False,
            random_state=self.random_state,
        ).fit(training.X, training.y)
        self.linear_ = SoftmaxLinear(self.linear_l2).fit(
            training.X[:, self.comparable_], training.y, training.owner
        )
        return self


class RankerCommittee(_AskedAsNumbers, BaseEstimator):
    """Rankers of several draws of the same history, averaged: no draw's luck decides.

    Learned: `members_`, `feature_names_`.
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(self, draws: Iterable[TrainingPairs]) -> "RankerCommittee":
        """Learn one member from each draw; ValueError if a draw holds no true answer."""
        return self._with(
            [
                MentorRanker(random_state=self.random_state + number).fit(training)
                for number, training in enumerate(draws)
            ]
        )

    @classmethod
    def of(cls, members: list[MentorRanker], random_state: int = 0) -> "RankerCommittee":
        """Return the committee of members that were learned apart."""
        return cls(random_state)._with(members)

    def _with(self, members: list[MentorRanker]) -> "RankerCommittee":
        self.members_ = members
        self.feature_names_ = members[0].feature_names_
        return self
