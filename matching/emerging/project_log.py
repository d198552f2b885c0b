"""What happened in one project, in time order, and who its core is."""

import numpy as np

from matching.arrays.history import DAY, NEWCOMER_BELOW, History
from matching.pairing.pair_batch import ReviewEvents

CORE_SHARE = 0.8
MOST_A_DAY = 3
"""So many of a person's changes of one day count as work: a sweep is not a career."""
SHALLOW = 2
"""Path depth up to which directories count as breadth."""


def core_of(commits: np.ndarray) -> np.ndarray:
    """Return a bool per person: the smallest set holding 80 % of the commits (counts >= 0).

    Of people with equal counts at the edge the lower row comes first.
    """
    if not commits.any():
        return np.zeros(len(commits), bool)
    order = np.argsort(-commits, kind="stable")
    running = np.cumsum(commits[order])
    needed = int(np.searchsorted(running, CORE_SHARE * running[-1] - 1e-9)) + 1
    core = np.zeros(len(commits), bool)
    core[order[:needed]] = True
    return core & (commits > 0)


class ProjectLog:
    """One project's commits and reviews in time order, people renumbered from 0.

    An `organisation` of 0 is none: the empty name is the first.
    """

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
        self.organisation = history.organisation[mine]
        self.n_organisations = len(history.organisations)
        self.steady = _first_of_day(self.commit_at, self.commit_by)
        self.review_at, self.reviewer = here.at, np.searchsorted(self.people, here.reviewer)
        self.reviewed = np.searchsorted(self.people, here.author)
        self.helped = here.author_earlier < NEWCOMER_BELOW
        self.other_at = history.other_at[other]
        self.other_by = np.searchsorted(self.people, history.other_person[other])
        self._set_deeds()
        self._set_areas(history, mine)
        self._set_elsewhere(history)

    def _set_deeds(self) -> None:
        """Commits, reviews and all other help: whatever shows that somebody was at work here."""
        at = np.concatenate([self.commit_at, self.review_at, self.other_at])
        order = np.argsort(at, kind="stable")
        self.deed_at = at[order]
        self.deed_by = np.concatenate([self.commit_by, self.reviewer, self.other_by])[order]

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

    def work(self, since: int, until: int) -> np.ndarray:
        """Return the changes of each person in `[since, until)`, at most a few of each day."""
        part = self.steady & (self.commit_at >= since) & (self.commit_at < until)
        return np.bincount(self.commit_by[part], minlength=len(self.people))


def _first_of_day(at: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return which events are among the first `MOST_A_DAY` of their person and day."""
    day = by.astype(np.int64) * 2**32 + at // DAY
    order = np.argsort(day, kind="stable")
    place = np.arange(len(at)) - np.searchsorted(day[order], day[order])
    first = np.empty(len(at), bool)
    first[order] = place < MOST_A_DAY
    return first


def last_event(at: np.ndarray, by: np.ndarray, until: int, n: int) -> np.ndarray:
    """Return each person's last event before `until`, 0 (long ago) if there is none."""
    stop = np.searchsorted(at, until)
    last = np.zeros(n, np.int64)
    np.maximum.at(last, by[:stop], at[:stop])
    return last


def first_event(at: np.ndarray, by: np.ndarray, until: int, n: int) -> np.ndarray:
    """Return each person's first event before `until`, `until` itself if there is none."""
    stop = np.searchsorted(at, until)
    first = np.full(n, until, np.int64)
    np.minimum.at(first, by[:stop], at[:stop])
    return first
