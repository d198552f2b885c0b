"""Features of (query, candidate) pairs, computed for whole batches at once.

`PairFeatures(history)` files the events once; `tables(queries)` then answers for any batch and
any moment. No feature sees an event at or after the query's `as_of` (reviews: `label_as_of`).
Columns are counts, shares and ages that mean the same in a project of ten people and of ten
thousand: `x:share` and `x:rank` are column `x` seen inside the query's pool.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.arrays.history import History
from matching.pairing.content import Content
from matching.pairing.familiarity import Familiarity
from matching.pairing.pair_batch import PairBatch, ReviewEvents
from matching.pairing.pool import ACTIVE_DAYS, CandidatePool, Pairs
from matching.pairing.postings import Counter
from matching.pairing.queries import Queries
from matching.pairing.retrieval import Retrieval
from matching.pairing.standing import Standing

MAX_CELLS = 1_500_000
"""Bound of queries x people whose pools are looked up together."""
SMALL, MAX_PAIRS = 15_000, 300_000
"""In communities of more people than this, a batch is bounded by whom its projects know."""
TABLE_PAIRS = 100_000
"""At most in one table, unless a single query has more: some 0.2 GB while it is worked out."""
DIGITS = 2.0**17
"""To so many binary ones values are told apart where they are ranked."""

SHARED = (
    "reviews_7d",
    "reviews_30d",
    "reviews_90d",
    "reviews_decayed_14d",
    "reviews_decayed_90d",
    "reviews_365d",
    "review_days_180d",
    "newcomer_reviews_180d",
    "first_change_reviews_365d",
    "newcomers_met_365d",
    "commits_90d",
    "affinity_30d",
    "affinity_180d",
    "affinity_730d",
    "affinity_decayed_180d",
    "affinity_ever",
    "organisation_reviews_365d",
)
RANKED = (
    "reviews_decayed_14d",
    "reviews_decayed_90d",
    "newcomer_reviews_180d",
    "affinity_decayed_180d",
    "path_reviews_90d",
    "path_reviews_365d",
    "file_reviews_365d",
    "path_commits_365d",
    "word_reviews_365d",
    "days_since_review",
)
RELATIVE = (
    "path_reviews_90d",
    "path_reviews_365d",
    "file_reviews_365d",
    "path_commits_365d",
    "word_reviews_365d",
)


@dataclass(frozen=True)
class PairTable:
    """Pairs of a batch with their feature matrix, float32 of shape (len(pairs), n_features)."""

    queries: Queries
    pairs: Pairs
    values: np.ndarray
    names: tuple[str, ...]

    def column(self, name: str) -> np.ndarray:
        """Return one feature by name; ValueError if there is none of that name."""
        return self.values[:, self.names.index(name)]

    def each(self) -> Iterator[tuple["PairTable", int, int]]:
        """Yield the table of each query, and from where to where its pairs stand in this one."""
        for row, (begin, end) in enumerate(pairwise(self.pairs.ptr.tolist())):
            pairs = Pairs(np.array([0, end - begin]), self.pairs.candidate[begin:end])
            alone = self.queries.take(np.array([row]))
            yield PairTable(alone, pairs, self.values[begin:end], self.names), begin, end


class PairFeatures:
    """The events of one history, filed once, and the features computed from them."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.pool = CandidatePool(history)
        reviews = self.events = ReviewEvents.of(history)
        self.standing = Standing(history, reviews)
        self.familiarity = Familiarity(history, reviews)
        self.content = Content(history, reviews)
        self.retrieval = Retrieval(
            history, self.pool, self.standing, self.familiarity, self.content
        )
        nobody = np.zeros_like(reviews.author)
        self._received = Counter.of(reviews.author, nobody, reviews.at)
        written = np.flatnonzero((history.author >= 0) & ~history.is_merge)
        self._written = Counter.of(
            history.author[written], np.zeros(len(written)), history.at[written]
        )

    def tables(
        self, queries: Queries, returning_days: int = ACTIVE_DAYS, community_days: int = 0
    ) -> Iterator[tuple[np.ndarray, PairTable]]:
        """Yield batches: the rows of `queries` they cover, in order, and their table."""
        for rows in self._batches(queries):
            pairs = self.retrieval.pairs(queries.take(rows), returning_days, community_days)
            for part in pairs.parted(TABLE_PAIRS):
                asked = PairBatch(queries.take(rows[part]), pairs.of_queries(part))
                yield rows[part], self._table(asked)

    def pool_sizes(self, queries: Queries, returning_days: int = ACTIVE_DAYS) -> np.ndarray:
        """Return how many candidates each query has, without any feature of them."""
        pools = [
            self.retrieval.pairs(queries.take(rows), returning_days).ptr
            for rows in self._batches(queries)
        ]
        return np.concatenate([np.zeros(0, np.int64), *map(np.diff, pools)])

    def _batches(self, queries: Queries) -> list[np.ndarray]:
        """Part the queries so that no table outgrows memory, however many people there are."""
        n, everybody = len(queries), self.history.n_people
        if everybody <= SMALL:
            size = max(1, MAX_CELLS // max(everybody, 1))
            return [np.arange(start, min(start + size, n)) for start in range(0, n, size)]
        most = self.retrieval.most_candidates(queries)
        if not n:
            return []
        part = np.cumsum(most) // MAX_PAIRS
        return np.split(np.arange(n), np.flatnonzero(np.diff(part)) + 1)

    def table(
        self, queries: Queries, returning_days: int = ACTIVE_DAYS, community_days: int = 0
    ) -> PairTable:
        """Return the features of all pairs of one batch that fits into memory."""
        pairs = self.retrieval.pairs(queries, returning_days, community_days)
        return self._table(PairBatch(queries, pairs))

    def _table(self, batch: PairBatch) -> PairTable:
        columns = {
            **self._standing_columns(batch),
            **self.familiarity.columns(batch),
            **self.content.columns(batch),
            **self._context(batch),
        }
        columns |= {f"{name}:share": batch.share(columns[name]) for name in SHARED}
        columns |= {f"{name}:top": _of_best(batch, columns[name]) for name in RELATIVE}
        columns |= {
            f"{name}:rank": _ranks(batch, _more_is_better(name, columns)) for name in RANKED
        }
        values = np.empty((len(batch.pairs), len(columns)), np.float32)
        for place, column in enumerate(columns.values()):
            values[:, place] = column
        return PairTable(batch.queries, batch.pairs, values, tuple(columns))

    def _standing_columns(self, batch: PairBatch) -> dict[str, np.ndarray]:
        """Return what candidates are whoever asks: where all ask at once, of each person once."""
        queries = batch.queries
        asked = np.stack([queries.project, queries.as_of, queries.label_as_of])
        if len(queries) < 2 or (asked != asked[:, :1]).any():
            return self.standing.columns(batch)
        people, place = np.unique(batch.pairs.candidate, return_inverse=True)
        once = Pairs(np.array([0, len(people)]), people)
        columns = self.standing.columns(PairBatch(queries.take(np.array([0])), once))
        return {name: values[place] for name, values in columns.items()}

    def _context(self, batch: PairBatch) -> dict[str, np.ndarray]:
        """Return what is the same for all candidates: trees may weigh the rest by it."""
        queries = batch.queries
        nobody, start = np.zeros(len(queries)), np.zeros(len(queries), np.int64)
        written = self._written.look_up(queries.author, nobody)
        received = self._received.look_up(queries.author, nobody)
        values = {
            "author_changes": self._written.counts(written, start, queries.as_of),
            "author_reviews": self._received.counts(received, start, queries.label_as_of),
            "pool_size": np.diff(batch.pairs.ptr),
            "query_prefixes": np.diff(queries.prefixes.ptr),
        }
        return {name: batch.of_query(np.log1p(value)) for name, value in values.items()}


def _of_best(batch: PairBatch, values: np.ndarray) -> np.ndarray:
    """Return each value as a part of the best in its pool, 0 where all are 0."""
    best = np.zeros(len(batch.queries))
    np.maximum.at(best, batch.owner, values)
    return values / np.maximum(best, 1e-12)[batch.owner]


def _more_is_better(name: str, columns: dict[str, np.ndarray]) -> np.ndarray:
    return -columns[name] if name.startswith("days_") else columns[name]


def _ranks(batch: PairBatch, values: np.ndarray) -> np.ndarray:
    """Return ln(1 + how many of the pool have strictly more)."""
    owner, values = batch.owner, _told_apart(values)
    order = np.lexsort((-values, owner))
    place = np.arange(len(values)) - batch.pairs.ptr[owner]
    sorted_values, sorted_owner = values[order], owner[order]
    fresh = np.ones(len(values), bool)
    fresh[1:] = (sorted_values[1:] != sorted_values[:-1]) | (sorted_owner[1:] != sorted_owner[:-1])
    first = np.maximum.accumulate(np.where(fresh, np.arange(len(values)), 0))
    ranks = np.empty(len(values))
    ranks[order] = np.log1p(place[first])
    return ranks


def _told_apart(values: np.ndarray) -> np.ndarray:
    """Return values to some five digits: sums of what decays differ beyond by who is who."""
    fraction, exponent = np.frexp(values)
    return np.ldexp(np.round(fraction * DIGITS) / DIGITS, exponent)
