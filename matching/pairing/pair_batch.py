"""A batch of pairs on its way through the feature blocks, and the reviews they all read."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.history import DAY, History
from matching.pairing.pool import Pairs
from matching.pairing.queries import Queries

NEVER_DAYS = 3_650.0
"""Age given to what never happened."""


@dataclass(frozen=True)
class PairBatch:
    """Queries with their pairs; the per-pair arrays are as long as `pairs`."""

    queries: Queries
    pairs: Pairs

    @cached_property
    def owner(self) -> np.ndarray:
        """Return for each pair the row of its query."""
        return self.pairs.owner

    def of_query(self, values: np.ndarray) -> np.ndarray:
        """Return per-query values repeated for each of its pairs."""
        return values[self.owner]

    @cached_property
    def as_of(self) -> np.ndarray:
        """Return for each pair the moment from which on nothing is seen."""
        return self.of_query(self.queries.as_of)

    @cached_property
    def label_as_of(self) -> np.ndarray:
        """Return for each pair the moment from which on no review is seen."""
        return self.of_query(self.queries.label_as_of)

    def age(self, last: np.ndarray) -> np.ndarray:
        """Return days from `last` (seconds, -1: never) to the query."""
        days = (self.as_of - last) / DAY
        return np.where(last < 0, NEVER_DAYS, np.minimum(days, NEVER_DAYS))

    def share(self, values: np.ndarray) -> np.ndarray:
        """Return each value as a share of its query's sum, 0 where the sum is 0."""
        total = np.bincount(self.owner, values, len(self.queries))
        return values / np.maximum(total, 1e-12)[self.owner]


@dataclass(frozen=True)
class ReviewEvents:
    """Reviews by somebody other than the author, as parallel arrays."""

    change: np.ndarray
    reviewer: np.ndarray
    author: np.ndarray
    project: np.ndarray
    at: np.ndarray
    author_earlier: np.ndarray

    @classmethod
    def of(cls, history: History) -> "ReviewEvents":
        """Return the reviews of a history whose author is a known person."""
        author = history.author[history.review_change]
        kept = np.flatnonzero((author != history.review_person) & (author >= 0))
        change = history.review_change[kept]
        return cls(
            change=change,
            reviewer=history.review_person[kept],
            author=author[kept],
            project=history.project[change],
            at=history.review_at[kept],
            author_earlier=history.earlier_changes[change],
        )

    def given_by(self, person: int) -> np.ndarray:
        """Return the rows of one reviewer's reviews, in order."""
        order, reviewer = self._by_reviewer
        return order[slice(*np.searchsorted(reviewer, [person, person + 1]))]

    @cached_property
    def _by_reviewer(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.reviewer, kind="stable").astype(np.int32)
        return order, self.reviewer[order]

    def take(self, rows: np.ndarray) -> "ReviewEvents":
        """Return the chosen reviews."""
        names = self.__dataclass_fields__
        return ReviewEvents(**{name: getattr(self, name)[rows] for name in names})


def links_both_ways(history: History) -> tuple[np.ndarray, ...]:
    """Return every link from both sides: who, with whom, when, and the link's row.

    A link is what somebody did about another's change beside reviewing it.
    """
    author, person = history.author[history.link_change], history.link_person
    row = np.flatnonzero((author >= 0) & (author != person))
    one, other, at = author[row], person[row], history.link_at[row]
    both = (one, other), (other, one), (at, at), (row, row)
    return tuple(map(np.concatenate, both))
