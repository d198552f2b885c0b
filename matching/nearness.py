"""How near to the core somebody will be in a year, read as the chance of being in it.

Whether somebody became core says one bit of a person-date; how near they came says more, and with
a few hundred positives that is what decides. So the target is the share of a core member's work
that they did in the year after, on a logarithmic scale.
"""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

MOST_RATIO = 4.0  # beyond four times the least core member, more is no nearer
SCALE = 30.0  # a thirtieth of a core member's work is where the logarithm begins to bend


class NearnessModel(BaseEstimator):
    """Two ridge regressions on the logarithm of nearness, a straight one and one with a smooth
    kernel, averaged; then one logistic curve to a probability.

    Learned: `regressions_`, `curve_` (intercept and slope), `n_features_in_`.
    """

    def __init__(
        self,
        alpha: float = 200.0,
        gamma: float = 0.005,
        n_components: int = 300,
        random_state: int = 0,
    ) -> None:
        self.alpha = alpha
        self.gamma = gamma
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: np.ndarray, ratio: np.ndarray) -> "NearnessModel":
        """Learn from rows (n, f), who was core later (n,), and their later work over the least
        core member's (n,), at least 0."""
        target = np.log1p(SCALE * np.clip(ratio, 0, MOST_RATIO))
        kernel = Nystroem(
            gamma=self.gamma,
            n_components=min(self.n_components, len(X)),
            random_state=self.random_state,
        )
        self.regressions_ = [
            make_pipeline(FunctionTransformer(squeeze), StandardScaler(), *steps).fit(X, target)
            for steps in ((Ridge(self.alpha),), (kernel, Ridge(1.0)))
        ]
        curve = LogisticRegression(C=10.0).fit(self._nearness(X)[:, None], y)
        self.curve_ = np.array([curve.intercept_[0], max(curve.coef_[0, 0], 0.0)])
        self.n_features_in_ = X.shape[1]
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return log odds of being core, shape (n,)."""
        intercept, slope = self.curve_
        return intercept + slope * self._nearness(X)

    def _nearness(self, X: np.ndarray) -> np.ndarray:
        return np.mean([regression.predict(X) for regression in self.regressions_], axis=0)


def squeeze(X: np.ndarray) -> np.ndarray:
    """Return signed logarithms: the step from 1 to 2 says more than from 101 to 102."""
    return np.sign(X) * np.log1p(np.abs(X))
