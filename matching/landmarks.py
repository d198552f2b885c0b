"""Landmarks: who was active but not core at a date, what was known of them, who was core later.

Core is the smallest set of people with 80 % of a year's commits. A row is a person at a date in
a project; its features see only what came before the date, its label the year after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.history import DAY, History
from matching.landmark_features import ACTIVE_DAYS, FEATURES, YEAR_DAYS, LandmarkFeatures
from matching.pair_batch import ReviewEvents
from matching.project_log import ProjectLog, core_of

STEP_DAYS = 182
FEWEST_COMMITS = 20
"""A year with fewer commits in a project has no core worth predicting."""
PLAIN = ("commits_90d", "commits_365d")
"""Raw counts: not learned from, but the simple baselines to beat."""
ARRAYS = ("X", "plain", "core_later", "later_ratio", "person", "project", "date")


@dataclass(frozen=True)
class Landmarks:
    """Rows (person, project, date) with features (n, len(FEATURES)), `PLAIN` counts, labels.

    `later_ratio` is their commits of the year after over those of the least core member.
    """

    X: np.ndarray
    plain: np.ndarray
    core_later: np.ndarray
    later_ratio: np.ndarray
    person: np.ndarray
    project: np.ndarray
    date: np.ndarray
    names: tuple[str, ...] = FEATURES

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: np.ndarray) -> "Landmarks":
        """Return the chosen rows."""
        return Landmarks(**{name: getattr(self, name)[rows] for name in ARRAYS}, names=self.names)

    def column(self, name: str) -> np.ndarray:
        """Return one feature or plain count by name; ValueError if there is none of that name."""
        if name in PLAIN:
            return self.plain[:, PLAIN.index(name)]
        return self.X[:, self.names.index(name)]


def landmark_dates(history: History, step_days: int = STEP_DAYS) -> np.ndarray:
    """Return dates (seconds) every `step_days`, the last one a complete year before the end."""
    if not history.n_changes:
        return np.zeros(0, np.int64)
    first, last = int(history.at[0]) + YEAR_DAYS * DAY, int(history.at[-1]) - YEAR_DAYS * DAY
    return np.arange(last, first, -step_days * DAY, dtype=np.int64)[::-1]


def build_landmarks(
    history: History, dates: Sequence[int], projects: Sequence[int] | None = None
) -> Landmarks:
    """Return the rows of all dates and projects (rows of `History.projects`; default all).

    Where the year after a date is not over, or too quiet for a core, labels are False.
    """
    reviews = ReviewEvents.of(history)
    rows = range(len(history.projects)) if projects is None else projects
    logs = [ProjectLog(history, reviews, row) for row in rows]
    found = [_landmark(log, int(date)) for date in dates for log in logs]
    parts = [part for part in found if part is not None and len(part)]
    if not parts:
        nobody = (np.zeros(0, np.int64) for _ in ARRAYS[4:])
        labels = np.zeros(0, bool), np.zeros(0)
        empty = (np.zeros((0, len(FEATURES))), np.zeros((0, len(PLAIN))), *labels)
        return Landmarks(*empty, *nobody)
    return Landmarks(*(np.concatenate([getattr(part, name) for part in parts]) for name in ARRAYS))


def _landmark(log: ProjectLog, date: int) -> Landmarks | None:
    """Return the rows of one date, None if the year before it was too quiet."""
    year = YEAR_DAYS * DAY
    past = log.commits(date - year, date)
    if past.sum() < FEWEST_COMMITS:
        return None
    core = core_of(past)
    rising = np.flatnonzero((log.commits(date - ACTIVE_DAYS * DAY, date) > 0) & ~core)
    later = log.commits(date, date + year)
    is_busy = later.sum() >= FEWEST_COMMITS
    core_later = core_of(later) if is_busy else np.zeros(len(later), bool)
    least = later[core_later].min() if is_busy else np.inf
    features = LandmarkFeatures(log, date, core).columns()
    return Landmarks(
        X=np.stack([np.asarray(features[name], float)[rising] for name in FEATURES], axis=1),
        plain=np.stack([log.commits(date - 90 * DAY, date), past], axis=1)[rising].astype(float),
        core_later=core_later[rising],
        later_ratio=later[rising] / least,
        person=log.people[rising],
        project=np.full(len(rising), log.project),
        date=np.full(len(rising), date),
    )
