"""The served chances of whole pools, kept from one pass for what has to be asked of them later."""

from dataclasses import dataclass

import numpy as np

from matching.pairing.pairs import PairTable
from matching.ranking.serving import Served
from matching.ranking.sources import MODEL


@dataclass(frozen=True)
class Scored:
    """Some queries with all their candidates: query `i` owns `ptr[i]:ptr[i + 1]`.

    `query` are rows of the pass they were kept from; `chance` sums to 1 in each pool.
    """

    query: np.ndarray
    ptr: np.ndarray
    candidate: np.ndarray
    chance: np.ndarray
    is_true: np.ndarray

    def __len__(self) -> int:
        return len(self.query)


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
        chance = chances(scores, owner, len(rows), self.is_model[table.queries.project])
        pairs = wanted[owner]
        size = np.diff(table.pairs.ptr)[wanted]
        self._parts.append(
            (rows[wanted], size, table.pairs.candidate[pairs], chance[pairs], is_true[pairs])
        )

    def kept(self) -> Scored:
        """Return everything that was kept, in the order of the pass."""
        none = (
            np.zeros(0, int),
            np.zeros(0, int),
            np.zeros(0, int),
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
