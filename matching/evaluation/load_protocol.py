"""The accuracy-load curve of the served ranker, on a past that it has not seen."""

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History
from matching.evaluation.score_keeper import ScoreKeeper
from matching.lists.load import Lists, load_curve, shares_load
from matching.pairing.pairs import PairFeatures
from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import queries_of_changes
from matching.ranking.serving import Served, train
from matching.ranking.training_pairs import is_true

TUNED_ON = (0.5, 0.7)
"""Learned from the first half, replayed on the next fifth: the newest 30 % is not looked at."""
NEWEST = (0.7, 1.0)
FEWEST = 50


def curve_of(history: History, part: tuple[float, float] = TUNED_ON, seed: int = 0) -> dict:
    """Return the curve of newcomers' queries of a part of the past; ValueError if there are few.

    `part` is where in the reviewed changes the replay begins and ends; the ranker learns from
    what is before. The report holds `n`, the share-bearing projects, `data_hash` and `curve`.
    """
    changes = history.reviewed_changes()
    begin, end = (int(share * len(changes)) for share in part)
    asked = changes[begin:end]
    asked = asked[history.earlier_changes[asked] < NEWCOMER_BELOW]
    if len(asked) < FEWEST:
        raise ValueError(f"Only {len(asked)} changes of newcomers to replay: too few for a curve.")
    as_of = int(history.at[changes[begin]])
    features = PairFeatures(history)
    served = train(features, as_of, changes[:begin], seed)
    divided = shares_load(history, as_of)
    lists = lists_of(features, served, asked)
    return {
        "data_hash": history.data_hash,
        "n": len(lists),
        "projects": [history.projects[row] for row in np.unique(lists.project) if divided[row]],
        "curve": load_curve(lists, divided),
    }


def lists_of(features: PairFeatures, served: Served, changes: np.ndarray) -> Lists:
    """Return what the product would have shown to the authors of changes (rows, in time order)."""
    history = features.history
    truth = history.reviewers.take(changes)
    keeper = ScoreKeeper(served, history.projects, np.ones(len(changes), bool))
    for rows, table in features.tables(queries_of_changes(history, changes), RETURNING_DAYS):
        scores = served.scores(table, history.projects)
        keeper.take(rows, table, scores, is_true(table.pairs, truth.take(rows)))
    return keeper.kept().lists(history, changes, np.diff(truth.ptr))
