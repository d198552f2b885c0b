"""Sharing the load: what it costs a mentor's place to have stood first often lately.

A mentor's load is how often they stood first on somebody's list in the last 30 days (the product
adds their open mentorships). `score - weight * load / mean load` orders the list, the score in
natural logarithms (log odds of the model, the logarithm of a simple ranking), the mean over those
who bear any load. The reference knob of 0.05 was on the scale of chances; on this one 0.4 does as
much. Where one or two people review nearly everything there is nobody to share with: the penalty
is off there, and places remain the limit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matching.arrays.history import DAY, History
from matching.measures import RANK_METRICS, expected_ranking, load
from matching.pairing.shape import star_shaped

WEIGHT = 0.4
"""In natural logarithms for one mean load; see `load_curve`."""
WINDOW = 30 * DAY
WEIGHTS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8)
"""Of the measured curve."""
LEAST = 1e-12
"""Stands for a simple ranking's score of nothing, whose logarithm there is none of."""
SMALL_PEAK = 4
"""Below so many in 30 days there is no load to speak of: such a project is left out of the mean."""


@dataclass(frozen=True)
class Lists:
    """Ranked lists in time order, one a query, of one project or of several.

    Query `i` owns the pairs `ptr[i]:ptr[i + 1]` of `candidate` (a person's row), `score` (natural
    logarithms; more is better) and `relevant` (bool); `n_true`, `project` and `at` (seconds)
    belong to the queries.
    """

    ptr: np.ndarray
    candidate: np.ndarray
    score: np.ndarray
    relevant: np.ndarray
    n_true: np.ndarray
    project: np.ndarray
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Replayed:
    """Who stood first (-1: nobody) and the ranking metrics, shape (n, 5), of each query."""

    first: np.ndarray
    metrics: np.ndarray


def penalties(loads: np.ndarray, bearers_mean: float, weight: float) -> np.ndarray:
    """Return what the loads of some candidates take from their scores, all 0 without any load."""
    if bearers_mean <= 0:
        return np.zeros(len(loads))
    return weight * loads / bearers_mean


def mean_load(loads: Iterable[float]) -> float:
    """Return the mean over those who bear any load, 0 if nobody does."""
    borne = [load for load in loads if load > 0]
    return sum(borne) / len(borne) if borne else 0.0


def crowd_penalties(crowd: Mapping[int, float], people: Iterable[int], weight: float) -> np.ndarray:
    """Return the penalties of people by key; `crowd` holds the loads of all who bear any."""
    loads = np.array([crowd.get(person, 0.0) for person in people])
    return penalties(loads, mean_load(crowd.values()), weight)


def log_scores(scores: np.ndarray, is_log: bool) -> np.ndarray:
    """Return scores in natural logarithms; those of a simple ranking are not yet."""
    return scores if is_log else np.log(np.maximum(scores, LEAST))


def shares_load(history: History, as_of: int) -> np.ndarray:
    """Return for each project whether its work is divided among enough people to share."""
    return ~np.isin(np.arange(len(history.projects)), star_shaped(history, as_of))


def replay(lists: Lists, weight: float, divided: np.ndarray) -> Replayed:
    """Recommend one query after the other; each sees the load that those before it made.

    Sequential by nature, so there is a step for every query; within it the pool is one array.
    """
    n_people = int(lists.candidate.max(initial=-1)) + 1
    first = np.full(len(lists), -1)
    metrics = np.zeros((len(lists), len(RANK_METRICS)))
    for project in np.unique(lists.project):
        borne = np.zeros(n_people)
        rows = np.flatnonzero(lists.project == project)
        rows = rows[np.argsort(lists.at[rows], kind="stable")]
        oldest = 0
        for row in rows:
            oldest = _let_go(borne, lists, first, rows, oldest, row)
            scores = _scores(lists, row, borne, weight * divided[project])
            first[row], metrics[row] = _recommend(lists, row, scores)
            if first[row] >= 0:
                borne[first[row]] += 1
    return Replayed(first, metrics)


def _let_go(borne, lists: Lists, first, rows, oldest: int, row: int) -> int:
    """Take what is older than the window off the load; return the place of the oldest kept."""
    while lists.at[rows[oldest]] <= lists.at[row] - WINDOW:
        if first[rows[oldest]] >= 0:
            borne[first[rows[oldest]]] -= 1
        oldest += 1
    return oldest


def _scores(lists: Lists, row: int, borne: np.ndarray, weight: float) -> np.ndarray:
    pairs = slice(lists.ptr[row], lists.ptr[row + 1])
    mean = borne.sum() / max(np.count_nonzero(borne), 1)
    return lists.score[pairs] - penalties(borne[lists.candidate[pairs]], mean, weight)


def _recommend(lists: Lists, row: int, scores: np.ndarray) -> tuple[int, np.ndarray]:
    if not len(scores):
        return -1, np.zeros(len(RANK_METRICS))
    pairs = slice(lists.ptr[row], lists.ptr[row + 1])
    candidates = lists.candidate[pairs]
    best = np.lexsort((candidates, -scores))[0]
    found = expected_ranking(scores, lists.relevant[pairs], int(lists.n_true[row]))
    return int(candidates[best]), found


def replays(lists: Lists, divided: np.ndarray, weights: Iterable[float]) -> dict[float, Replayed]:
    """Replay once at every weight, and at 0, which the others are compared with."""
    return {weight: replay(lists, weight, divided) for weight in sorted({0.0, *weights})}


def load_curve(
    lists: Lists, divided: np.ndarray, weights: Iterable[float] = WEIGHTS
) -> list[dict[str, float]]:
    """Return for each weight what it costs and what it spares; see `curve_points`."""
    weights = list(weights)
    points = curve_points(lists, divided, replays(lists, divided, weights))
    return [next(one for one in points if one["weight"] == weight) for weight in weights]


def curve_points(
    lists: Lists,
    divided: np.ndarray,
    replayed: Mapping[float, Replayed],
    rows: np.ndarray | slice = slice(None),
) -> list[dict[str, float]]:
    """Return one point a weight, in their order, about some queries (`rows`; all by default).

    `divided` says of each project whether it shares its load. `mrr` and `hit_at_1` are means over
    all `n` queries, `mrr_divided` over those of divided projects; `gini`, `largest_share` and
    `peak` are the mean over `loaded_projects` of the load of their recommendations, and
    `peak_fall` is the mean part by which the peak fell against weight 0. nan is what has no answer.
    """
    base = _project_loads(lists, replayed[0.0], divided, rows)
    here, points = divided[lists.project[rows]], []
    for weight, found in replayed.items():
        loads, metrics = _project_loads(lists, found, divided, rows), found.metrics[rows]
        kept = [(loads[project], base[project]) for project in base if _is_loaded(base[project])]
        point = {
            "weight": weight,
            "n": len(metrics),
            "mrr": _mean(metrics[:, 0]),
            "hit_at_1": _mean(metrics[:, 1]),
            "mrr_divided": _mean(metrics[here, 0]),
        }
        for name in ("gini", "largest_share", "peak"):
            point[name] = _mean([now[name] for now, _ in kept])
        point["peak_fall"] = _mean([1 - now["peak"] / then["peak"] for now, then in kept])
        points.append(point)
    return points


def loaded_projects(lists: Lists, divided: np.ndarray, unshared: Replayed) -> list[int]:
    """Return the projects that share a load worth the name: without a weight, its peak is four."""
    base = _project_loads(lists, unshared, divided)
    return [project for project, found in base.items() if _is_loaded(found)]


def _is_loaded(unshared: dict[str, float]) -> bool:
    return unshared["peak"] >= SMALL_PEAK


def _project_loads(
    lists: Lists, found: Replayed, divided: np.ndarray, rows: np.ndarray | slice = slice(None)
) -> dict[int, dict]:
    project, first, at = lists.project[rows], found.first[rows], lists.at[rows]
    loads = {}
    for row in np.unique(project):
        chosen = (project == row) & (first >= 0)
        if divided[row] and chosen.any():
            loads[int(row)] = load(first[chosen], at[chosen], WINDOW)
    return loads


def _mean(values) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
