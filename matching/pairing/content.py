"""Features of what a query is about: the paths and words a candidate has reviewed or written."""

from dataclasses import dataclass

import numpy as np

from matching.arrays.history import DAY, History, Ragged, expand
from matching.pairing.pair_batch import PairBatch, ReviewEvents
from matching.pairing.path_words import PathWords
from matching.pairing.pool import DENSE_CELLS
from matching.pairing.postings import Counter, Postings
from matching.pairing.queries import Queries

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
        to = (reviews.change, reviews.reviewer, reviews.at)
        self.weight = _sweep_weight(history)
        self.path_words = PathWords(history)
        named = self.path_words.in_paths(history.prefixes)
        told = self.path_words.in_texts(named, history.words, history.project)
        self.reviews_by_prefix = _filed(history.prefixes, *to)
        self.commits_by_prefix = _filed(history.prefixes, mine, *by)
        self.reviews_by_word = _filed(history.words, *to)
        self.commits_by_word = _filed(history.words, mine, *by)
        self.reviews_by_path_word = _filed(named, *to)
        self.reviews_by_text = _filed(told, *to)
        nobody = np.zeros(history.n_changes, np.int64)
        here = Counter.of(history.project, nobody, history.at)
        everywhere = Counter.of(nobody, nobody, history.at)
        reviewed = Counter.of(reviews.project, np.zeros(len(reviews.at)), reviews.at)
        self.rare_prefix = Rarity(self.commits_by_prefix, here)
        self.rare_word = Rarity(self.commits_by_word, everywhere, is_of_project=False)
        self.rare_path_word = Rarity(self.reviews_by_path_word, reviewed)
        self.rare_text = Rarity(self.reviews_by_text, reviewed)

    def columns(self, batch: PairBatch) -> dict[str, np.ndarray]:
        """Return the columns, float, one value a pair."""
        lookup, n = _PairLookup(batch), len(batch.pairs)
        return {
            **self._reviewed(batch, lookup, n),
            **self._written(batch, lookup, n),
        }

    def _reviewed(self, batch: PairBatch, lookup: "_PairLookup", n: int) -> dict:
        queries = batch.queries
        named = self.path_words.in_paths(queries.prefixes)
        told = self.path_words.in_texts(named, queries.words, queries.project)
        rare, words = self.rare_prefix, self.rare_word
        path = self.matches(queries, lookup, queries.prefixes, self.reviews_by_prefix, rare)
        word = self.matches(queries, lookup, queries.words, self.reviews_by_word, words)
        name = self.matches(queries, lookup, named, self.reviews_by_path_word, self.rare_path_word)
        text = self.matches(queries, lookup, told, self.reviews_by_text, self.rare_text)
        return {
            "path_reviews_90d": _shares(path, 90, 1, n),
            "path_reviews_365d": _shares(path, 365, 1, n),
            "file_reviews_365d": _shares(path, 365, 3, n),
            "path_reviews_nearest": _nearest(path, n),
            "word_reviews_365d": _shares(word, 365, 1, n),
            "word_reviews_rare": _shares(word, 365, 2, n),
            "path_word_reviews_365d": _shares(name, 365, 1, n),
            "path_word_reviews_180d": _shares(name, 180, 2, n),
            "text_reviews_365d": _shares(text, 365, 2, n),
        }

    def _written(self, batch: PairBatch, lookup: "_PairLookup", n: int) -> dict:
        queries = batch.queries
        rare, words = self.rare_prefix, self.rare_word
        path = self.matches(queries, lookup, queries.prefixes, self.commits_by_prefix, rare, False)
        word = self.matches(queries, lookup, queries.words, self.commits_by_word, words, False)
        return {
            "path_commits_90d": _shares(path, 90, 1, n),
            "path_commits_365d": _shares(path, 365, 1, n),
            "file_commits_365d": _shares(path, 365, 3, n),
            "path_commits_nearest": _nearest(path, n),
            "word_commits_365d": _shares(word, 365, 1, n),
        }

    def matches(
        self,
        queries: Queries,
        lookup: "_PairLookup",
        terms: Ragged,
        index: Postings,
        rarity: "Rarity",
        are_reviews: bool = True,
    ) -> Matches:
        """Return the events under the queries' terms; `lookup` numbers (query, person)."""
        query = terms.owners
        as_of = queries.as_of[query]
        until = queries.label_as_of[query] if are_reviews else as_of
        rows, term = index.rows(terms.ids, as_of - MAX_DAYS * DAY, until, NEWEST)
        pair = lookup.pair(query[term], index.person[rows])
        return Matches(
            term=term,
            pair=pair,
            age=(as_of[term] - index.at(rows)) / DAY,
            weight=self.weight[index.source[rows]],
            idf=rarity.of(queries, terms),
            query=query,
        )


@dataclass(frozen=True)
class Rarity:
    """ln(1 + N / df) of terms: rare directories and words say more than busy ones.

    `df` counts the events of `index`, N those of `total`, of the query's project or of all.
    """

    index: Postings
    total: Counter
    is_of_project: bool = True

    def of(self, queries: Queries, terms: Ragged) -> np.ndarray:
        """Return the rarity of each term as its query saw it; nothing later is counted."""
        query = terms.owners
        # What is counted here may be reviews: those of a lagged query's last days are unknown.
        moment = np.minimum(queries.as_of, queries.label_as_of)
        start = np.zeros(len(queries), np.int64)
        scope = queries.project if self.is_of_project else start
        n = self.total.counts(self.total.look_up(scope, start), start, moment)[query]
        seen = self.index.before(terms.ids, moment[query])
        df = seen - self.index.before(terms.ids, start[query])
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


def _sweep_weight(history: History) -> np.ndarray:
    """Return what a change counts under each of its prefixes: less for a sweep over the tree."""
    prefixes = np.diff(history.prefixes.ptr) * history.stretch
    return (1 / np.sqrt(1 + prefixes / SWEEP_PREFIXES)).astype(np.float32)


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
