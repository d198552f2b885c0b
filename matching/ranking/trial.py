"""How rankers do on changes whose reviewers are known: the trial that sources rest on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matching.measures import expected_rankings
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import Queries, queries_of_changes
from matching.ranking.baselines import SIMPLE
from matching.ranking.ranker import MentorRanker
from matching.ranking.sources import RIVALS
from matching.ranking.training_pairs import is_true


class Ranker(Protocol):
    """Whatever scores the pairs of a table."""

    def score_table(self, table: PairTable) -> np.ndarray: ...


@dataclass(frozen=True)
class Trial:
    """A stand-in of the ranker, learned without the newest `changes`, and how it did on them.

    `lead` holds the reciprocal rank of each change by source.
    """

    stand_in: MentorRanker
    changes: np.ndarray
    lead: dict[str, np.ndarray]


def reciprocal_ranks(
    features: PairFeatures,
    rankers: Mapping[str, Ranker],
    changes: np.ndarray,
    queries: Queries | None = None,
    rivals: Collection[str] = RIVALS,
) -> dict[str, np.ndarray]:
    """Return the reciprocal rank of each change by the given rankers and by simple rankings.

    `queries` are the changes' own, if not given: other views of them see less.
    """
    history = features.history
    truth = history.reviewers.take(changes)
    scorers = {name: SIMPLE[name] for name in rivals}
    scorers |= {name: ranker.score_table for name, ranker in rankers.items()}
    found = {name: np.zeros(len(changes)) for name in scorers}
    queries = queries_of_changes(history, changes) if queries is None else queries
    for rows, table in features.tables(queries, returning_days=RETURNING_DAYS):
        relevant = is_true(table.pairs, truth.take(rows))
        n_true = np.diff(truth.ptr)[rows]
        for name, score in scorers.items():
            found[name][rows] = rank_metrics(table, score(table), relevant, n_true)[:, 0]
    return found


def rank_metrics(
    table: PairTable, scores: np.ndarray, relevant: np.ndarray, n_true: np.ndarray
) -> np.ndarray:
    """Return `measures.RANK_METRICS` of each query of a table, shape (n, 5)."""
    return expected_rankings(table.pairs.ptr, scores, relevant, n_true)
