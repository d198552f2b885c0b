"""Landmarks: who was active at a date, what was known of them, who was core later.

Core is the smallest set of people with 80 % of a year's commits. A row is a person at a date in
a project; its features see only what came before the date, its label only what came after. The
question is asked of those who are not core yet; those who are may be learned from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.arrays.history import DAY, History
from matching.emerging.landmark_features import FEATURES, LandmarkFeatures
from matching.emerging.landmark_surroundings import ACTIVE_DAYS, YEAR_DAYS
from matching.emerging.project_log import ProjectLog, core_of
from matching.pairing.pair_batch import ReviewEvents

STEP_DAYS = 182
FEWEST_COMMITS = 20
"""A year with fewer commits in a project has no core worth predicting."""
PLAIN = ("commits_90d", "commits_365d", "project_active_people", "project_core_people")
"""Raw counts: not learned from, since a new project may be larger than all before it, but the
simple baselines to beat."""
FOLLOWED_DAYS = (91, 182, YEAR_DAYS)
"""How far into the year of the label one may look: what is known of it before it is over."""
ARRAYS = ("X", "plain", "core_later", "ratios", "is_core", "person", "project", "date")


@dataclass(frozen=True)
class Landmarks:
    """Rows (person, project, date) with features (n, len(FEATURES)), `PLAIN` counts, labels.

    `ratios` (n, len(FOLLOWED_DAYS)) are their commits in the first days of the year of the label
    over those of the least core member of those days; NaN where too little was done for a core.
    """

    X: np.ndarray
    plain: np.ndarray
    core_later: np.ndarray
    ratios: np.ndarray
    is_core: np.ndarray
    person: np.ndarray
    project: np.ndarray
    date: np.ndarray
    names: tuple[str, ...] = FEATURES

    def __len__(self) -> int:
        return len(self.person)

    @property
    def later_ratio(self) -> np.ndarray:
        """Return their commits of the label's year over the least core member's, 0 if unknown."""
        return np.nan_to_num(self.ratios[:, -1])

    def take(self, rows: np.ndarray) -> "Landmarks":
        """Return the chosen rows."""
        return replace(self, **{name: getattr(self, name)[rows] for name in ARRAYS})

    def column(self, name: str) -> np.ndarray:
        """Return one feature or plain count by name; ValueError if there is none of that name."""
        if name in PLAIN:
            return self.plain[:, PLAIN.index(name)]
        return self.X[:, self.names.index(name)]


def landmark_dates(history: History, step_days: int = STEP_DAYS, horizon: int = 1) -> np.ndarray:
    """Return dates (seconds) every `step_days`, the last one `horizon` years before the end."""
    if not history.n_changes:
        return np.zeros(0, np.int64)
    year = YEAR_DAYS * DAY
    first, last = int(history.at[0]) + year, int(history.at[-1]) - horizon * year
    return np.arange(last, first, -step_days * DAY, dtype=np.int64)[::-1]


def build_landmarks(
    history: History,
    dates: Sequence[int],
    projects: Sequence[int] | None = None,
    *,
    horizon: int = 1,
    with_core: bool = False,
    reviews: ReviewEvents | None = None,
    people: np.ndarray | None = None,
) -> Landmarks:
    """Return the rows of all dates and projects (rows of `History.projects`; default all).

    The label is being core in the `horizon`-th year after the date; where that year is not over,
    or too quiet for a core, it is False. Those who are core already only `with_core`. `reviews`
    are the history's own, if somebody has them at hand. `people` says of everybody whether they
    get rows (default all); those without still count in what is said of the others.
    """
    people = np.ones(history.n_people, bool) if people is None else people
    reviews = reviews or ReviewEvents.of(history)
    rows = range(len(history.projects)) if projects is None else projects
    of_project = [
        [_landmark(log, int(date), horizon, with_core, people[log.people]) for date in dates]
        for log in (ProjectLog(history, reviews, row) for row in rows)  # one at a time
    ]
    found = [of_date for at_date in zip(*of_project, strict=True) for of_date in at_date]
    parts = [part for part in found if part is not None and len(part)] or [_nobody()]
    return joined(parts)


def joined(parts: Sequence[Landmarks]) -> Landmarks:
    """Return the rows of several, one after the other."""
    return Landmarks(*(np.concatenate([getattr(part, name) for part in parts]) for name in ARRAYS))


def _nobody() -> Landmarks:
    nobody = (np.zeros(0, np.int64) for _ in ARRAYS[5:])
    tables = (np.zeros((0, len(FEATURES))), np.zeros((0, len(PLAIN))), np.zeros(0, bool))
    return Landmarks(*tables, np.zeros((0, len(FOLLOWED_DAYS))), np.zeros(0, bool), *nobody)


def _landmark(
    log: ProjectLog, date: int, horizon: int, with_core: bool, people: np.ndarray
) -> Landmarks | None:
    """Return the rows of one date, None if the year before it was too quiet."""
    past = log.commits(date - YEAR_DAYS * DAY, date)
    if past.sum() < FEWEST_COMMITS:
        return None
    core = core_of(past)
    asked = (log.commits(date - ACTIVE_DAYS * DAY, date) > 0) & (with_core | ~core)
    rows = np.flatnonzero(asked & people)
    begin = date + (horizon - 1) * YEAR_DAYS * DAY
    later = [_later(log, begin, days) for days in FOLLOWED_DAYS]
    features = LandmarkFeatures(log, date, core).columns()
    features |= {"commits_90d": log.commits(date - 90 * DAY, date), "commits_365d": past}
    return Landmarks(
        X=np.stack([np.asarray(features[name], float)[rows] for name in FEATURES], axis=1),
        plain=np.stack([np.asarray(features[name], float)[rows] for name in PLAIN], axis=1),
        core_later=later[-1][0][rows],
        ratios=np.stack([ratio[rows] for _, ratio in later], axis=1),
        is_core=core[rows],
        person=log.people[rows],
        project=np.full(len(rows), log.project),
        date=np.full(len(rows), date),
    )


def _later(log: ProjectLog, begin: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Return who is core in so many days, and everybody's commits over the least core one's."""
    made = log.commits(begin, begin + days * DAY)
    if made.sum() < FEWEST_COMMITS * days / YEAR_DAYS:
        return np.zeros(len(made), bool), np.full(len(made), np.nan)
    core = core_of(made)
    return core, made / made[core].min()
