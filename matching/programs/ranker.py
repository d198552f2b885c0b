"""The ranker of mentors for a program: two unlike models of one question, averaged."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import ThreadpoolController

from matching.ranking.softmax_linear import SoftmaxLinear

POOLS = ThreadpoolController()
FEWEST_ANSWERS = 30
"""Programs with a known mentor that it takes to learn; with fewer, a simple ranking serves."""


@dataclass(frozen=True)
class ProgramPairs:
    """Pairs to learn from, sorted by program: features, truth and the program of each."""

    X: np.ndarray
    y: np.ndarray
    owner: np.ndarray

    @property
    def answers(self) -> int:
        """How many programs have a true mentor among their candidates."""
        return len(np.unique(self.owner[self.y]))


class ProgramRanker(BaseEstimator):
    """Average of a softmax-linear model, which compares the pool, and gradient-boosted trees.

    Learned: `linear_`, `trees_` (one forest a seed), `n_features_in_`.
    """

    def __init__(
        self,
        linear_share: float = 0.5,
        linear_l2: float = 0.03,
        max_iter: int = 120,
        learning_rate: float = 0.05,
        max_leaf_nodes: int = 6,
        forests: int = 2,
        random_state: int = 0,
    ) -> None:
        self.linear_share = linear_share
        self.linear_l2 = linear_l2
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.forests = forests
        self.random_state = random_state

    def fit(self, pairs: ProgramPairs) -> "ProgramRanker":
        """Learn from programs; those without a true mentor among their pairs teach nothing.

        ValueError if no program has one.
        """
        if not pairs.answers:
            raise ValueError("No earlier program had a mentor known before: nothing to learn from.")
        kept = np.isin(pairs.owner, np.unique(pairs.owner[pairs.y]))
        X, y, owner = pairs.X[kept], pairs.y[kept].astype(float), pairs.owner[kept]
        self.linear_ = SoftmaxLinear(self.linear_l2, max_iter=200).fit(X, y, owner)
        with POOLS.limit(limits=1):
            self.trees_ = [self._forest(number).fit(X, y) for number in range(self.forests)]
        self.n_features_in_ = X.shape[1]
        return self

    def _forest(self, number: int) -> HistGradientBoostingClassifier:
        return HistGradientBoostingClassifier(
            max_iter=self.max_iter,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.max_leaf_nodes,
            l2_regularization=5.0,
            min_samples_leaf=10,
            max_features=0.5,
            early_stopping=False,
            random_state=self.random_state + number,
        )

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return one score a pair, log odds up to a constant of its pool; more is better."""
        linear = self.linear_.decision_function(X)
        return self.linear_share * linear + (1 - self.linear_share) * self.trees_score(X)

    def trees_score(self, X: np.ndarray) -> np.ndarray:
        """Return the score of the trees alone."""
        with POOLS.limit(limits=1):
            return np.mean([forest.decision_function(X) for forest in self.trees_], axis=0)
