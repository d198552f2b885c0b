"""Who is compared in the leaders backtest: the product's model and the simple rankings.

People are dealt into folds; nobody is judged by a model that saw another of their landmarks.
"""

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from matching.emerging.landmark_training import Training
from matching.emerging.landmarks import Landmarks
from matching.emerging.leaders import LeaderModel
from matching.emerging.nearness import squeeze
from matching.emerging.travelling_leaders import LearnedElsewhere

FOLDS = 5
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
SHIPPED = "shipped"
METHODS = ("served", *SIMPLE, "logistic", "leave_one_project_out")
"""What is compared always; `SHIPPED`, other communities alone, where their model may be asked."""


def scores_of(
    name: str,
    training: Training,
    test: Landmarks,
    seed: int,
    others: LearnedElsewhere | None = None,
) -> np.ndarray:
    """Return a probability for each row of the test, by a method; ValueError if it is unknown."""
    if name == SHIPPED:
        return _others_alone(others, training, test)
    if name == "leave_one_project_out":
        return _leave_one_project_out(training, test, seed, others)
    if name == "served":
        return _folded(training, test, seed, lambda *known: _served(*known, others))
    if name == "logistic":
        return _folded(training, test, seed, _logistic)
    return _simple(name, training, test)


def fold_of(known: np.ndarray, asked: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the fold of each training and test row by its person: all of one share a fold."""
    people = np.union1d(known, asked)
    dealt = np.random.default_rng(seed).permutation(len(people)) % FOLDS
    return dealt[np.searchsorted(people, known)], dealt[np.searchsorted(people, asked)]


def _folded(training: Training, test: Landmarks, seed: int, fit_score: Callable) -> np.ndarray:
    scores = _base_rate(training, test)
    own, other = fold_of(training.landmarks.person, test.person, seed)
    for fold in range(FOLDS):
        known = training.take(np.flatnonzero(own != fold))
        asked = np.flatnonzero(other == fold)
        if len(asked) and known.became_core >= 2:
            scores[asked] = fit_score(known, test.take(asked), seed)
    return scores


def _base_rate(training: Training, test: Landmarks) -> np.ndarray:
    return np.full(len(test), training.became_core / max(training.is_asked.sum(), 1))


def _served(training: Training, test: Landmarks, seed: int, others) -> np.ndarray:
    return LeaderModel(random_state=seed).fit(training, others).predict_proba(test.X)


def _others_alone(others: LearnedElsewhere | None, training, test: Landmarks) -> np.ndarray:
    if others is None:
        return _base_rate(training, test)
    return LeaderModel.untaught(others).predict_proba(test.X)


def _logistic(training: Training, test: Landmarks, seed: int) -> np.ndarray:
    known = training.landmarks.take(np.flatnonzero(training.is_asked))
    counts = [
        np.stack([rows.column(name) for name in LOGISTIC_FEATURES], axis=1)
        for rows in (known, test)
    ]
    return _fit_linear(counts[0], known.core_later, counts[1])


def _fit_linear(X: np.ndarray, y: np.ndarray, asked: np.ndarray) -> np.ndarray:
    model = make_pipeline(FunctionTransformer(squeeze), StandardScaler(), LogisticRegression(C=1.0))
    return model.fit(X, y).predict_proba(asked)[:, 1]


def _simple(name: str, training: Training, test: Landmarks) -> np.ndarray:
    """Score by one count, put on the scale of a probability by what was known."""
    known = training.landmarks.take(np.flatnonzero(training.is_asked))
    return _fit_linear(known.column(name)[:, None], known.core_later, test.column(name)[:, None])


def _leave_one_project_out(training: Training, test: Landmarks, seed: int, others) -> np.ndarray:
    """Score each project by a model of the other projects and of other people."""
    rows = training.landmarks
    scores = _base_rate(training, test)
    for project in np.unique(test.project):
        asked = np.flatnonzero(test.project == project)
        strange = (rows.project != project) & ~np.isin(rows.person, test.person[asked])
        known = training.take(np.flatnonzero(strange))
        if known.became_core >= 2:
            model = LeaderModel(n_members=3, random_state=seed).fit(known, others)
            scores[asked] = model.predict_proba(test.X[asked])
    return scores
