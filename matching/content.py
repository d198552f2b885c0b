"""Features of what a query is about: the paths and words a candidate has reviewed or written."""

from dataclasses import dataclass

import numpy as np

from matching.history import DAY, History, Ragged, expand
from matching.pair_batch import PairBatch, ReviewEvents
from matching.pool import DENSE_CELLS
from matching.postings import Counter, Postings
from matching.queries import Queries

NEWEST = 300
"""Events looked at per prefix or word: bounds the cost of a busy directory."""
MAX_DAYS = 1_500
SWEEP_PREFIXES = 30
"""From about so many prefixes on, a change counts less for each of them."""


@dataclass(frozen=True)
class Matches:
    """Events under the query's prefixes (or words) by one of its candidates, flattened.

    `term` numbers the (query, prefix) combinations, `pair` the candidates' pairs; `age` in days.
    `idf` and `query` belong to the terms.
    """

    term: np.ndarray
    pair: np.ndarray
    age: np.ndarray
    weight: np.ndarray
    idf: np.ndarray
    query: np.ndarray

    def shares(self, pair: np.ndarray, half_life: float, power: float, n_pairs: int) -> np.ndarray:
        """Return the idf-weighted mean share of decayed events that each of `n_pairs` holds.

        `pair` numbers them for each event. A higher `power` of the idf looks at the rare end:
        the very files rather than the tree.
        """
        decayed = self.weight * np.exp2(-self.age / half_life)
        per_term = np.bincount(self.term, decayed, len(self.idf))
        weight = self.idf**power
        all_weight = np.bincount(self.query, weight, int(self.query.max(initial=0)) + 1)
        weight = weight / np.maximum(all_weight, 1e-12)[self.query]
        part = decayed * (weight / np.maximum(per_term, 1e-12))[self.term]
        return np.bincount(pair, part, n_pairs)


class Content:
    """Decayed shares of reviews and commits under the same prefixes, and for the same words."""

    def __init__(self, history: History, reviews: ReviewEvents) -> None:
        mine = np.flatnonzero(history.author >= 0)
        by = (history.author[mine], history.at[mine])
        self.weight = _sweep_weight(history.prefixes)
        self.reviews_by_prefix = _filed(
            history.prefixes, reviews.change, reviews.reviewer, reviews.at
        )
        self.commits_by_prefix = _filed(history.prefixes, mine, *by)
        self.reviews_by_word = _filed(history.words, reviews.change, reviews.reviewer, reviews.at)
        self.commits_by_word = _filed(history.words, mine, *by)
        nobody = np.zeros(history.n_changes, np.int64)
        self.changes = Counter.of(history.project, nobody, history.at)
        self.all_changes = Counter.of(nobody, nobody, history.at)

    def columns(self, batch: PairBatch) -> dict[str, np.ndarray]:
        """Return the columns, float, one value a pair."""
        lookup = _PairLookup(batch)
        prefixes, words = batch.queries.prefixes, batch.queries.words
        queries = batch.queries
        reviewed = self.matches(queries, lookup, prefixes, self.reviews_by_prefix, labels=True)
        written = self.matches(queries, lookup, prefixes, self.commits_by_prefix, labels=False)
        worded = self.matches(queries, lookup, words, self.reviews_by_word, labels=True)
        spoken = self.matches(queries, lookup, words, self.commits_by_word, labels=False)
        n = len(batch.pairs)
        return {
            "path_reviews_90d": _shares(reviewed, 90, 1, n),
            "path_reviews_365d": _shares(reviewed, 365, 1, n),
            "file_reviews_365d": _shares(reviewed, 365, 3, n),
            "path_reviews_nearest": _nearest(reviewed, n),
            "path_commits_90d": _shares(written, 90, 1, n),
            "path_commits_365d": _shares(written, 365, 1, n),
            "file_commits_365d": _shares(written, 365, 3, n),
            "path_commits_nearest": _nearest(written, n),
            "word_reviews_365d": _shares(worded, 365, 1, n),
            "word_commits_365d": _shares(spoken, 365, 1, n),
        }

    def matches(
        self, queries: Queries, lookup: "_PairLookup", terms: Ragged, index: Postings, *, labels
    ) -> Matches:
        """Return the events under the queries' terms; `lookup` numbers (query, person)."""
        query = terms.owners
        as_of = queries.as_of[query]
        until = queries.label_as_of[query] if labels else as_of
        rows, term = index.rows(terms.ids, as_of - MAX_DAYS * DAY, until, NEWEST)
        pair = lookup.pair(query[term], index.person[rows])
        return Matches(
            term=term,
            pair=pair,
            age=(as_of[term] - index.at[rows]) / DAY,
            weight=self.weight[index.source[rows]],
            idf=self._idf(queries, terms, query),
            query=query,
        )

    def _idf(self, queries, terms: Ragged, query: np.ndarray) -> np.ndarray:
        """Return ln(1 + N / df) of each term: rare directories say more than busy ones."""
        as_of = queries.as_of[query]
        if terms is queries.words:
            index, total = self.commits_by_word, self.all_changes
            scope = np.zeros(len(queries), np.int64)
        else:
            index, total, scope = self.commits_by_prefix, self.changes, queries.project
        code = total.look_up(scope, np.zeros(len(queries)))
        n = total.counts(code, np.zeros(len(queries), np.int64), queries.as_of)[query]
        df = index.before(terms.ids, as_of) - index.before(terms.ids, np.zeros_like(as_of))
        return np.log1p(np.maximum(n, 1) / np.maximum(df, 1))


class _PairLookup:
    """Finds the pair of (query, person); len(pairs) stands for "not a candidate".

    A table answers at once; where it would be too large, the sorted pairs are searched.
    """

    def __init__(self, batch: PairBatch) -> None:
        self.n_people = int(batch.pairs.candidate.max(initial=0)) + 1
        self.missing = len(batch.pairs)
        self.cells = batch.owner * self.n_people + batch.pairs.candidate
        self.table = None
        if len(batch.queries) * self.n_people <= DENSE_CELLS:
            self.table = np.full(len(batch.queries) * self.n_people, self.missing, np.int32)
            self.table[self.cells] = np.arange(len(batch.pairs), dtype=np.int32)

    def pair(self, query: np.ndarray, person: np.ndarray) -> np.ndarray:
        cell = query * self.n_people + np.minimum(person, self.n_people - 1)
        if self.table is not None:
            return np.where(person < self.n_people, self.table[cell], self.missing)
        if not self.missing:
            return np.zeros(len(cell), np.int64)
        place = np.minimum(np.searchsorted(self.cells, cell), self.missing - 1)
        found = (self.cells[place] == cell) & (person < self.n_people)
        return np.where(found, place, self.missing)


def _filed(terms: Ragged, change: np.ndarray, person: np.ndarray, at: np.ndarray) -> Postings:
    rows, event = expand(terms.ptr[change], terms.ptr[change + 1])
    return Postings.of(terms.ids[rows], at[event], person[event], change[event])


def _sweep_weight(prefixes: Ragged) -> np.ndarray:
    """Return what a change counts under each of its prefixes: less for a sweep over the tree."""
    return (1 / np.sqrt(1 + np.diff(prefixes.ptr) / SWEEP_PREFIXES)).astype(np.float32)


def _shares(found: Matches, half_life: float, power: float, n_pairs: int) -> np.ndarray:
    return found.shares(found.pair, half_life, power, n_pairs + 1)[:n_pairs]


def _nearest(found: Matches, n_pairs: int) -> np.ndarray:
    """Return how near the candidate came, at best: recent work on the rarest shared prefix."""
    rarest = np.zeros(int(found.query.max(initial=0)) + 1)
    np.maximum.at(rarest, found.query, found.idf)
    near = (found.idf / np.maximum(rarest[found.query], 1e-12))[found.term]
    best = np.zeros(n_pairs + 1)
    np.maximum.at(best, found.pair, near * np.exp2(-found.age / 180))
    return best[:n_pairs]
