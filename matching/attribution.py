"""Why a score is what it is: what each group of features adds, exactly adding up."""

from collections.abc import Callable, Sequence

import numpy as np


def attribute(
    score: Callable[[np.ndarray], np.ndarray],
    X: np.ndarray,
    reference: np.ndarray,
    groups: Sequence[np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the reference's score and the contributions, shape (n, len(groups)).

    `score` maps (n, f) to (n,). From the `reference` row (f,), such as the median of a pool, the
    groups of columns are set to the row's own values one after the other; each adds what the
    score then changes by. Mean of the given order and its reverse: for every row
    `reference score + contributions.sum() == score`, whatever the model. Columns in no group
    take the row's value from the start, so put every column that differs into one.
    """
    n, steps = len(X), len(groups)
    rows = np.empty((2 * (steps + 1), n, X.shape[1]), X.dtype)
    for way, order in enumerate((range(steps), range(steps - 1, -1, -1))):
        at = way * (steps + 1)
        rows[at] = _in_no_group(X, reference, groups)
        for step, group in enumerate(order):
            rows[at + step + 1] = rows[at + step]
            rows[at + step + 1][:, groups[group]] = X[:, groups[group]]
    scores = score(rows.reshape(-1, X.shape[1])).reshape(2 * (steps + 1), n)
    forward = np.diff(scores[: steps + 1], axis=0)
    backward = np.diff(scores[steps + 1 :], axis=0)[::-1]
    return scores[0], ((forward + backward) / 2).T


def _in_no_group(X: np.ndarray, reference: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    start = X.copy()
    for group in groups:
        start[:, group] = reference[group]
    return start


def log_mean(one: float, other: float) -> float:
    """Return the logarithmic mean of two numbers above 0.

    `log_mean(a, b) * ln(a / b) == a - b`: it turns what is added to a logarithm into what is
    added to the number itself, and leaves nothing over.
    """
    if one <= 0 or other <= 0:
        return 0.0
    ratio = np.log(one / other)
    return float(one) if abs(ratio) < 1e-9 else float((one - other) / ratio)
