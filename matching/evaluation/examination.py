"""One pass over test queries: what every contender answers, and how good each answer is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays.history import Ragged
from matching.evaluation.contenders import SERVED, Contender, Field, tables_of
from matching.evaluation.score_keeper import ScoreKeeper
from matching.measures import RANK_METRICS
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.queries import Queries
from matching.ranking.training_pairs import is_true
from matching.ranking.trial import rank_metrics


@dataclass(frozen=True)
class Answers:
    """What one method answered, a row a query.

    `metrics` (n, 5) as `measures.RANK_METRICS`; `first` is the person ranked first, -1 where
    nobody is a candidate; `covered` says whether a true mentor was a candidate at all.
    """

    metrics: np.ndarray
    first: np.ndarray
    covered: np.ndarray
    pool_size: np.ndarray

    @classmethod
    def joined(cls, parts: Iterable[tuple]) -> "Answers":
        """Return the answers of some batches, one tuple of arrays each; there may be none."""
        nothing = np.zeros(0, int)
        empty = (np.zeros((0, len(RANK_METRICS))), nothing, nothing > 0, nothing)
        return cls(*map(np.concatenate, zip(empty, *parts, strict=True)))


def examine(
    features: PairFeatures,
    field: Field,
    queries: Queries,
    truth: Ragged,
    seed: int,
    keeper: ScoreKeeper | None = None,
) -> dict[str, Answers]:
    """Let every contender answer all queries; `truth` has one row a query.

    Who is first among equals is drawn, by `seed`. `keeper` sees the served scores as they pass by.
    """
    found: dict[str, Answers] = {}
    for is_served in (True, False):
        contenders = field.of_pool(is_served)
        if contenders:
            found |= _examine_pool(features, contenders, queries, truth, is_served, seed, keeper)
    return {name: found[name] for name in field.names()}


def _examine_pool(
    features, contenders: Sequence[Contender], queries, truth: Ragged, is_served: bool, seed, keeper
) -> dict[str, Answers]:
    rng = np.random.default_rng(seed)
    parts: dict[str, list] = {one.name: [] for one in contenders}
    n_true = np.diff(truth.ptr)
    for rows, table in tables_of(features, queries, is_served):
        relevant = is_true(table.pairs, truth.take(rows))
        covered = np.bincount(table.pairs.owner, relevant, len(rows)) > 0
        size, lots = np.diff(table.pairs.ptr), rng.random(len(table.pairs))
        for one in contenders:
            scores = one.score(table)
            metrics = rank_metrics(table, scores, relevant, n_true[rows])
            parts[one.name].append((metrics, first_of_each(table, scores, lots), covered, size))
            if keeper is not None and one.name == SERVED:
                keeper.take(rows, table, scores, relevant)
    return {name: Answers.joined(some) for name, some in parts.items()}


def first_of_each(table: PairTable, scores: np.ndarray, lots: np.ndarray) -> np.ndarray:
    """Return the best candidate of each query, of equals the one with the least lot, -1 for an
    empty pool."""
    pairs = table.pairs
    order = np.lexsort((lots, -scores, pairs.owner))
    some = np.diff(pairs.ptr) > 0
    first = np.full(len(some), -1)
    first[some] = pairs.candidate[order[pairs.ptr[:-1][some]]]
    return first
