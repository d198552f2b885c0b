"""Landmarks: who was active but not core at a date, what was known of them, who was core later.

Core is the smallest set of people with 80 % of a year's commits. A row is a person at a date in
a project; its features see only what came before the date, its label the year after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.history import DAY, NEWCOMER_BELOW, History
from matching.pair_batch import ReviewEvents

STEP_DAYS = 182
ACTIVE_DAYS = 180
YEAR_DAYS = 365
CORE_SHARE = 0.8
WEEK = 7 * DAY
FEWEST_COMMITS = 20
"""A year with fewer commits in a project has no core worth predicting."""
DECAY_DAYS = 60
SHALLOW = 2
"""Path depth up to which directories count as breadth."""

FEATURES = (
    "active_weeks_90d",
    "active_weeks_180d",
    "active_weeks_365d",
    "days_since_activity",
    "days_since_commit",
    "commits_30d",
    "commits_90d",
    "commits_365d",
    "commit_share_90d",
    "commit_share_365d",
    "core_ratio_90d",
    "core_ratio_365d",
    "core_ratio_decayed",
    "core_ratio_since_start",
    "commit_rank_365d",
    "commit_rank_90d",
    "commit_trend",
    "tenure_days",
    "areas_365d",
    "new_areas_180d",
    "reviews_given_180d",
    "reviews_given_365d",
    "review_share_180d",
    "people_reviewed_365d",
    "newcomers_helped_365d",
    "reviews_received_180d",
    "reviewers_met_365d",
    "other_activity_180d",
    "commits_elsewhere_365d",
    "longest_pause_365d",
    "project_active_people",
    "project_core_people",
    "project_trend",
    "project_promotion_share",
    "project_core_gone_share",
)


@dataclass(frozen=True)
class Landmarks:
    """Rows (person, project, date) with features (n, len(FEATURES)) and labels.

    `commits_90d`, `commits_365d`, `active_weeks_180d`, `days_since_activity` among the features
    are plain counts, so that simple baselines can be read off.
    """

    X: np.ndarray
    core_later: np.ndarray
    person: np.ndarray
    project: np.ndarray
    date: np.ndarray
    names: tuple[str, ...] = FEATURES

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: np.ndarray) -> "Landmarks":
        """Return the chosen rows."""
        arrays = ("X", "core_later", "person", "project", "date")
        return Landmarks(**{name: getattr(self, name)[rows] for name in arrays}, names=self.names)

    def column(self, name: str) -> np.ndarray:
        """Return one feature by name; ValueError if there is none of that name."""
        return self.X[:, self.names.index(name)]


def core_of(commits: np.ndarray) -> np.ndarray:
    """Return a bool per person: the smallest set holding 80 % of the commits (counts >= 0).

    Of people with equal counts at the edge the lower row comes first.
    """
    order = np.argsort(-commits, kind="stable")
    running = np.cumsum(commits[order])
    needed = int(np.searchsorted(running, CORE_SHARE * running[-1] - 1e-9)) + 1
    core = np.zeros(len(commits), bool)
    core[order[:needed]] = True
    return core & (commits > 0)


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
    parts = [log.landmark(int(date)) for date in dates for log in logs]
    parts = [part for part in parts if part is not None and len(part)]
    if not parts:
        return Landmarks(np.zeros((0, len(FEATURES))), *(np.zeros(0, np.int64) for _ in range(4)))
    names = ("X", "core_later", "person", "project", "date")
    return Landmarks(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


class ProjectLog:
    """One project's commits and reviews in time order, people renumbered from 0."""

    def __init__(self, history: History, reviews: ReviewEvents, project: int) -> None:
        self.project = project
        mine = np.flatnonzero(
            (history.project == project) & (history.author >= 0) & ~history.is_merge
        )
        here = reviews.take(np.flatnonzero(reviews.project == project))
        other = history.other_project == project
        everyone = np.concatenate(
            [history.author[mine], here.reviewer, history.other_person[other]]
        )
        self.people = np.unique(everyone)
        self.commit_at = history.at[mine]
        self.commit_by = np.searchsorted(self.people, history.author[mine])
        self.review_at, self.reviewer = here.at, np.searchsorted(self.people, here.reviewer)
        self.reviewed = np.searchsorted(self.people, here.author)
        self.helped = here.author_earlier < NEWCOMER_BELOW
        self.other_at = history.other_at[other]
        self.other_by = np.searchsorted(self.people, history.other_person[other])
        self._set_areas(history, mine)
        self._set_elsewhere(history)

    def _set_areas(self, history: History, mine: np.ndarray) -> None:
        touched = history.prefixes.take(mine)
        names = history.prefix_names
        ids, place = np.unique(touched.ids, return_inverse=True)
        shallow = np.array([names[row].count("/") < SHALLOW for row in ids], bool)[place]
        owner = touched.owners[shallow]
        self.area, self.area_at = touched.ids[shallow], self.commit_at[owner]
        self.area_by = self.commit_by[owner]

    def _set_elsewhere(self, history: History) -> None:
        away = np.flatnonzero(
            (history.project != self.project) & np.isin(history.author, self.people)
        )
        self.away_at = history.at[away]
        self.away_by = np.searchsorted(self.people, history.author[away])

    def count(self, at: np.ndarray, by: np.ndarray, since: int, until: int) -> np.ndarray:
        """Return how many events in `[since, until)` each person has."""
        part = slice(*np.searchsorted(at, [since, until]))
        return np.bincount(by[part], minlength=len(self.people))

    def distinct(
        self, at: np.ndarray, by: np.ndarray, what: np.ndarray, since: int, until: int
    ) -> np.ndarray:
        """Return how many different `what` each person has in `[since, until)`."""
        part = slice(*np.searchsorted(at, [since, until]))
        pairs = np.unique(by[part].astype(np.int64) * 2**40 + what[part])
        return np.bincount(pairs >> 40, minlength=len(self.people))

    def commits(self, since: int, until: int) -> np.ndarray:
        """Return the commits of each person in `[since, until)`."""
        return self.count(self.commit_at, self.commit_by, since, until)

    def landmark(self, date: int) -> Landmarks | None:
        """Return the rows of one date, None if the year before or after was too quiet."""
        year = YEAR_DAYS * DAY
        past = self.commits(date - year, date)
        if past.sum() < FEWEST_COMMITS:
            return None
        core = core_of(past)
        rising = np.flatnonzero((self.commits(date - ACTIVE_DAYS * DAY, date) > 0) & ~core)
        later = self.commits(date, date + year)
        core_later = core_of(later) if later.sum() >= FEWEST_COMMITS else np.zeros(len(later), bool)
        features = LandmarkFeatures(self, date, past, core).columns()
        X = np.stack([np.asarray(features[name], float)[rising] for name in FEATURES], axis=1)
        return Landmarks(
            X,
            core_later[rising],
            self.people[rising],
            np.full(len(rising), self.project),
            np.full(len(rising), date),
        )


class LandmarkFeatures:
    """The features of everybody in a project at a date; see `FEATURES`."""

    def __init__(self, log: ProjectLog, date: int, past: np.ndarray, core: np.ndarray) -> None:
        self.log, self.date, self.past, self.core = log, date, past, core

    def columns(self) -> dict[str, np.ndarray]:
        """Return one value a person of the log under each name."""
        return {**self._rhythm(), **self._amount(), **self._reviews(), **self._project()}

    def since(self, days: int) -> int:
        """Return the moment so many days before the date."""
        return self.date - days * DAY

    def _weeks(self, days: int) -> np.ndarray:
        log, week = self.log, (self.date - self.log.commit_at) // WEEK
        return log.distinct(log.commit_at, log.commit_by, week, self.since(days), self.date)

    def _rhythm(self) -> dict[str, np.ndarray]:
        log = self.log
        commit = _last(log.commit_at, log.commit_by, self.date, len(log.people))
        review = _last(log.review_at, log.reviewer, self.date, len(log.people))
        first = _first(log.commit_at, log.commit_by, self.date, len(log.people))
        first = np.minimum(first, _first(log.review_at, log.reviewer, self.date, len(log.people)))
        return {
            "active_weeks_90d": self._weeks(90),
            "active_weeks_180d": self._weeks(180),
            "active_weeks_365d": self._weeks(365),
            "days_since_activity": self._days(np.maximum(commit, review)),
            "days_since_commit": self._days(commit),
            "tenure_days": self._days(first),
            "longest_pause_365d": self._longest_pause(),
        }

    def _days(self, moment: np.ndarray) -> np.ndarray:
        return np.clip((self.date - moment) / DAY, 0, 3650)

    def _longest_pause(self) -> np.ndarray:
        """Return the longest time without a commit (days), from the first one of the year on."""
        log, since = self.log, self.since(YEAR_DAYS)
        part = slice(*np.searchsorted(log.commit_at, [since, self.date]))
        by, at = log.commit_by[part], log.commit_at[part]
        order = np.lexsort((at, by))
        by, at = by[order], at[order]
        following = np.append(at[1:], self.date)
        following[np.append(by[1:] != by[:-1], True)] = self.date
        pause = np.full(len(log.people), float(YEAR_DAYS))
        seen = np.unique(by)
        pause[seen] = 0
        np.maximum.at(pause, by, (following - at) / DAY)
        return pause

    def _amount(self) -> dict[str, np.ndarray]:
        log, quarter = self.log, self.log.commits(self.since(90), self.date)
        before = log.commits(self.since(180), self.since(90))
        least = max(int(self.past[self.core].min()), 1)
        area = (log.area_at, log.area_by, log.area)
        areas = log.distinct(*area, self.since(365), self.date)
        return {
            "commits_30d": log.commits(self.since(30), self.date),
            "commits_90d": quarter,
            "commits_365d": self.past,
            "commit_share_90d": quarter / max(quarter.sum(), 1),
            "commit_share_365d": self.past / max(self.past.sum(), 1),
            "core_ratio_90d": 4 * quarter / least,
            "core_ratio_365d": self.past / least,
            "core_ratio_decayed": self._decayed_commits() * (YEAR_DAYS / DECAY_DAYS) / least,
            "core_ratio_since_start": self.past * YEAR_DAYS / self._days_in_year() / least,
            "commit_rank_365d": _places(self.past) / self.core.sum(),
            "commit_rank_90d": _places(quarter) / self.core.sum(),
            "commit_trend": np.log1p(quarter) - np.log1p(before),
            "areas_365d": areas,
            "new_areas_180d": areas - log.distinct(*area, self.since(365), self.since(180)),
            "commits_elsewhere_365d": log.count(
                log.away_at, log.away_by, self.since(365), self.date
            ),
        }

    def _decayed_commits(self) -> np.ndarray:
        """Return commits of the year, each fading with its age by e^-1 in `DECAY_DAYS`."""
        log = self.log
        part = slice(*np.searchsorted(log.commit_at, [self.since(365), self.date]))
        fading = np.exp((log.commit_at[part] - self.date) / (DECAY_DAYS * DAY))
        return np.bincount(log.commit_by[part], fading, len(log.people))

    def _days_in_year(self) -> np.ndarray:
        """Return days since the first commit of the year, at least 30."""
        log = self.log
        part = slice(*np.searchsorted(log.commit_at, [self.since(365), self.date]))
        first = np.full(len(log.people), self.date, np.int64)
        np.minimum.at(first, log.commit_by[part], log.commit_at[part])
        return np.maximum((self.date - first) / DAY, 30)

    def _reviews(self) -> dict[str, np.ndarray]:
        log, year = self.log, (self.since(365), self.date)
        given = log.count(log.review_at, log.reviewer, self.since(180), self.date)
        helped_at, helper = log.review_at[log.helped], log.reviewer[log.helped]
        newcomer = log.reviewed[log.helped]
        return {
            "reviews_given_180d": given,
            "reviews_given_365d": log.count(log.review_at, log.reviewer, *year),
            "review_share_180d": given / max(given.sum(), 1),
            "people_reviewed_365d": log.distinct(log.review_at, log.reviewer, log.reviewed, *year),
            "newcomers_helped_365d": log.distinct(helped_at, helper, newcomer, *year),
            "reviews_received_180d": log.count(
                log.review_at, log.reviewed, self.since(180), self.date
            ),
            "reviewers_met_365d": log.distinct(log.review_at, log.reviewed, log.reviewer, *year),
            "other_activity_180d": log.count(
                log.other_at, log.other_by, self.since(180), self.date
            ),
        }

    def _project(self) -> dict[str, np.ndarray]:
        log, like = self.log, np.ones(len(self.log.people))
        recent = log.commits(self.since(180), self.date).sum()
        before = self.past.sum() - recent
        return {
            "project_active_people": like * (self.past > 0).sum(),
            "project_core_people": like * self.core.sum(),
            "project_trend": like * (np.log1p(recent) - np.log1p(before)),
            "project_promotion_share": like * self._promotion_share(),
            "project_core_gone_share": like * self._core_gone_share(),
        }

    def _promotion_share(self) -> float:
        """Return how many of those active but not core a year ago are core now (smoothed)."""
        year_ago = self.since(365)
        before = self.log.commits(year_ago - YEAR_DAYS * DAY, year_ago)
        active = self.log.commits(year_ago - ACTIVE_DAYS * DAY, year_ago) > 0
        rising = active & ~core_of(before) if before.sum() else active
        return float(((rising & self.core).sum() + 1) / (rising.sum() + 12))

    def _core_gone_share(self) -> float:
        """Return the share of the core that made no commit in the last 90 days."""
        recent = self.log.commits(self.since(90), self.date)
        return float((recent[self.core] == 0).mean())


def _places(counts: np.ndarray) -> np.ndarray:
    """Return for each count how many are higher."""
    return len(counts) - np.searchsorted(np.sort(counts), counts, "right")


def _last(at: np.ndarray, by: np.ndarray, until: int, n: int) -> np.ndarray:
    """Return each person's last event before `until`, 0 (long ago) if there is none."""
    stop = np.searchsorted(at, until)
    last = np.zeros(n, np.int64)
    np.maximum.at(last, by[:stop], at[:stop])
    return last


def _first(at: np.ndarray, by: np.ndarray, until: int, n: int) -> np.ndarray:
    """Return each person's first event before `until`, `until` itself if there is none."""
    stop = np.searchsorted(at, until)
    first = np.full(n, until, np.int64)
    np.minimum.at(first, by[:stop], at[:stop])
    return first
