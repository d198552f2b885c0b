"""How near to the core somebody will be in a year, read as the chance of being in it.

Whether somebody became core says one bit of a person-date; how near they came says more, and with
a few hundred positives that is what decides. So the target is the share of a core member's work
that they did in the year after, on a logarithmic scale.
"""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

MOST_RATIO = 4.0  # beyond four times the least core member, more is no nearer
SCALE = 30.0  # a thirtieth of a core member's work is where the logarithm begins to bend


def nearness_of(ratio: np.ndarray) -> np.ndarray:
    """Return the nearness of later work over the least core member's (at least 0, or NaN)."""
    return np.log1p(SCALE * np.clip(ratio, 0, MOST_RATIO))


class NearnessModel(BaseEstimator):
    """Two unlike regressions of nearness, a smooth one and one that cuts, averaged; then one
    logistic curve to a probability.

    Learned: `regressions_`, `curve_` (intercept and slope), `n_features_in_`.
    """

    def __init__(
        self,
        alpha: float = 5.0,
        gamma: float = 0.0035,
        n_components: int = 200,
        n_trees: int = 10,
        min_samples_leaf: int = 25,
        max_features: float = 0.33,
        random_state: int = 0,
    ) -> None:
        self.alpha = alpha
        self.gamma = gamma
        self.n_components = n_components
        self.n_trees = n_trees
        self.min_samples_leaf = min_samples_leaf
        self.max_features = max_features
        self.random_state = random_state

    def fit(
        self, X: np.ndarray, y: np.ndarray, nearness: np.ndarray, weight: np.ndarray
    ) -> "NearnessModel":
        """Learn from rows (n, f) with their nearness and weight (n,); `y` says who was core
        later for the first rows, from which the curve is drawn."""
        kernel = Nystroem(
            gamma=self.gamma,
            n_components=min(self.n_components, len(X)),
            random_state=self.random_state,
        )
        smooth = make_pipeline(
            FunctionTransformer(squeeze), StandardScaler(), kernel, Ridge(self.alpha)
        )
        trees = ExtraTreesRegressor(
            self.n_trees,
            min_samples_leaf=self.min_samples_leaf,
            max_features=self.max_features,
            random_state=self.random_state,
        )
        smooth.fit(X, nearness, ridge__sample_weight=weight)
        self.regressions_ = [smooth, trees.fit(X, nearness, sample_weight=weight)]
        known = slice(len(y))
        curve = LogisticRegression(C=10.0)
        curve.fit(self._nearness(X[known])[:, None], y, sample_weight=weight[known])
        self.curve_ = np.array([curve.intercept_[0], max(curve.coef_[0, 0], 0.0)])
        self.n_features_in_ = X.shape[1]
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return log odds of being core, shape (n,)."""
        intercept, slope = self.curve_
        return intercept + slope * self._nearness(X)

    def _nearness(self, X: np.ndarray) -> np.ndarray:
        smooth, trees = self.regressions_
        return np.mean([_by_kernel(smooth, X), _by_trees(trees, X)], axis=0)


def _by_kernel(smooth: Pipeline, X: np.ndarray) -> np.ndarray:
    """Return what `smooth.predict` does, step by step: its checks of each step cost more."""
    _, scaler, kernel, ridge = (step for _, step in smooth.steps)
    scaled = (squeeze(X) - scaler.mean_) / scaler.scale_
    distance = -2 * (scaled @ kernel.components_.T)
    distance += np.einsum("ij,ij->i", scaled, scaled)[:, None]
    distance += np.einsum("ij,ij->i", kernel.components_, kernel.components_)
    near = np.exp(-kernel.gamma * np.maximum(distance, 0))
    return np.dot(near, kernel.normalization_.T) @ ridge.coef_ + ridge.intercept_


def _by_trees(trees: ExtraTreesRegressor, X: np.ndarray) -> np.ndarray:
    """Return what `trees.predict` does, without a pool of threads for each handful of rows."""
    rows, total = np.ascontiguousarray(X, np.float32), np.zeros(len(X))
    for tree in trees.estimators_:
        total += tree.tree_.predict(rows)[:, 0]
    return total / len(trees.estimators_)


def squeeze(X: np.ndarray) -> np.ndarray:
    """Return signed logarithms: the step from 1 to 2 says more than from 101 to 102."""
    return np.sign(X) * np.log1p(np.abs(X))
