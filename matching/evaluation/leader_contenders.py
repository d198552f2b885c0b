"""Who is compared in the leaders backtest: the product's model and the simple rankings.

People are dealt into folds; nobody is judged by a model that saw another of their landmarks.
"""

from collections.abc import Callable

import numpy as np

from matching.emerging.landmark_training import Training
from matching.emerging.landmarks import Landmarks
from matching.emerging.leader_baselines import by_counts, by_one_count
from matching.emerging.leaders import LeaderModel
from matching.emerging.travelling_leaders import LearnedElsewhere

FOLDS = 5
SIMPLE = ("commits_90d", "commits_365d", "active_weeks_180d", "days_since_activity")
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
        return _folded(training, test, seed, lambda known, asked, _: by_counts(known, asked))
    return by_one_count(name, training, test)


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
