"""The mentors backtest: the last 30 % of the reviewed changes, run once, misses counted.

Everything is learned before the cut; every answer sees only what was known at its moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.baselines import LOGISTIC_FEATURES, SIMPLE, logistic
from matching.history import DAY, NEWCOMER_BELOW, History
from matching.measures import RANK_METRICS, bootstrap_interval, load
from matching.pairs import PairFeatures, PairTable
from matching.pool import ACTIVE_DAYS
from matching.queries import Queries, queries_of_changes
from matching.ranker import draw_training_pairs, is_true
from matching.serving import (
    RETURNING_DAYS,
    Served,
    rank_metrics,
    teaching_changes,
    train,
)
from matching.slices import slices_of
from matching.sources import SHIPPED
from matching.travel_protocol import leave_one_project_out

TEST_SHARE = 0.3
LAG_DAYS = 7
LOAD_WINDOW = 30 * DAY
METHODS = ("served", *SIMPLE, "logistic", "gradient_boosting", SHIPPED)


@dataclass(frozen=True)
class Run:
    """Results per test query: metrics (n, 5), who was ranked first (-1: nobody), pool facts."""

    metrics: dict[str, np.ndarray]
    first: dict[str, np.ndarray]
    covered: dict[str, np.ndarray]
    pool_size: dict[str, np.ndarray]


def backtest_mentors(
    history: History,
    projects: Sequence[str] | None = None,
    methods: Sequence[str] | None = None,
    seed: int = 0,
    features: PairFeatures | None = None,
) -> dict:
    """Return the protocol's report as plain dicts; ValueError if there is too little to split.

    `projects` restricts both what is learned from and what is tested.
    """
    changes = _chosen_changes(history, projects)
    methods = tuple(methods or METHODS)
    features = features or PairFeatures(history)
    cut = int((1 - TEST_SHARE) * len(changes))
    as_of = int(history.at[changes[cut]])
    test = changes[history.at[changes] >= as_of]
    scorers = _Scorers(features, changes, as_of, methods, seed)
    now = _run(features, scorers, methods, test, queries_of_changes(history, test))
    newcomers = np.flatnonzero(history.earlier_changes[test] < NEWCOMER_BELOW)
    late = queries_of_changes(history, test[newcomers]).lagged(LAG_DAYS)
    lagged = _run(features, scorers, methods, test[newcomers], late)
    return {
        "task": "mentors",
        "projects": sorted(projects) if projects else list(history.projects),
        "data_hash": history.data_hash,
        "split": {"test_from": as_of, "train": len(changes) - len(test), "test": len(test)},
        "sources": {slug: scorers.served.source_for(slug) for slug in history.projects},
        "pool": _pool_report(history, test, now),
        "methods": _method_reports(history, changes, as_of, test, newcomers, now, lagged, seed),
    }


def _chosen_changes(history: History, projects: Sequence[str] | None) -> np.ndarray:
    changes = history.reviewed_changes()
    if projects is not None:
        unknown = sorted(set(projects) - set(history.projects))
        if unknown:
            raise ValueError(f"There is no project called {unknown[0]}.")
        rows = [history.projects.index(slug) for slug in projects]
        changes = changes[np.isin(history.project[changes], rows)]
    if len(changes) < 20:
        raise ValueError(f"Only {len(changes)} reviewed changes: too few for a backtest.")
    return changes


class _Scorers:
    """Everything that was learned before the cut, and how each method scores a table."""

    def __init__(self, features, changes, as_of, methods, seed) -> None:
        self.projects = features.history.projects
        self.served: Served = train(features, as_of, changes, seed)
        self.logistic = None
        if "logistic" in methods and self.served.ranker is not None:
            self.logistic = _fit_logistic(features, changes, as_of, seed)
        if SHIPPED in methods:
            self.elsewhere = leave_one_project_out(features, changes, as_of, seed)

    def score(self, method: str, table: PairTable) -> np.ndarray:
        if method == "served":
            return self.served.scores(table, self.projects)
        if method == SHIPPED:
            return self.elsewhere.score_table(table)
        if method in SIMPLE or self.served.ranker is None:
            return SIMPLE.get(method, SIMPLE["recency"])(table)
        if method == "logistic":
            return self.logistic.decision_function(_logistic_columns(table.values, table.names))
        if method == "gradient_boosting":
            return self.served.ranker.members_[0].trees_.decision_function(table.values)
        raise ValueError(f"There is no method called {method}.")


def _fit_logistic(features: PairFeatures, changes, as_of: int, seed: int):
    history = features.history
    known = teaching_changes(history, changes[history.at[changes] < as_of], seed)
    tables = features.tables(queries_of_changes(history, known))
    drawn = draw_training_pairs(tables, history.reviewers.take(known), seed=seed)
    return logistic().fit(_logistic_columns(drawn.X, drawn.names), drawn.y)


def _logistic_columns(values: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    return values[:, [names.index(name) for name in LOGISTIC_FEATURES]]


def _run(features, scorers, methods, changes: np.ndarray, queries: Queries) -> Run:
    """Score every query; the served method has its own pool, the others the protocol's."""
    ours = [method for method in methods if method == "served"]
    theirs = [method for method in methods if method != "served"]
    parts = [
        _run_pool(features, scorers, ours, changes, queries, RETURNING_DAYS),
        _run_pool(features, scorers, theirs, changes, queries, ACTIVE_DAYS),
    ]
    fields = ("metrics", "first", "covered", "pool_size")
    return Run(**{name: parts[0][name] | parts[1][name] for name in fields})


def _run_pool(features, scorers, methods, changes, queries, returning_days: int) -> dict:
    truth = features.history.reviewers.take(changes)
    n_true = np.diff(truth.ptr)
    found = {
        name: {method: [] for method in methods}
        for name in ("metrics", "first", "covered", "pool_size")
    }
    for rows, table in features.tables(queries, returning_days) if methods else ():
        relevant = is_true(table.pairs, truth.take(rows))
        covered = np.bincount(table.pairs.owner, relevant, len(rows)) > 0
        for method in methods:
            scores = scorers.score(method, table)
            found["metrics"][method].append(rank_metrics(table, scores, relevant, n_true[rows]))
            found["first"][method].append(_first_of_each(table, scores))
            found["covered"][method].append(covered)
            found["pool_size"][method].append(np.diff(table.pairs.ptr))
    return {
        name: {method: np.concatenate(parts) for method, parts in by_method.items()}
        for name, by_method in found.items()
    }


def _first_of_each(table: PairTable, scores: np.ndarray) -> np.ndarray:
    """Return the best candidate of each query, ties to the lower row, -1 for an empty pool."""
    pairs = table.pairs
    order = np.lexsort((pairs.candidate, -scores, pairs.owner))
    some = np.diff(pairs.ptr) > 0
    first = np.full(len(some), -1)
    first[some] = pairs.candidate[order[pairs.ptr[:-1][some]]]
    return first


def _pool_report(history: History, test: np.ndarray, run: Run) -> dict:
    earlier = history.earlier_changes[test]
    slices = {
        "all": earlier >= 0,
        "newcomers": earlier < NEWCOMER_BELOW,
        "first_change": earlier == 0,
    }
    names = {"served": "served", "protocol": "recency"}
    return {
        label: {
            name: {
                "mean_size": _mean(run.pool_size[method][rows]),
                "covered": _mean(run.covered[method][rows]),
            }
            for name, rows in slices.items()
        }
        for label, method in names.items()
        if method in run.covered
    }


def _method_reports(history, changes, as_of, test, newcomers, now, lagged, seed) -> dict:
    slices = slices_of(history, changes, as_of, test)
    people = history.author[test]
    report = {}
    for method, values in now.metrics.items():
        base = now.metrics.get("recency")
        found = {
            name: _summary(values[rows], people[rows], seed, None if base is None else base[rows])
            for name, rows in slices.items()
        }
        late_base = lagged.metrics.get("recency")
        found["lagged"] = _summary(lagged.metrics[method], people[newcomers], seed, late_base)
        found["load"] = _load(now.first[method], history.at[test])
        found["per_project"] = _per_project(found)
        report[method] = found
    return report


def _summary(values: np.ndarray, people: np.ndarray, seed: int, recency) -> dict:
    """Return n, the mean metrics, their intervals over mentees, and the gap to recency."""
    interval = bootstrap_interval(values, people, seed)
    summary = {"n": len(values)}
    summary |= {name: _mean(values[:, place]) for place, name in enumerate(RANK_METRICS)}
    if recency is not None:
        summary["mrr_over_recency"] = _mean(values[:, 0] - recency[:, 0])
    summary["ci"] = {
        name: [_number(low), _number(high)]
        for name, (low, high) in zip(RANK_METRICS, interval, strict=True)
    }
    return summary


def _load(first: np.ndarray, at: np.ndarray) -> dict[str, float]:
    some = first >= 0
    return load(first[some], at[some], LOAD_WINDOW)


def _per_project(found: dict) -> dict[str, float | None]:
    values = [part["mrr"] for name, part in found.items() if name.startswith("project:")]
    return {
        "mean_mrr": _mean(np.array(values)),
        "median_mrr": _number(np.median(values or [np.nan])),
    }


def _mean(values: np.ndarray) -> float | None:
    return _number(values.mean()) if len(values) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
