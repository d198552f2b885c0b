"""Of the people active now who are not core yet: who is likely to be core in a year, or in two.

Regressions of nearness to the core, averaged over bootstrap samples of people, and what was
learned in other communities: the mean of both log odds. The samples that did not hold a person
calibrate what is said of them.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from matching.emerging.landmark_training import Training
from matching.emerging.landmarks import FEATURES
from matching.emerging.nearness import NearnessModel
from matching.emerging.travelling_leaders import LearnedElsewhere
from matching.ranking.attribution import attribute

HORIZONS = (1, 2)
"""Years ahead."""
EDGE = 1e-4
"""Probabilities are kept this far from 0 and 1."""

REASON_GROUPS = {
    "rhythm": ("active_weeks_90d", "active_weeks_180d", "active_weeks_365d", "longest_pause_365d"),
    "recency": ("days_since_activity", "days_since_commit", "changes_30d"),
    "work": (
        "changes_90d",
        "changes_365d",
        "commit_share_90d",
        "commit_share_365d",
        "commit_rank_365d",
        "commit_rank_90d",
    ),
    "nearness": (
        "core_ratio_90d",
        "core_ratio_365d",
        "core_ratio_decayed",
        "core_ratio_since_start",
        "core_ratio_best_quarter",
        "least_core_ratio_90d",
        "least_core_ratio_180d",
        "commits_above_90d",
        "commits_above_180d",
        "commits_above_365d",
        "core_in_90d",
        "core_in_180d",
        "core_a_year_ago",
    ),
    "growth": ("commit_trend", "new_areas_180d"),
    "tenure": ("tenure_days",),
    "breadth": ("areas_365d", "commits_elsewhere_365d"),
    "reviews_given": (
        "reviews_given_180d",
        "reviews_given_365d",
        "review_share_180d",
        "people_reviewed_365d",
        "other_activity_180d",
    ),
    "newcomers_helped": ("newcomers_helped_365d",),
    "reviews_received": ("reviews_received_180d", "reviewers_met_365d"),
    "project": (
        "project_trend",
        "project_promotion_share",
        "project_core_gone_share",
        "project_core_people_share",
        "project_newcomer_share",
        "project_retention",
        "project_age_days",
        "project_least_core_work",
        "project_least_core_trend",
        "project_core_share_without_organisation",
    ),
    "organisation": (
        "organisation_known",
        "organisation_share_365d",
        "organisation_core_share_365d",
        "organisation_promotion_share",
    ),
}
"""Features as a page can explain them: one reason a group."""


class LeaderModel(BaseEstimator):
    """Calibrated probability with an interval.

    Learned: `members_` (fitted `NearnessModel`s), `elsewhere_` (arrays of what was learned in
    other communities, or none), `calibration_` (intercept and slope on the mean of both log
    odds), `base_rate_`, `n_features_in_`.
    """

    def __init__(
        self,
        n_members: int = 8,
        n_trees: int = 10,
        core_weight: float = 0.5,
        random_state: int = 0,
    ) -> None:
        self.n_members = n_members
        self.n_trees = n_trees
        self.core_weight = core_weight
        self.random_state = random_state

    @classmethod
    def untaught(cls, elsewhere: LearnedElsewhere) -> "LeaderModel":
        """Return a model that knows only what was learned in other communities."""
        model = cls()
        model.members_, model.elsewhere_ = [], elsewhere.arrays()
        model.calibration_ = np.array([0.0, 1.0])
        model.base_rate_, model.n_features_in_ = elsewhere.base_rate, len(FEATURES)
        return model

    @property
    def is_taught(self) -> bool:
        """Return whether anything was learned from the community itself."""
        return bool(self.members_)

    def fit(self, training: Training, elsewhere: LearnedElsewhere | None = None) -> "LeaderModel":
        """Learn from people at dates; ValueError unless both outcomes occur twice.

        A person's rows are drawn, or left out, together. Rows that are not asked about teach
        nearness; only those asked about teach, and calibrate, the chance.
        """
        rows = training.landmarks
        asked = training.is_asked
        y = rows.core_later & asked
        if min(y.sum(), (asked & ~y).sum()) < 2:
            raise ValueError("Too few people became core, or did not: nothing to learn from.")
        rng = np.random.default_rng(self.random_state)
        people, group = np.unique(rows.person, return_inverse=True)
        self.members_, unseen, times = [], np.zeros(len(y)), np.zeros(len(y))
        while len(self.members_) < self.n_members:
            drawn = rng.multinomial(len(people), np.full(len(people), 1 / len(people)))[group]
            if not (y & (drawn > 0)).any() or not (asked & ~y & (drawn > 0)).any():
                continue
            with threadpool_limits(1):
                member = self._member(training, y, drawn, len(self.members_))
            self.members_.append(member)
            out = asked & (drawn == 0)
            unseen[out] += _sigmoid(member.decision_function(rows.X[out])) if out.any() else 0
            times += out
        known = times > 0
        self.elsewhere_, self._others = (elsewhere.arrays() if elsewhere else {}), elsewhere
        self.base_rate_ = float(y[asked].mean())
        self.n_features_in_ = rows.X.shape[1]
        told = self._with_elsewhere(_log_odds(unseen[known] / times[known]), rows.X[known])
        self.calibration_ = _calibrate(told, y[known])
        return self

    def _member(self, training: Training, y, drawn, number: int) -> NearnessModel:
        asked = np.flatnonzero(training.is_asked & (drawn > 0))
        order = np.append(asked, np.flatnonzero(~training.is_asked & (drawn > 0)))
        weight = np.where(training.landmarks.is_core, self.core_weight, 1.0) * drawn
        model = NearnessModel(n_trees=self.n_trees, random_state=self.random_state * 1000 + number)
        X, nearness = training.landmarks.X[order], training.nearness[order]
        return model.fit(X, y[asked], nearness, weight[order])

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return calibrated log odds."""
        return self._calibrated(self._mean(X))

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Return the calibrated probability of being core in a year, shape (n,)."""
        return _sigmoid(self.decision_function(X))

    def predict_interval(self, X: np.ndarray, level: float = 0.8) -> tuple[np.ndarray, np.ndarray]:
        """Return the probability, shape (n,), and its low and high, shape (n, 2).

        The interval is where the members' probabilities spread.
        """
        tail, middle = (1 - level) / 2, self.decision_function(X)
        low, high = np.quantile(self._calibrated(self._each(X)), [tail, 1 - tail], axis=0)
        edges = np.stack([np.minimum(low, middle), np.maximum(high, middle)], axis=1)
        return _sigmoid(middle), _sigmoid(edges)

    def _mean(self, X: np.ndarray) -> np.ndarray:
        """Return the mean of own and other communities' log odds, before calibration."""
        if not self.members_:
            return self._elsewhere(X).mean(axis=0)
        own = np.mean([_sigmoid(member.decision_function(X)) for member in self.members_], axis=0)
        return self._with_elsewhere(_log_odds(own), X)

    def _with_elsewhere(self, own: np.ndarray, X: np.ndarray) -> np.ndarray:
        """Return own log odds (n,) averaged with those learned elsewhere, if any were."""
        return (own + self._elsewhere(X).mean(axis=0)) / 2 if self.elsewhere_ else own

    def _each(self, X: np.ndarray) -> np.ndarray:
        """Return the log odds of each member with each one of elsewhere, before calibration."""
        own = np.array([member.decision_function(X) for member in self.members_])
        if not self.elsewhere_:
            return own
        others = self._elsewhere(X)
        return others if not len(own) else ((own[:, None] + others) / 2).reshape(-1, len(X))

    def _elsewhere(self, X: np.ndarray) -> np.ndarray:
        if self._others is None:
            self._others = LearnedElsewhere.from_arrays(self.elsewhere_)
        return self._others.each(X)

    # A model kept by a version that asked nobody else is served as it was.
    elsewhere_: Mapping[str, np.ndarray] = MappingProxyType({})
    _others: LearnedElsewhere | None = None

    def __getstate__(self) -> dict:
        """Return what is kept of the model: arrays, not what was read from them."""
        return {name: kept for name, kept in super().__getstate__().items() if name != "_others"}

    def explain(
        self, X: np.ndarray, reference: np.ndarray, names: tuple[str, ...]
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return the log odds of `reference` and what each reason group adds for each row.

        `reference` is one row, such as the median of the people of one project and date. The
        base and the contributions of a row add up to its `decision_function`.
        """
        groups = [
            np.array([names.index(name) for name in group]) for group in REASON_GROUPS.values()
        ]
        base, parts = attribute(self.decision_function, X, reference, groups)
        return base, dict(zip(REASON_GROUPS, parts.T, strict=True))

    def _calibrated(self, log_odds: np.ndarray) -> np.ndarray:
        intercept, slope = self.calibration_
        return intercept + slope * log_odds


class LeaderModels(BaseEstimator):
    """One `LeaderModel` for each horizon (years) that there is enough history for.

    Learned: `models_`, by the horizon as text.
    """

    def __init__(self, random_state: int = 0) -> None:
        self.random_state = random_state

    def fit(
        self,
        trainings: dict[int, Training],
        elsewhere: Mapping[int, LearnedElsewhere] = MappingProxyType({}),
    ) -> "LeaderModels":
        """Learn each horizon from its own past, beside what was learned elsewhere.

        A past too short to learn from leaves the latter alone. ValueError if there is neither.
        """
        self.models_ = {}
        for horizon, training in sorted(trainings.items()):
            others = elsewhere.get(horizon)
            try:
                model = LeaderModel(random_state=self.random_state).fit(training, others)
            except ValueError:
                if others is None and not self.models_:
                    raise
                if others is None:
                    break  # what lies farther needs more history, not less
                model = LeaderModel.untaught(others)
            self.models_[str(horizon)] = model
        return self

    @property
    def is_taught(self) -> bool:
        """Return whether anything was learned from the community itself."""
        return any(model.is_taught for model in self.models_.values())

    @property
    def hears_others(self) -> bool:
        """Return whether what was learned in other communities has a say."""
        return any(model.elsewhere_ for model in self.models_.values())

    def at(self, horizon: int) -> LeaderModel | None:
        """Return the model that looks so many years ahead, None if there is none."""
        return self.models_.get(str(horizon))


def _log_odds(probability: np.ndarray) -> np.ndarray:
    kept = np.clip(probability, EDGE, 1 - EDGE)
    return np.log(kept / (1 - kept))


def _sigmoid(log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-log_odds))


def _calibrate(log_odds: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return intercept and slope of a logistic fit; the identity if only one outcome is there."""
    if y.all() or not y.any():
        return np.array([0.0, 1.0])
    fit = LogisticRegression(C=1.0).fit(log_odds[:, None], y)
    return np.array([fit.intercept_[0], np.clip(fit.coef_[0, 0], 0.05, 2.0)])
