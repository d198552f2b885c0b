"""The leaders backtest: landmarks after the cut, learned from years that were over before it."""

from collections.abc import Iterable, Sequence

import numpy as np

from matching.arrays.history import History
from matching.emerging.landmark_training import Training, training_of
from matching.emerging.landmarks import Landmarks, build_landmarks, landmark_dates
from matching.emerging.travelling_leaders import LearnedElsewhere
from matching.evaluation.leader_contenders import METHODS, SHIPPED, scores_of
from matching.evaluation.too_little import TooLittle
from matching.measures import (
    average_precision,
    brier,
    calibration_slope,
    interval_of,
    precision_at,
    reliability,
    roc_auc,
)
from matching.registry.shipped_leaders import NOTHING, Elsewhere

TEST_SHARE = 0.3
BOOTSTRAPS = 200


def backtest_leaders(
    history: History,
    projects: Sequence[str] | None = None,
    methods: Sequence[str] | None = None,
    seed: int = 0,
    elsewhere: Elsewhere = NOTHING,
) -> dict:
    """Return the protocol's report as plain dicts; ValueError if the history is too short.

    What was learned `elsewhere` has a say only if it knows nothing of the test's years or later.
    """
    rows = _project_rows(history, projects)
    test, training = _split(history, rows, horizon=1)
    others = elsewhere.known_before(int(test.date.min()))
    asked = (*METHODS, *((SHIPPED,) if others else ())) if methods is None else methods
    report = {
        "task": "leaders",
        "projects": [history.projects[row] for row in rows],
        "data_hash": history.data_hash,
        "split": _split_report(training, test),
        "elsewhere": elsewhere.version if others else None,
        "methods": {name: {} for name in asked},
        "failures": {"projects": _silent_projects(history, test, rows)},
    }
    for name, values in _scores(asked, training, test, seed, others.get(1)).items():
        report["methods"][name] |= _slices(history, test, values, seed)
    _add_two_years(report, history, rows, seed, others.get(2))
    return report


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


def _split(history: History, rows: list[int], *, horizon: int) -> tuple[Landmarks, Training]:
    """Return landmarks after the cut, and what was known when their period began."""
    test = build_landmarks(history, _test_dates(history, horizon), rows, horizon=horizon)
    if not test.core_later.any():
        raise TooLittle("The history is too short for a leaders backtest: nobody became core.")
    training = training_of(history, int(test.date.min()), rows, horizon=horizon)
    if training.became_core < 2:
        raise TooLittle("Nobody became core before the test period: nothing to learn from.")
    return test, training


def _test_dates(history: History, horizon: int) -> np.ndarray:
    """Return the landmarks after the cut whose year is over.

    In a community of some three years there is none: then the last one of all is asked about, one
    year ahead. Whatever is asked about, only what was known at that date is learned from.
    """
    dates = landmark_dates(history, horizon=horizon)
    after = dates[dates >= test_from(history)]
    return after if len(after) or horizon > 1 else dates[-1:]


def _add_two_years(
    report: dict, history: History, rows: list[int], seed: int, others: LearnedElsewhere | None
) -> None:
    """Add the slice of the second horizon, where the history reaches so far."""
    try:
        test, training = _split(history, rows, horizon=2)
    except ValueError:
        return
    report["split_two_years"] = _split_report(training, test)
    for name, values in _scores(report["methods"], training, test, seed, others).items():
        report["methods"][name]["two_years"] = summary(test, values, seed)


def _scores(
    methods: Iterable[str],
    training: Training,
    test: Landmarks,
    seed: int,
    others: LearnedElsewhere | None,
) -> dict[str, np.ndarray]:
    return {name: scores_of(name, training, test, seed, others) for name in methods}


def _slices(history: History, test: Landmarks, values: np.ndarray, seed: int) -> dict:
    """Return the summaries of all rows, of what can be answered, and of each project."""
    answered = np.isfinite(test.ratios[:, -1])
    slices = {"all": np.arange(len(test)), "answered": np.flatnonzero(answered)}
    for row in np.unique(test.project):
        slices[f"project:{history.projects[row]}"] = np.flatnonzero(test.project == row)
    found = {
        name: summary(test.take(chosen), values[chosen], seed) for name, chosen in slices.items()
    }
    return found | {"reliability": _reliability(test, values)}


def _split_report(training: Training, test: Landmarks) -> dict[str, int]:
    return {
        "test_from": int(test.date.min()),
        "train": int(training.is_asked.sum()),
        "train_positive": training.became_core,
        "train_of_nearness_only": int((~training.is_asked).sum()),
        "test": len(test),
        "test_positive": int(test.core_later.sum()),
        "test_unanswerable": int(np.isnan(test.ratios[:, -1]).sum()),
    }


def test_from(history: History) -> int:
    """Return the moment after which the last 30 % of reviewed changes (of all, if few) landed."""
    changes = history.reviewed_changes()
    at = history.at[changes] if len(changes) >= 100 else history.at
    return int(at[int((1 - TEST_SHARE) * len(at))])


test_from.__test__ = False  # the name begins like a test's


def _project_rows(history: History, projects: Sequence[str] | None) -> list[int]:
    unknown = sorted(set(projects or ()) - set(history.projects))
    if unknown:
        raise ValueError(f"There is no project called {unknown[0]}.")
    wanted = history.projects if projects is None else projects
    return [history.projects.index(slug) for slug in wanted]


def summary(test: Landmarks, scores: np.ndarray, seed: int) -> dict:
    """Return n, the leader metrics, and intervals of AUC and AP over people.

    `p_at_5_best` is what an all-knowing order would reach: few people become core in a project.
    """
    truth = test.core_later
    found = {
        "n": len(test),
        "auc": roc_auc(truth, scores),
        "ap": average_precision(truth, scores),
        "p_at_5": _mean_precision(test, scores, 5),
        "p_at_10": _mean_precision(test, scores, 10),
        "p_at_5_best": _mean_precision(test, truth.astype(float), 5),
        "p_at_10_best": _mean_precision(test, truth.astype(float), 10),
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
