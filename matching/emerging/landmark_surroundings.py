"""What surrounds everybody in a project at a date: the project, and with whom they work.

An organisation is the domain of a person's latest address, as far as it speaks of an employer.
"""

import numpy as np

from matching.arrays.history import DAY
from matching.emerging.project_log import ProjectLog, core_of, first_event, last_event

YEAR_DAYS = 365
ACTIVE_DAYS = 180
STILL_HERE_PRIOR = 2
PROMOTION_PRIOR = 12
COLLEAGUES_PRIOR = 6


class Surroundings:
    """The project and its organisations at a date; `core` is a bool per person of the log."""

    def __init__(self, log: ProjectLog, date: int, core: np.ndarray) -> None:
        self.log, self.date, self.core = log, date, core
        self.past = log.commits(self.since(YEAR_DAYS), date)
        self.lately = log.commits(self.since(ACTIVE_DAYS), date)
        self.rose = self._rose()

    def since(self, days: int) -> int:
        """Return the moment so many days before the date."""
        return self.date - days * DAY

    def columns(self) -> dict[str, np.ndarray]:
        """Return one value a person of the log under each name."""
        like = np.ones(len(self.log.people))
        whole = {**self._size(), **self._course(), **self._turnover()}
        return {name: like * value for name, value in whole.items()} | self._organisations(like)

    def _rose(self) -> np.ndarray:
        """Return who was active but not core a year ago."""
        year_ago = self.since(YEAR_DAYS)
        before = self.log.commits(year_ago - YEAR_DAYS * DAY, year_ago)
        active = self.log.commits(year_ago - ACTIVE_DAYS * DAY, year_ago) > 0
        return active & ~core_of(before) if before.sum() else active

    def _size(self) -> dict[str, float]:
        active = (self.past > 0).sum()
        return {
            "project_active_people": active,
            "project_core_people": self.core.sum(),
            "project_core_people_share": self.core.sum() / max(active, 1),
            "project_age_days": (self.date - self.log.commit_at[0]) / DAY,
        }

    def _course(self) -> dict[str, float]:
        recent = self.log.work(self.since(ACTIVE_DAYS), self.date)
        earlier = self.log.work(self.since(YEAR_DAYS), self.since(ACTIVE_DAYS))
        least = self.log.work(self.since(YEAR_DAYS), self.date)[self.core].min()
        lower = np.log1p([least_core(earlier), least_core(recent)])
        return {
            "project_trend": np.log1p(recent.sum()) - np.log1p(earlier.sum()),
            "project_least_core_work": max(least, 1),
            "project_least_core_trend": lower[1] - lower[0],
        }

    def _turnover(self) -> dict[str, float]:
        """Return who came, who stayed and who rose (all smoothed but newcomers and the gone)."""
        log, quarter = self.log, self.log.commits(self.since(90), self.date)
        n = len(log.people)
        first = first_event(log.commit_at, log.commit_by, self.date, n)
        last = last_event(log.commit_at, log.commit_by, self.date, n)
        half_year = self.since(ACTIVE_DAYS)
        known = (first < self.since(YEAR_DAYS)) & (last >= self.since(YEAR_DAYS + ACTIVE_DAYS))
        new = (first >= half_year) & (self.lately > 0)
        return {
            "project_retention": ((last[known] >= half_year).sum() + STILL_HERE_PRIOR / 2)
            / (known.sum() + STILL_HERE_PRIOR),
            "project_newcomer_share": new.sum() / max((self.lately > 0).sum(), 1),
            "project_promotion_share": self._promotion_share(),
            "project_core_gone_share": (quarter[self.core] == 0).mean(),
        }

    def _promotion_share(self) -> float:
        """Return how many of those active but not core a year ago are core now (smoothed)."""
        return ((self.rose & self.core).sum() + 1) / (self.rose.sum() + PROMOTION_PRIOR)

    def _organisations(self, like: np.ndarray) -> dict[str, np.ndarray]:
        """Return how much of the work, of the core's work and of the promotions of a year is by
        people of one's organisation; 0 shares where none is known."""
        own, work, core_work = self._organisation_work()
        named = own > 0
        share = np.where(named, work[own] / max(work.sum(), 1), 0)
        of_core = core_work / max(core_work.sum(), 1)
        return {
            "organisation_known": named.astype(float),
            "organisation_share_365d": share,
            "organisation_core_share_365d": np.where(named, of_core[own], 0),
            "organisation_promotion_share": self._colleagues_promoted(own),
            "project_core_share_without_organisation": like * of_core[0],
        }

    def _organisation_work(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return each person's organisation, and the year's work of each: all, and the core's."""
        log = self.log
        part = slice(*np.searchsorted(log.commit_at, [self.since(YEAR_DAYS), self.date]))
        by, of = log.commit_by[part], log.organisation[part]
        own = np.zeros(len(log.people), np.int64)
        own[by] = of  # in time order: the latest stays
        n = log.n_organisations
        return own, np.bincount(of, minlength=n), np.bincount(of[self.core[by]], minlength=n)

    def _colleagues_promoted(self, own: np.ndarray) -> np.ndarray:
        """Return `_promotion_share` among the people of one's organisation, leaning on all."""
        n = self.log.n_organisations
        rose = np.bincount(own[self.rose], minlength=n)
        core = np.bincount(own[self.rose & self.core], minlength=n)
        usual = self._promotion_share()
        return ((core + COLLEAGUES_PRIOR * usual) / (rose + COLLEAGUES_PRIOR))[own]


def least_core(work: np.ndarray) -> int:
    """Return the least amount of work among those who did 80 % of it; 1 if there was none."""
    core = core_of(work)
    return int(work[core].min()) if core.any() else 1
