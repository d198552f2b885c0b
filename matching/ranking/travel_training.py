"""How a ranker for other communities learns: from every project alike, also without any review.

Half of its pairs are seen as a community without reviews in its history would see them, so that
it can rank there too. No project gives more than its share, so that no big one decides.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matching.arrays.history import History
from matching.pairing.pairs import PairFeatures
from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import Queries, queries_of_changes
from matching.ranking.lesson import NEGATIVES, teaching_changes
from matching.ranking.ranker import RankerCommittee
from matching.ranking.training_pairs import TrainingPairs, draw_training_pairs
from matching.ranking.training_parts import DRAWS
from matching.ranking.travelling import columns_of, scale_free

MOST_PER_PROJECT = 3_000
"""The newest so many changes of a project are learned from."""


def blind(queries: Queries) -> Queries:
    """Return the same queries where no review was ever known."""
    return replace(queries, label_as_of=np.zeros_like(queries.label_as_of))


def fit_travelling(features: PairFeatures, changes: np.ndarray, seed: int = 0) -> RankerCommittee:
    """Learn from the given reviewed changes (rows in time order).

    ValueError if there is nothing to learn from.
    """
    return RankerCommittee(random_state=seed).fit(
        draw_travelling(features, changes, one) for one in range(seed, seed + DRAWS)
    )


def draw_travelling(features: PairFeatures, changes: np.ndarray, seed: int) -> TrainingPairs:
    """Return pairs of scale-free features, seen with the reviews known then and without any.

    `owner` counts the changes taught from twice, so it still grows with time within each half.
    """
    history = features.history
    known = travel_changes(history, changes, seed)
    truth, queries = history.reviewers.take(known), queries_of_changes(history, known)
    halves = [
        draw_training_pairs(features.tables(view, RETURNING_DAYS), truth, NEGATIVES, seed)
        for view in (queries, blind(queries))
    ]
    names = scale_free(halves[0].names)
    columns = columns_of(halves[0].names, names)
    return TrainingPairs(
        np.concatenate([half.X[:, columns] for half in halves]),
        np.concatenate([half.y for half in halves]),
        np.concatenate([halves[0].owner, halves[1].owner + len(known)]),
        names,
    )


def travel_changes(history: History, changes: np.ndarray, seed: int) -> np.ndarray:
    """Return the newest teaching changes of each project, in time order."""
    return np.sort(np.concatenate(list(_of_each(history, changes, seed)) or [changes]))


def _of_each(history: History, changes: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    for row in np.unique(history.project[changes]):
        here = changes[history.project[changes] == row]
        yield teaching_changes(history, here, seed)[-MOST_PER_PROJECT:]
