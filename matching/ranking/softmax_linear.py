"""A linear model of which candidate of a pool is the one: conditional logit, fitted in full."""

from itertools import pairwise

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator


class SoftmaxLinear(BaseEstimator):
    """Scores whose softmax over a query's pool is the chance of being a true answer.

    Columns are compressed (signed log), standardised and weighted; `l2` is the ridge penalty.
    Learned: `coef_`, `mean_`, `scale_`, all of length n_features.
    """

    def __init__(self, l2: float = 1e-3, max_iter: int = 60) -> None:
        self.l2 = l2
        self.max_iter = max_iter

    def fit(self, X: np.ndarray, y: np.ndarray, owner: np.ndarray) -> "SoftmaxLinear":
        """Fit on pairs sorted by `owner` (the query of each).

        Queries without a true answer among their pairs teach nothing and are left out. Besides X
        there are at most two tables of its size in memory.
        """
        _, owner = np.unique(owner, return_inverse=True)
        answered = np.bincount(owner, y) > 0
        kept = answered[owner]
        _, owner = np.unique(owner[kept], return_inverse=True)
        X, y = X[kept], y[kept]  # a caller who keeps no X of its own has it freed here
        squeezed = squeeze(X)
        del X
        self.mean_ = squeezed.mean(axis=0)
        self.scale_ = squeezed.std(axis=0) + 1e-6
        squeezed -= self.mean_
        squeezed /= self.scale_
        target = y / np.bincount(owner, y)[owner]
        loss = _SoftmaxLoss(squeezed, target, owner, self.l2)
        start = np.zeros(squeezed.shape[1])
        options = {"maxiter": self.max_iter}
        self.coef_ = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
        self.n_features_in_ = squeezed.shape[1]
        return self

    def terms(self, X: np.ndarray) -> np.ndarray:
        """Return what each feature adds to the score, same shape as X."""
        return (squeeze(X) - self.mean_) / self.scale_ * self.coef_

    def decision_function(self, X: np.ndarray, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return one score a pair; only differences within a pool mean something.

        Part `i` of the rows, `ptr[i]:ptr[i + 1]`, is summed as if it stood alone: how many rows a
        product has may decide about its last bit.
        """
        return self.of_squeezed(squeeze(X), ptr)

    def of_squeezed(self, squeezed: np.ndarray, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return what `decision_function` does of columns that are compressed already."""
        weights = self.coef_ / self.scale_
        single = weights.astype(np.float32)
        bounds = [0, len(squeezed)] if ptr is None else ptr.tolist()
        parts = [squeezed[begin:end] @ single for begin, end in pairwise(bounds)]
        return np.concatenate(parts) - self.mean_ @ weights


class _SoftmaxLoss:
    """Mean cross-entropy over the pools, with its gradient."""

    def __init__(self, X, target, owner, l2) -> None:
        self.X, self.target, self.owner, self.l2 = X, target, owner, l2
        self.starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])

    def __call__(self, coef: np.ndarray) -> tuple[float, np.ndarray]:
        score = (self.X @ coef.astype(np.float32)).astype(float)
        best = np.maximum.reduceat(score, self.starts)
        chance = np.exp(score - best[self.owner])
        total = np.add.reduceat(chance, self.starts)
        log_total = np.log(total) + best
        hit = np.add.reduceat(self.target * score, self.starts)
        pull = (chance / total[self.owner] - self.target) / len(total)
        loss = (log_total - hit).mean() + self.l2 * coef @ coef
        return loss, self.X.T @ pull.astype(np.float32) + 2 * self.l2 * coef


def squeeze(X: np.ndarray) -> np.ndarray:
    """Return signed logarithms: the step from 1 to 2 says more than from 101 to 102."""
    squeezed = np.abs(X)
    np.log1p(squeezed, out=squeezed)
    return np.copysign(squeezed, X, out=squeezed)
