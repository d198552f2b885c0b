"""The served chances of whole pools, kept from one pass for what has to be asked of them later."""

from dataclasses import dataclass

import numpy as np

from matching.arrays.history import History
from matching.lists.load import Lists, log_scores
from matching.pairing.pairs import PairTable
from matching.ranking.serving import Served
from matching.ranking.sources import MODEL


@dataclass(frozen=True)
class Scored:
    """Some queries with all their candidates: query `i` owns `ptr[i]:ptr[i + 1]`.

    `query` are rows of the pass they were kept from; `score` is in natural logarithms, as the
    product orders by it, and `chance` sums to 1 in each pool.
    """

    query: np.ndarray
    ptr: np.ndarray
    candidate: np.ndarray
    score: np.ndarray
    chance: np.ndarray
    is_true: np.ndarray

    def __len__(self) -> int:
        return len(self.query)

    def lists(self, history: History, changes: np.ndarray, n_true: np.ndarray) -> Lists:
        """Return what was ranked as lists in time order; `changes` and `n_true`, a row a query of
        the pass, say where and when each was asked and how many were right."""
        asked = changes[self.query]
        return Lists(
            self.ptr,
            self.candidate,
            self.score,
            self.is_true,
            n_true[self.query],
            history.project[asked],
            history.at[asked],
        )


class ScoreKeeper:
    """Keeps the chances of the wanted queries (a bool for each query of the pass)."""

    def __init__(self, served: Served, projects: tuple[str, ...], wanted: np.ndarray) -> None:
        self.is_model = np.array([served.source_for(slug) == MODEL for slug in projects])
        self.wanted = wanted
        self._parts: list[tuple] = []

    def take(
        self, rows: np.ndarray, table: PairTable, scores: np.ndarray, is_true: np.ndarray
    ) -> None:
        """Keep what is wanted of one batch."""
        wanted, owner = self.wanted[rows], table.pairs.owner
        is_model = self.is_model[table.queries.project]
        chance = chances(scores, owner, len(rows), is_model)
        score = np.where(is_model[owner], scores, log_scores(scores, is_log=False))
        size = np.diff(table.pairs.ptr)[wanted]
        of_pairs = (table.pairs.candidate, score, chance, is_true)
        pairs = wanted[owner]
        self._parts.append((rows[wanted], size, *(values[pairs] for values in of_pairs)))

    def kept(self) -> Scored:
        """Return everything that was kept, in the order of the pass."""
        none = (
            np.zeros(0, int),
            np.zeros(0, int),
            np.zeros(0, int),
            np.zeros(0),
            np.zeros(0),
            np.zeros(0, bool),
        )
        query, size, *pairs = map(np.concatenate, zip(none, *self._parts, strict=True))
        return Scored(query, np.append(0, np.cumsum(size)), *pairs)


def chances(
    scores: np.ndarray, owner: np.ndarray, n_queries: int, is_model: np.ndarray
) -> np.ndarray:
    """Return scores as chances that sum to 1 in each query's pool.

    A model's scores are log odds, those of a simple ranking amounts; `is_model` tells which, a
    bool for each query. Where every amount is 0, everybody's chance is 0.
    """
    best = np.full(n_queries, -np.inf)
    np.maximum.at(best, owner, scores)
    raised = np.where(is_model[owner], np.exp(scores - best[owner]), np.maximum(scores, 0))
    total = np.bincount(owner, raised, n_queries)
    return raised / np.maximum(total, 1e-12)[owner]
