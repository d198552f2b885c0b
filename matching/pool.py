"""Who may be suggested at all: the candidate pool of each query."""

from dataclasses import dataclass

import numpy as np

from matching.history import DAY, History
from matching.postings import Postings
from matching.queries import Queries

ACTIVE_DAYS = 180


@dataclass(frozen=True)
class Pairs:
    """All (query, candidate) pairs of a batch: query `i` owns `candidate[ptr[i]:ptr[i + 1]]`."""

    ptr: np.ndarray
    candidate: np.ndarray

    @property
    def owner(self) -> np.ndarray:
        """Return for each pair its query."""
        return np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))

    def __len__(self) -> int:
        return len(self.candidate)


class CandidatePool:
    """Everybody who reviewed, committed or was otherwise active in the project lately.

    The protocol's rule is 180 days in the same project, without the author. The served pool adds
    whoever reviewed somewhere in the community within `community_days`, and whoever was active
    in the project within `returning_days`: maintainers of sister projects, writers who never
    reviewed, and people back after a pause.
    """

    def __init__(self, history: History) -> None:
        self.n_people = history.n_people
        reviewed = history.review_change
        mine = history.author >= 0
        project = [history.project[mine], history.project[reviewed], history.other_project]
        person = [history.author[mine], history.review_person, history.other_person]
        at = [history.at[mine], history.review_at, history.other_at]
        self._activity = _one_a_day(*map(np.concatenate, (project, person, at)))
        nowhere = np.zeros(len(reviewed), np.int64)
        self._reviewers = _one_a_day(nowhere, history.review_person, history.review_at)

    def pairs(
        self, queries: Queries, returning_days: int = ACTIVE_DAYS, community_days: int = 0
    ) -> Pairs:
        """Return the pairs of a batch, candidates in ascending order."""
        n = len(queries)
        found = np.zeros((n, self.n_people), bool)
        self._mark(found, self._activity, queries.project, queries, returning_days)
        if community_days:
            everywhere = np.zeros(n, np.int64)
            self._mark(found, self._reviewers, everywhere, queries, community_days)
        known = np.flatnonzero(queries.author >= 0)
        found[known, queries.author[known]] = False
        owner, candidate = np.nonzero(found)
        ptr = np.searchsorted(owner, np.arange(n + 1))
        return Pairs(ptr, candidate.astype(np.int32))

    @staticmethod
    def _mark(
        found: np.ndarray, index: Postings, key: np.ndarray, queries: Queries, days: int
    ) -> None:
        rows, owner = index.rows(key, queries.as_of - days * DAY, queries.as_of, len(index.at))
        found[owner, index.person[rows]] = True


def _one_a_day(key: np.ndarray, person: np.ndarray, at: np.ndarray) -> Postings:
    """Keep one event a day of each (key, person): the last, so that no window loses anybody."""
    order = np.lexsort((at, person, key))
    key, person, at = key[order], person[order], at[order]
    day = at // DAY
    last = np.ones(len(at), bool)
    last[:-1] = (key[1:] != key[:-1]) | (person[1:] != person[:-1]) | (day[1:] != day[:-1])
    return Postings.of(key[last], at[last], person[last])
