"""How good a ranking or a probability is. Ties count by expectation, a missing answer as a miss."""

import numpy as np

RANK_METRICS = ("mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5")
NDCG_DEPTH = 5
DISCOUNT = np.append(1 / np.log2(np.arange(2, NDCG_DEPTH + 2)), 0.0)
"""What a place is worth, and 0 for all that follow."""


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


def expected_rankings(
    ptr: np.ndarray, scores: np.ndarray, relevant: np.ndarray, n_true: np.ndarray
) -> np.ndarray:
    """Return `expected_ranking` of many queries at once, (n, 5): query `i` owns
    `scores[ptr[i]:ptr[i + 1]]`."""
    size = np.diff(ptr)
    owner = np.repeat(np.arange(len(size)), size)
    order = np.lexsort((-scores, owner))
    scores, relevant = scores[order], relevant[order]
    place = np.arange(len(scores)) - ptr[owner]
    first = np.full(len(size), np.inf)
    np.minimum.at(first, owner[relevant], place[relevant] + 1)
    # inf in the first place: none of them is among the candidates, every metric is 0.
    hits = np.stack([first <= depth for depth in (1, 3, 5)], axis=1)
    gained = np.bincount(owner, relevant * DISCOUNT[np.minimum(place, NDCG_DEPTH)], len(size))
    ideal = np.cumsum(DISCOUNT)[np.clip(n_true, 1, NDCG_DEPTH) - 1]
    found = np.column_stack([1 / first, hits, gained / ideal])
    for row in np.unique(owner[_matters(owner, place, first) & _is_tied(owner, scores)]):
        part = slice(ptr[row], ptr[row + 1])
        found[row] = expected_ranking(scores[part], relevant[part], int(n_true[row]))
    return found


def _matters(owner: np.ndarray, place: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the places that a metric depends on: the first five and the first relevant one."""
    return np.isfinite(first[owner]) & ((place < NDCG_DEPTH) | (place + 1 == first[owner]))


def _is_tied(owner: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return which entries, sorted by query and score, share their score with a neighbour."""
    same = (scores[1:] == scores[:-1]) & (owner[1:] == owner[:-1])
    return np.append(same, False) | np.append(False, same)


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


def _ndcg(scores: np.ndarray, relevant: np.ndarray, n_true: int) -> float:
    """Return the expected NDCG: each place of a block of ties gains the block's mean."""
    threshold = np.sort(scores)[-min(NDCG_DEPTH, len(scores))]
    gain, place = 0.0, 0
    for value in np.unique(scores[scores >= threshold])[::-1]:
        block = scores == value
        size = int(block.sum())
        gain += relevant[block].mean() * DISCOUNT[place : place + size].sum()
        place += size
    return float(gain / DISCOUNT[: min(n_true, NDCG_DEPTH)].sum())


class Resample:
    """People drawn with replacement, many times: one set of draws for all that is asked of rows.

    Whole groups (one mentee's queries) are drawn together: their rows are not independent.
    """

    def __init__(self, groups: np.ndarray, seed: int = 0, rounds: int = 500) -> None:
        _, self.group = np.unique(groups, return_inverse=True)
        self.n = int(self.group.max(initial=-1)) + 1
        rng = np.random.default_rng(seed)
        chance = np.full(self.n, 1 / max(self.n, 1))
        drawn = rng.multinomial(self.n, chance, size=rounds) if self.n else np.zeros((rounds, 0))
        self.times = drawn.astype(float)

    def means(self, values: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        """Return the column means of `values` (n, m) in each draw, (rounds, m).

        With `rows`, `values` are those of these rows only; nan in a draw that holds none of them.
        """
        group = self.group if rows is None else self.group[rows]
        sums = np.stack([np.bincount(group, column, self.n) for column in values.T], axis=1)
        sizes = self.times @ np.bincount(group, minlength=self.n).astype(float)
        return (self.times @ sums) / np.where(sizes > 0, sizes, np.nan)[:, None]


def interval_of(draws: np.ndarray, level: float = 0.95) -> np.ndarray:
    """Return low and high of each column of draws (rounds, m), shape (m, 2); nan draws are left
    out."""
    known = draws[~np.isnan(draws).any(axis=1)]
    if not len(known):
        return np.full((draws.shape[1], 2), np.nan)
    tail = (1 - level) / 2 * 100
    return np.percentile(known, [tail, 100 - tail], axis=0).T


def bootstrap_interval(values: np.ndarray, groups: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the 95 % interval of column means of `values` (n, m), shape (m, 2), over groups."""
    return interval_of(Resample(groups, seed).means(values))


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
    """Return the slope of a logistic fit of the truth on the log odds: 1 is calibrated.

    nan if only one outcome is there.
    """
    if truth.all() or not truth.any():
        return float("nan")
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


def load(
    person: np.ndarray, at: np.ndarray, window: int, people: int | None = None
) -> dict[str, float]:
    """Return Gini, largest share and peak of the load: `peak` is the most one person got in any
    `window` seconds. `people` is how many could have carried it (default: those who did)."""
    if not len(person):
        return {"gini": 0.0, "largest_share": 0.0, "peak": 0.0}
    _, counts = np.unique(person, return_counts=True)
    idle = np.zeros(max((people or 0) - len(counts), 0), counts.dtype)
    return {
        "gini": gini(np.concatenate([idle, counts])),
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
