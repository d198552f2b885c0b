"""LambdaMART, to compare with: LightGBM's ranker, where that library is installed.

It is a library of the benchmarks and the tests, not of the product; without it the backtest leaves
the method out and says so.
"""

import numpy as np
from sklearn.base import BaseEstimator

from matching.ranking.training_pairs import TrainingPairs

try:
    import lightgbm
except (ImportError, OSError):  # not installed, or its OpenMP library is not
    lightgbm = None


def is_installed() -> bool:
    """Return whether LambdaMART can be fitted here."""
    return lightgbm is not None


class LambdaMart(BaseEstimator):
    """Gradient-boosted trees on pairwise swaps, about as many and as large as the served ones.

    Learned: `booster_`.
    """

    def __init__(
        self,
        n_trees: int = 150,
        learning_rate: float = 0.07,
        num_leaves: int = 24,
        l2: float = 5.0,
        random_state: int = 0,
    ) -> None:
        self.n_trees = n_trees
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.l2 = l2
        self.random_state = random_state

    def fit(self, training: TrainingPairs) -> "LambdaMart":
        """Learn the order of candidates inside each query, from pairs sorted by query."""
        _, sizes = np.unique(training.owner, return_counts=True)
        data = lightgbm.Dataset(training.X, training.y.astype(np.int8), group=sizes)
        self.booster_ = lightgbm.train(self._settings(), data, num_boost_round=self.n_trees)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return one score a pair; only those of one query may be compared."""
        return self.booster_.predict(X, num_threads=1)

    def _settings(self) -> dict:
        return {
            "objective": "lambdarank",
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "lambda_l2": self.l2,
            "min_data_in_leaf": 40,
            "feature_fraction": 0.5,
            "max_bin": 127,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "seed": self.random_state,
            "verbosity": -1,
        }
