"""The leaders backtest: landmarks after the cut, learned from years that were over before it.

People are dealt into folds; nobody is judged by a model that saw another of their landmarks.
"""

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from matching.history import DAY, History
from matching.landmark_features import YEAR_DAYS
from matching.landmarks import Landmarks, build_landmarks, landmark_dates
from matching.leaders import LeaderModel
from matching.measures import (
    average_precision,
    brier,
    calibration_slope,
    interval_of,
    precision_at,
    reliability,
    roc_auc,
)
from matching.nearness import squeeze

TEST_SHARE = 0.3
TRAINING_STEP_DAYS = 60
"""Training landmarks stand closer than the test's: more moments of the same careers."""
FOLDS = 5
BOOTSTRAPS = 200
SIMPLE = ("commits_90d", "commits_365d", "active_weeks_180d", "days_since_activity")
LOGISTIC_FEATURES = (
    "changes_90d",
    "changes_365d",
    "active_weeks_180d",
    "active_weeks_365d",
    "days_since_activity",
    "tenure_days",
    "areas_365d",
    "reviews_given_365d",
    "reviews_received_180d",
    "newcomers_helped_365d",
    "project_active_people",
    "project_core_people",
)
METHODS = ("served", *SIMPLE, "logistic", "leave_one_project_out")
Scorer = Callable[[Landmarks, Landmarks, int], np.ndarray]


def backtest_leaders(
    history: History,
    projects: Sequence[str] | None = None,
    methods: Sequence[str] | None = None,
    seed: int = 0,
) -> dict:
    """Return the protocol's report as plain dicts; ValueError if the history is too short."""
    rows = _project_rows(history, projects)
    cut = test_from(history)
    dates = landmark_dates(history)
    test = build_landmarks(history, dates[dates >= cut], rows)
    if not test.core_later.any():
        raise ValueError("The history is too short for a leaders backtest: nobody became core.")
    known_by = int(test.date.min()) - YEAR_DAYS * DAY
    training = training_landmarks(history, known_by, rows)
    if training.core_later.sum() < 2:
        raise ValueError("Nobody became core before the test period: nothing to learn from.")
    scores = {
        method: (SCORERS.get(method) or _simple(method))(training, test, seed)
        for method in (METHODS if methods is None else methods)
    }
    return {
        "task": "leaders",
        "projects": [history.projects[row] for row in rows],
        "data_hash": history.data_hash,
        "split": _split_report(training, test),
        "methods": {name: _figures(history, test, one, seed) for name, one in scores.items()},
        "failures": {"projects": _silent_projects(history, test, rows)},
    }


def _figures(history: History, test: Landmarks, scores: np.ndarray, seed: int) -> dict:
    """Return the figures of all rows and, as `project:<slug>`, of each project's; reliability."""
    found = {"all": summary(test, scores, seed)}
    for project in np.unique(test.project):
        here = np.flatnonzero(test.project == project)
        name = f"project:{history.projects[project]}"
        found[name] = summary(test.take(here), scores[here], seed)
    return {**found, "reliability": _reliability(test, scores)}


def _silent_projects(history: History, test: Landmarks, rows: list[int]) -> dict[str, str]:
    """Return the projects of which too little can be said, and why."""
    found = {}
    for row in rows:
        here = test.core_later[test.project == row]
        if not len(here):
            found[history.projects[row]] = "nobody_asked_about"
        elif not here.any():
            found[history.projects[row]] = "nobody_became_core"
        elif here.all():
            found[history.projects[row]] = "everybody_became_core"
    return found


def _split_report(training: Landmarks, test: Landmarks) -> dict[str, int]:
    return {
        "test_from": int(test.date.min()),
        "train": len(training),
        "train_positive": int(training.core_later.sum()),
        "test": len(test),
        "test_positive": int(test.core_later.sum()),
    }


def test_from(history: History) -> int:
    """Return the moment after which the last 30 % of reviewed changes (of all, if few) landed."""
    changes = history.reviewed_changes()
    at = history.at[changes] if len(changes) >= 100 else history.at
    return int(at[int((1 - TEST_SHARE) * len(at))])


test_from.__test__ = False  # the name begins like a test's


def training_landmarks(
    history: History, known_by: int, projects: Sequence[int] | None = None
) -> Landmarks:
    """Return landmarks up to `known_by` (seconds): a year later their labels are complete."""
    dates = landmark_dates(history, TRAINING_STEP_DAYS)
    step = TRAINING_STEP_DAYS * DAY
    last = min(int(dates[-1]), known_by) if len(dates) else known_by
    first = int(dates[0]) if len(dates) else last + 1
    return build_landmarks(history, np.arange(last, first - 1, -step)[::-1], projects)


def _project_rows(history: History, projects: Sequence[str] | None) -> list[int]:
    unknown = sorted(set(projects or ()) - set(history.projects))
    if unknown:
        raise ValueError(f"There is no project called {unknown[0]}.")
    wanted = history.projects if projects is None else projects
    return [history.projects.index(slug) for slug in wanted]


def fold_of(training: Landmarks, test: Landmarks, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the fold of each training and test row: all rows of a person share one."""
    people = np.union1d(training.person, test.person)
    dealt = np.random.default_rng(seed).permutation(len(people)) % FOLDS
    return dealt[np.searchsorted(people, training.person)], dealt[
        np.searchsorted(people, test.person)
    ]


def _folded(training: Landmarks, test: Landmarks, seed: int, fit_score: Callable) -> np.ndarray:
    scores = np.full(len(test), training.core_later.mean())
    own, other = fold_of(training, test, seed)
    for fold in range(FOLDS):
        known, asked = np.flatnonzero(own != fold), np.flatnonzero(other == fold)
        if len(asked) and training.core_later[known].sum() >= 2:
            scores[asked] = fit_score(training.take(known), test.take(asked), seed)
    return scores


def _served(training: Landmarks, test: Landmarks, seed: int) -> np.ndarray:
    model = LeaderModel(random_state=seed)
    model.fit(training.X, training.core_later, training.person, training.later_ratio)
    return model.predict_proba(test.X)


def _logistic(training: Landmarks, test: Landmarks, seed: int) -> np.ndarray:
    columns = [training.names.index(name) for name in LOGISTIC_FEATURES]
    return _fit_linear(training.X[:, columns], training.core_later, test.X[:, columns])


def _fit_linear(X: np.ndarray, y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    model = make_pipeline(FunctionTransformer(squeeze), StandardScaler(), LogisticRegression(C=1.0))
    return model.fit(X, y).predict_proba(asked)[:, 1]


def _simple(name: str) -> Scorer:
    """Return a scorer of one count, put on the scale of a probability by what was known."""

    def scorer(training: Landmarks, test: Landmarks, seed: int) -> np.ndarray:
        return _fit_linear(
            training.column(name)[:, None], training.core_later, test.column(name)[:, None]
        )

    return scorer


def _leave_one_project_out(training: Landmarks, test: Landmarks, seed: int) -> np.ndarray:
    """Score each project by a model of the other projects and of other people."""
    scores = np.full(len(test), training.core_later.mean())
    for project in np.unique(test.project):
        asked = np.flatnonzero(test.project == project)
        strange = (training.project != project) & ~np.isin(training.person, test.person[asked])
        known = training.take(np.flatnonzero(strange))
        if known.core_later.sum() >= 2:
            model = LeaderModel(n_members=3, random_state=seed)
            model.fit(known.X, known.core_later, known.person, known.later_ratio)
            scores[asked] = model.predict_proba(test.X[asked])
    return scores


SCORERS: dict[str, Scorer] = {
    "served": lambda training, test, seed: _folded(training, test, seed, _served),
    "logistic": lambda training, test, seed: _folded(training, test, seed, _logistic),
    "leave_one_project_out": _leave_one_project_out,
}


def summary(test: Landmarks, scores: np.ndarray, seed: int) -> dict:
    """Return n, the leader metrics, and intervals of AUC and AP over people."""
    truth = test.core_later
    found = {
        "n": len(test),
        "auc": roc_auc(truth, scores),
        "ap": average_precision(truth, scores),
        "p_at_5": _mean_precision(test, scores, 5),
        "p_at_10": _mean_precision(test, scores, 10),
        "brier": brier(truth, scores),
        "base_rate": float(truth.mean()),
        "base_rate_brier": float(truth.mean() * (1 - truth.mean())),
        "calibration_slope": calibration_slope(truth, scores),
    }
    found = {name: value if name == "n" else _number(value) for name, value in found.items()}
    return found | {"ci": _intervals(test, scores, seed)}


def _mean_precision(test: Landmarks, scores: np.ndarray, depth: int) -> float:
    """Return precision@depth, mean over the project-dates with at least so many people."""
    place = test.project.astype(np.int64) * 2**36 + test.date
    found = [
        precision_at(test.core_later[place == key], scores[place == key], depth)
        for key in np.unique(place)
        if (place == key).sum() >= depth
    ]
    return float(np.mean(found)) if found else float("nan")


def _intervals(test: Landmarks, scores: np.ndarray, seed: int) -> dict[str, list]:
    rng = np.random.default_rng(seed)
    people, group = np.unique(test.person, return_inverse=True)
    drawn = []
    for _ in range(BOOTSTRAPS):
        times = np.bincount(rng.integers(0, len(people), len(people)), minlength=len(people))
        rows = np.repeat(np.arange(len(test)), times[group])
        truth = test.core_later[rows]
        drawn.append((roc_auc(truth, scores[rows]), average_precision(truth, scores[rows])))
    intervals = (interval_of(np.array(column)[:, None])[0] for column in zip(*drawn, strict=True))
    return {
        name: [_number(low), _number(high)]
        for name, (low, high) in zip(("auc", "ap"), intervals, strict=True)
    }


def _reliability(test: Landmarks, scores: np.ndarray) -> list[dict]:
    return reliability(test.core_later, scores)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
