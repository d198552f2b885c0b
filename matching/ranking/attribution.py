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
    [found] = attribute_each(lambda rows, _: score(rows), [(X, reference)], groups)
    return found


def attribute_each(
    score: Callable[[np.ndarray, np.ndarray], np.ndarray],
    asked: Sequence[tuple[np.ndarray, np.ndarray]],
    groups: Sequence[np.ndarray],
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return what `attribute` does for several tables, each with its reference, in one question.

    `score` maps rows (n, f) to (n,); it is told where each table's rows begin, (len(asked) + 1,).
    """
    ways = [_ways(X, reference, groups) for X, reference in asked]
    ptr = np.cumsum([0, *map(len, ways)])
    scores = np.split(score(np.concatenate(ways), ptr), ptr[1:-1])
    return [
        _parts(found.reshape(2 * (len(groups) + 1), len(X)))
        for found, (X, _) in zip(scores, asked, strict=True)
    ]


def _ways(X: np.ndarray, reference: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Return the rows to be scored on the way from the reference to the rows, there and back."""
    steps = len(groups)
    rows = np.empty((2 * (steps + 1), *X.shape), X.dtype)
    for way, order in enumerate((range(steps), range(steps - 1, -1, -1))):
        at = way * (steps + 1)
        rows[at] = _in_no_group(X, reference, groups)
        for step, group in enumerate(order):
            rows[at + step + 1] = rows[at + step]
            rows[at + step + 1][:, groups[group]] = X[:, groups[group]]
    return rows.reshape(-1, X.shape[1])


def _parts(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the reference's score and what each group adds, of scores (2 (steps + 1), n)."""
    steps = len(scores) // 2 - 1
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
