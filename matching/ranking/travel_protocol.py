"""What a model from elsewhere is worth: every project ranked by a model of other projects.

In the backtest `shipped` means this, never the file in the repository, which has seen the past
of the projects that it was learned from.
"""

from dataclasses import dataclass

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.queries import Queries, queries_of_changes
from matching.ranking.ranker import MentorRanker
from matching.ranking.sources import SHIPPED
from matching.ranking.threads import THREADS
from matching.ranking.training_pairs import TrainingPairs
from matching.ranking.travel_training import blind, draw_travelling, travel_changes
from matching.ranking.travelling import columns_of, scale_free
from matching.ranking.trial import reciprocal_ranks

FOLDS = 5
"""Projects are dealt into so many parts; each is ranked by a model of the others."""
TEST_SHARE = 0.3
MOST_ASKED = 300
"""A project is asked about at most so many changes of newcomers, its newest."""


@dataclass(frozen=True)
class Elsewhere:
    """One model a fold, each learned from the projects outside of it; None: nothing to learn."""

    fold_of_project: np.ndarray
    models: tuple[MentorRanker | None, ...]

    def score_table(self, table: PairTable) -> np.ndarray:
        """Return one score a pair; 0 for all where no other project taught anything."""
        fold = self.fold_of_project[table.queries.project][table.pairs.owner]
        columns = columns_of(table.names, scale_free(table.names))
        scores = np.zeros(len(table.pairs))
        for number in np.unique(fold):
            if self.models[number] is not None:
                asked = fold == number
                X = table.values[asked][:, columns]
                scores[asked] = self.models[number].decision_function(X)
        return scores


def leave_one_project_out(
    features: PairFeatures, changes: np.ndarray, as_of: int, seed: int = 0
) -> Elsewhere:
    """Return the models of the reviewed changes before `as_of`, each of other projects only."""
    history = features.history
    past = changes[history.at[changes] < as_of]
    fold = _folds(history, past, seed)
    if not len(past):
        return Elsewhere(fold, (None,) * FOLDS)
    drawn = draw_travelling(features, past, seed)
    known = travel_changes(history, past, seed)
    fold_of_pair = fold[history.project[np.tile(known, 2)]][drawn.owner]
    with THREADS.limit(limits=1):  # threads that wait for a busy core take longer than the work
        models = tuple(_fit(drawn, fold_of_pair != n, seed) for n in range(FOLDS))
    return Elsewhere(fold, models)


def _fit(drawn: TrainingPairs, chosen: np.ndarray, seed: int) -> MentorRanker | None:
    if not drawn.y[chosen].any():
        return None
    part = TrainingPairs(drawn.X[chosen], drawn.y[chosen], drawn.owner[chosen], drawn.names)
    return MentorRanker(random_state=seed).fit(part)


def _folds(history: History, past: np.ndarray, seed: int) -> np.ndarray:
    """Return the fold of each project: dealt from the one with most to teach to the least."""
    count = np.bincount(history.project[past], minlength=len(history.projects))
    fold = np.empty(len(count), np.int64)
    fold[np.argsort(-count, kind="stable")] = np.arange(len(count)) % FOLDS
    return fold


def worth_elsewhere(features: PairFeatures, changes: np.ndarray, seed: int = 0) -> dict:
    """Return what models of other projects do for newcomers in the newest part of the past.

    The mean reciprocal rank over projects, of a model and of recency, with the reviews known
    then (`known`) and where none ever was (`no_reviews`); None where nobody could be asked.
    """
    history = features.history
    as_of = int(history.at[changes[int((1 - TEST_SHARE) * len(changes))]])
    elsewhere = {SHIPPED: leave_one_project_out(features, changes, as_of, seed)}
    later = (history.at[changes] >= as_of) & (history.earlier_changes[changes] < NEWCOMER_BELOW)
    asked = _newest_of_each(history, changes[later])
    views: dict[str, Queries] = {"known": queries_of_changes(history, asked)}
    views["no_reviews"] = blind(views["known"])
    found = {
        name: reciprocal_ranks(features, elsewhere, asked, view) for name, view in views.items()
    }
    project = history.project[asked]
    return {
        "asked_from": as_of,
        "asked": len(asked),
        "leave_one_project_out": {
            f"{name}_{view}": _mean_over(project, ranks[source])
            for view, ranks in found.items()
            for name, source in (("mrr", SHIPPED), ("recency_mrr", "recency"))
        },
    }


def _newest_of_each(history: History, changes: np.ndarray) -> np.ndarray:
    project = history.project[changes]
    parts = [changes[project == row][-MOST_ASKED:] for row in np.unique(project)]
    return np.sort(np.concatenate([np.zeros(0, np.int64), *parts]))


def _mean_over(project: np.ndarray, values: np.ndarray) -> float | None:
    means = [values[project == row].mean() for row in np.unique(project)]
    return round(float(np.mean(means)), 4) if means else None
