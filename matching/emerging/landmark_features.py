"""What is known of everybody in a project at a date, before it."""

from itertools import pairwise

import numpy as np

from matching.arrays.history import DAY
from matching.emerging.landmark_surroundings import YEAR_DAYS, Surroundings, least_core
from matching.emerging.project_log import ProjectLog, core_of, first_event, last_event

DECAY_DAYS = 60
WEEK = 7 * DAY

FEATURES = (
    "active_weeks_90d",
    "active_weeks_180d",
    "active_weeks_365d",
    "days_since_activity",
    "days_since_commit",
    "changes_30d",
    "changes_90d",
    "changes_365d",
    "commit_share_90d",
    "commit_share_365d",
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
    "organisation_known",
    "organisation_share_365d",
    "organisation_core_share_365d",
    "organisation_promotion_share",
)


class LandmarkFeatures:
    """The features of everybody in a project at a date; see `FEATURES`.

    Amounts of work count at most a few changes a day (`ProjectLog.work`).
    """

    def __init__(self, log: ProjectLog, date: int, core: np.ndarray) -> None:
        self.log, self.date, self.core = log, date, core
        self.past = log.work(self.since(YEAR_DAYS), date)

    def columns(self) -> dict[str, np.ndarray]:
        """Return one value a person of the log under each name."""
        around = Surroundings(self.log, self.date, self.core).columns()
        return {
            **self._rhythm(),
            **self._amount(),
            **self._nearness(),
            **self._reviews(),
            **around,
        }

    def since(self, days: int) -> int:
        """Return the moment so many days before the date."""
        return self.date - days * DAY

    def _weeks(self, days: int) -> np.ndarray:
        log, week = self.log, (self.date - self.log.deed_at) // WEEK
        return log.distinct(log.deed_at, log.deed_by, week, self.since(days), self.date)

    def _rhythm(self) -> dict[str, np.ndarray]:
        log, n = self.log, len(self.log.people)
        commit = last_event(log.commit_at, log.commit_by, self.date, n)
        deed = last_event(log.deed_at, log.deed_by, self.date, n)
        first = first_event(log.deed_at, log.deed_by, self.date, n)
        return {
            "active_weeks_90d": self._weeks(90),
            "active_weeks_180d": self._weeks(180),
            "active_weeks_365d": self._weeks(365),
            "days_since_activity": self._days(deed),
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
        log, quarter = self.log, self.log.work(self.since(90), self.date)
        before = log.work(self.since(180), self.since(90))
        area = (log.area_at, log.area_by, log.area)
        areas = log.distinct(*area, self.since(365), self.date)
        return {
            "changes_30d": log.work(self.since(30), self.date),
            "changes_90d": quarter,
            "changes_365d": self.past,
            "commit_share_90d": quarter / max(quarter.sum(), 1),
            "commit_share_365d": self.past / max(self.past.sum(), 1),
            "commit_rank_365d": _places(self.past) / self.core.sum(),
            "commit_rank_90d": _places(quarter) / self.core.sum(),
            "commit_trend": np.log1p(quarter) - np.log1p(before),
            "areas_365d": areas,
            "new_areas_180d": areas - log.distinct(*area, self.since(365), self.since(180)),
            "commits_elsewhere_365d": log.count(
                log.away_at, log.away_by, self.since(365), self.date
            ),
        }

    def _nearness(self) -> dict[str, np.ndarray]:
        """Return work over that of the least core member, now and at the pace of other times."""
        log, least = self.log, max(int(self.past[self.core].min()), 1)
        ages = (0, 91, 182, 273, 364)
        quarters = [log.work(self.since(b), self.since(a)) for a, b in pairwise(ages)]
        quarter, half = log.work(self.since(90), self.date), quarters[0] + quarters[1]
        return {
            "core_ratio_90d": 4 * quarter / least,
            "core_ratio_365d": self.past / least,
            "core_ratio_decayed": self._decayed_commits() * (YEAR_DAYS / DECAY_DAYS) / least,
            "core_ratio_since_start": self.past * YEAR_DAYS / self._days_in_year() / least,
            "core_ratio_best_quarter": 4 * np.max(quarters, axis=0) / least,
            "least_core_ratio_90d": quarter / least_core(quarter),
            "least_core_ratio_180d": half / least_core(half),
            **self._places_by_commits(),
        }

    def _places_by_commits(self) -> dict[str, np.ndarray]:
        """Return the share of commits by those who made more, and who was core at other times."""
        year_ago = self.since(YEAR_DAYS)
        spans = {days: self.log.commits(self.since(days), self.date) for days in (90, 180, 365)}
        before = self.log.commits(year_ago - YEAR_DAYS * DAY, year_ago)
        return {
            **{f"commits_above_{days}d": _share_above(made) for days, made in spans.items()},
            "core_in_90d": core_of(spans[90]),
            "core_in_180d": core_of(spans[180]),
            "core_a_year_ago": core_of(before),
        }

    def _decayed_commits(self) -> np.ndarray:
        """Return commits of the year, each fading with its age by e^-1 in `DECAY_DAYS`."""
        log = self.log
        part = slice(*np.searchsorted(log.commit_at, [self.since(365), self.date]))
        fading = np.exp((log.commit_at[part] - self.date) / (DECAY_DAYS * DAY))
        fading *= log.steady[part]
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


def _places(counts: np.ndarray) -> np.ndarray:
    """Return for each count how many are higher."""
    return len(counts) - np.searchsorted(np.sort(counts), counts, "right")


def _share_above(counts: np.ndarray) -> np.ndarray:
    """Return for each count the share of all that higher counts hold."""
    ordered = np.sort(counts)[::-1]
    running = np.concatenate([[0], np.cumsum(ordered)])
    return running[np.searchsorted(-ordered, -counts)] / max(running[-1], 1)
