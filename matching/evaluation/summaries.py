"""From answers to figures: means with intervals over mentees, per project, and the gaps between."""

from collections.abc import Mapping

import numpy as np

from matching.evaluation.examination import Answers
from matching.measures import RANK_METRICS, Resample, interval_of
from matching.ranking.baselines import SIMPLE

MRR = RANK_METRICS.index("mrr")
BASE, OVER_BASE = "recency", "mrr_over_recency"


def summarise(answers: Mapping[str, Answers], people: np.ndarray, seed: int) -> dict[str, dict]:
    """Return for each method n, the mean metrics, the gap to recency, and 95 % intervals.

    Every answer has a row a query, `people` (n,) are the mentees who asked. Without a query the
    figures are None.
    """
    columns = {name: _columns(found, answers.get(BASE)) for name, found in answers.items()}
    draws = Resample(people, seed)
    return {
        name: {
            "n": len(people),
            **{label: _mean(values[:, place]) for place, label in enumerate(labels)},
            "ci": _by_label(labels, interval_of(draws.means(values))),
        }
        for name, (labels, values) in columns.items()
    }


def _columns(found: Answers, base: Answers | None) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names and the values, (n, m), of what is averaged."""
    if base is None:
        return RANK_METRICS, found.metrics
    gap = found.metrics[:, MRR] - base.metrics[:, MRR]
    return (*RANK_METRICS, OVER_BASE), np.column_stack([found.metrics, gap])


def per_project(
    answers: Mapping[str, Answers], people: np.ndarray, project: np.ndarray, seed: int
) -> dict[str, dict]:
    """Return for each method mean and median over projects of their MRR, with intervals."""
    draws = Resample(people, seed)
    places = [np.flatnonzero(project == one) for one in np.unique(project)]
    report = {}
    for name, found in answers.items():
        mrr = found.metrics[:, [MRR]]
        seen = np.array([mrr[rows].mean() for rows in places])
        drawn = [draws.means(mrr[rows], rows)[:, 0] for rows in places]
        report[name] = _mean_and_median(seen, np.array(drawn))
    return report


def _mean_and_median(seen: np.ndarray, drawn: np.ndarray) -> dict:
    """Summarise projects, (p,) as they are and (p, rounds) as drawn (nan: not in that draw)."""
    if not len(seen):
        none = [None, None]
        return {"mean_mrr": None, "median_mrr": None, "ci": {"mean_mrr": none, "median_mrr": none}}
    spread = interval_of(np.stack([np.nanmean(drawn, axis=0), np.nanmedian(drawn, axis=0)], axis=1))
    return {
        "mean_mrr": number(seen.mean()),
        "median_mrr": number(np.median(seen)),
        "ci": _by_label(("mean_mrr", "median_mrr"), spread),
    }


def gap_to_simple(method: str, answers: Mapping[str, Answers], people: np.ndarray, seed: int):
    """Return a method's MRR, that of the simple ranking that did best on these queries, the gap.

    The rival is chosen with hindsight, which no product can do: the hardest comparison. None
    where there is no query or no simple ranking.
    """
    rivals = {name: found.metrics[:, MRR] for name, found in answers.items() if name in SIMPLE}
    if not rivals or not len(people):
        return None
    best = max(rivals, key=lambda name: rivals[name].mean())
    own = answers[method].metrics[:, MRR]
    gap = (own - rivals[best])[:, None]
    low, high = interval_of(Resample(people, seed).means(gap))[0]
    return {
        "n": len(people),
        "mrr": _mean(own),
        "best": best,
        "best_mrr": _mean(rivals[best]),
        "gap": _mean(gap[:, 0]),
        "ci": [number(low), number(high)],
    }


def taken(answers: Mapping[str, Answers], rows: np.ndarray) -> dict[str, Answers]:
    """Return the answers to the chosen queries."""
    return {
        name: Answers(
            found.metrics[rows], found.first[rows], found.covered[rows], found.pool_size[rows]
        )
        for name, found in answers.items()
    }


def _by_label(labels: tuple[str, ...], intervals: np.ndarray) -> dict[str, list]:
    return {
        name: [number(low), number(high)]
        for name, (low, high) in zip(labels, intervals, strict=True)
    }


def _mean(values: np.ndarray) -> float | None:
    return number(values.mean()) if len(values) else None


def number(value: float) -> float | None:
    """Return a figure as JSON may hold it: four decimals, None for what has no answer."""
    return None if np.isnan(value) else round(float(value), 4)


def rounded(found: dict) -> dict:
    """Return figures as JSON may hold them; whole numbers stay whole."""
    return {name: v if isinstance(v, int) else number(v) for name, v in found.items()}
