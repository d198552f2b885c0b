"""How good a ranking or a probability is. Ties count by expectation, a missing answer as a miss."""

import numpy as np

RANK_METRICS = ("mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5")


def expected_ranking(scores: np.ndarray, relevant: np.ndarray, n_true: int) -> np.ndarray:
    """Return the metrics of one query, in the order of `RANK_METRICS`.

    `scores` and `relevant` (bool) cover its candidates; `n_true` counts the true answers,
    inside the pool or not. Equal scores stand in every order equally often, so each metric is
    its mean over those orders. Without a true answer among the candidates all are 0.
    """
    if not relevant.any():
        return np.zeros(len(RANK_METRICS))
    above, tied, good = _first_block(scores, relevant)
    first = _first_good(tied, good)
    places = above + 1 + np.arange(len(first))
    hits = [float(first[places <= k].sum()) for k in (1, 3, 5)]
    return np.array([float((first / places).sum()), *hits, _ndcg(scores, relevant, n_true)])


def _first_block(scores: np.ndarray, relevant: np.ndarray) -> tuple[int, int, int]:
    """Return how many stand above the best relevant score, share it, and are relevant there."""
    best = scores[relevant].max()
    same = scores == best
    return int((scores > best).sum()), int(same.sum()), int((same & relevant).sum())


def _first_good(tied: int, good: int) -> np.ndarray:
    """Return the chance that the first of `good` among `tied` stands at each place of the block."""
    places = np.arange(tied - good + 1)
    still = np.cumprod(np.concatenate([[1.0], (tied - good - places) / (tied - places)]))[:-1]
    return still * good / (tied - places)


def _ndcg(scores: np.ndarray, relevant: np.ndarray, n_true: int, depth: int = 5) -> float:
    """Return the expected NDCG: each place of a block of ties gains the block's mean."""
    discount = 1 / np.log2(np.arange(2, depth + 2))
    threshold = np.sort(scores)[-min(depth, len(scores))]
    gain, place = 0.0, 0
    for value in np.unique(scores[scores >= threshold])[::-1]:
        block = scores == value
        size = int(block.sum())
        gain += relevant[block].mean() * discount[place : place + size].sum()
        place += size
    return float(gain / discount[: min(n_true, depth)].sum())


def bootstrap_interval(
    values: np.ndarray, groups: np.ndarray, seed: int = 0, rounds: int = 500, level: float = 0.95
) -> np.ndarray:
    """Return the interval of column means of `values` (n, m), shape (m, 2), drawn over groups.

    Whole groups (one mentee's queries) are drawn together: their rows are not independent.
    """
    _, group = np.unique(groups, return_inverse=True)
    n = int(group.max(initial=-1)) + 1
    if not n:
        return np.full((values.shape[1], 2), np.nan)
    sums = np.stack([np.bincount(group, column, n) for column in values.T], axis=1)
    sizes = np.bincount(group, minlength=n).astype(float)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=rounds)
    means = (drawn @ sums) / np.maximum(drawn @ sizes, 1)[:, None]
    tail = (1 - level) / 2 * 100
    return np.percentile(means, [tail, 100 - tail], axis=0).T


def roc_auc(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the chance that a positive scores above a negative, ties a half; nan if one-sided."""
    positive, negative = np.sort(scores[truth]), np.sort(scores[~truth])
    if not len(positive) or not len(negative):
        return float("nan")
    below = np.searchsorted(negative, positive, "left")
    not_above = np.searchsorted(negative, positive, "right")
    return float((below + not_above).sum() / 2 / len(positive) / len(negative))


def average_precision(truth: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under precision over recall; a block of ties is one step."""
    if not truth.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    found = np.cumsum(truth[order])[last]
    precision = found / (last + 1)
    return float((np.diff(np.append(0, found)) * precision).sum() / found[-1])


def brier(truth: np.ndarray, probability: np.ndarray) -> float:
    """Return the mean squared distance of the probabilities from what happened."""
    return float(np.mean((probability - truth) ** 2))


def precision_at(truth: np.ndarray, scores: np.ndarray, depth: int) -> float:
    """Return the expected share of positives among the first `depth` (all, if there are fewer)."""
    depth = min(depth, len(scores))
    threshold = np.sort(scores)[-depth]
    sure, tied = scores > threshold, scores == threshold
    return float((truth[sure].sum() + (depth - sure.sum()) * truth[tied].mean()) / depth)


def reliability(truth: np.ndarray, probability: np.ndarray, bins: int = 10) -> list[dict]:
    """Return, for equally filled bins, the mean probability, the share that came true and n."""
    order = np.argsort(probability, kind="stable")
    return [
        {
            "expected": float(probability[part].mean()),
            "seen": float(truth[part].mean()),
            "n": len(part),
        }
        for part in np.array_split(order, bins)
        if len(part)
    ]


def calibration_slope(truth: np.ndarray, probability: np.ndarray) -> float:
    """Return the slope of a logistic fit of the truth on the log odds: 1 is calibrated."""
    odds = np.log(np.clip(probability, 1e-6, 1 - 1e-6) / (1 - np.clip(probability, 1e-6, 1 - 1e-6)))
    weights = np.zeros(2)
    design = np.stack([np.ones_like(odds), odds], axis=1)
    for _ in range(50):
        expected = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        curvature = design.T @ (design * (expected * (1 - expected))[:, None]) + 1e-9 * np.eye(2)
        weights = weights + np.linalg.solve(curvature, design.T @ (truth - expected))
    return float(weights[1])


def gini(counts: np.ndarray) -> float:
    """Return how unequally a load is spread: 0 all the same, towards 1 all on one."""
    counts = np.sort(np.asarray(counts, float))
    n = len(counts)
    if not n or not counts.sum():
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ counts / (n * counts.sum()))


def load(person: np.ndarray, at: np.ndarray, window: int) -> dict[str, float]:
    """Return Gini, largest share and peak of the load: `peak` is the most one person got in any
    `window` seconds."""
    if not len(person):
        return {"gini": 0.0, "largest_share": 0.0, "peak": 0.0}
    _, counts = np.unique(person, return_counts=True)
    return {
        "gini": gini(counts),
        "largest_share": float(counts.max() / counts.sum()),
        "peak": float(_peak(person, at, window)),
    }


def _peak(person: np.ndarray, at: np.ndarray, window: int) -> int:
    order = np.lexsort((at, person))
    person, at = person[order], at[order].astype(np.int64)
    shift = person.astype(np.int64) * (int(at.max()) + window + 1)
    line = shift + at
    start = np.searchsorted(line, np.maximum(line - window + 1, shift))
    return int((np.arange(len(line)) - start + 1).max())
