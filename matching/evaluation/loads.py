"""What the recommendations ask of mentors: how the load is spread, and what spreading it costs."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from matching.arrays.history import DAY, History, Ragged
from matching.evaluation.score_keeper import Scored
from matching.measures import expected_rankings, load
from matching.pairing.pool import ACTIVE_DAYS

WINDOW = 30 * DAY
WEIGHTS = (0.0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2)
"""Of the load in the score: chance − weight × (own 30-day load ÷ mean load of who has any)."""


def could_be_asked(history: History, projects: np.ndarray, as_of: int) -> int:
    """Return how many people were a candidate of the protocol's at any moment from `as_of` on."""
    since = as_of - ACTIVE_DAYS * DAY
    wrote = (history.author >= 0) & (history.at >= since) & np.isin(history.project, projects)
    reviewed = history.review_at >= since
    reviewed &= np.isin(history.project[history.review_change], projects)
    other = (history.other_at >= since) & np.isin(history.other_project, projects)
    people = (history.author[wrote], history.review_person[reviewed], history.other_person[other])
    return len(np.unique(np.concatenate(people)))


def load_of_first(first: np.ndarray, at: np.ndarray, people: int) -> dict[str, float]:
    """Return the load if everybody who was ranked first (-1: nobody) were asked.

    `people` says how many could have been asked: who never is counts as 0 in the Gini.
    """
    some = first >= 0
    return load(first[some], at[some], WINDOW, people)


def load_of_history(truth: Ragged, at: np.ndarray, people: int) -> dict[str, float]:
    """Return the load of those who really answered, one row of `truth` a query."""
    return load(truth.ids, at[truth.owners], WINDOW, people)


def accuracy_load_curve(
    scored: Scored,
    at: np.ndarray,
    n_true: np.ndarray,
    slices: dict[str, np.ndarray],
    people: int,
    weights: Sequence[float] = WEIGHTS,
) -> dict[str, list[dict]]:
    """Return for each slice (positions in `scored`) one point a weight.

    The queries come in time order, at `at` (seconds); who is ranked first carries the query for
    30 days, and the next ones see that. `people` could have been asked.
    """
    curve: dict[str, list[dict]] = {name: [] for name, rows in slices.items() if len(rows)}
    for weight in weights:
        found, first = answer_in_turn(scored, at, n_true, weight)
        for name in curve:
            rows = slices[name]
            mrr, hit_at_1 = (float(mean) for mean in found[rows, :2].mean(axis=0))
            point = {"weight": weight, "n": len(rows), "mrr": mrr, "hit_at_1": hit_at_1}
            curve[name].append(point | load_of_first(first[rows], at[rows], people))
    return curve


def answer_in_turn(
    scored: Scored, at: np.ndarray, n_true: np.ndarray, weight: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return metrics (n, 5) and who was first (-1: nobody), each answer knowing those before."""
    carried = Carried(1 + int(scored.candidate.max(initial=-1)))
    scores, first = scored.chance.copy(), np.full(len(scored), -1)
    for query, (start, stop) in enumerate(zip(scored.ptr[:-1], scored.ptr[1:], strict=True)):
        if start == stop:
            continue
        candidate, score = scored.candidate[start:stop], scores[start:stop]
        carried.forget(int(at[query]) - WINDOW)
        score -= weight * carried.relative(candidate)
        first[query] = candidate[np.argmax(score)]  # candidates ascend: ties to the lower row
        carried.add(int(first[query]), int(at[query]))
    return expected_rankings(scored.ptr, scores, scored.is_true, n_true), first


class Carried:
    """How many queries each of `people` carries at the moment."""

    def __init__(self, people: int) -> None:
        self.count = np.zeros(people)
        self._queue: deque[tuple[int, int]] = deque()

    def add(self, person: int, at: int) -> None:
        """Let a person carry one more, taken on at a moment (seconds)."""
        self.count[person] += 1
        self._queue.append((at, person))

    def forget(self, until: int) -> None:
        """Drop what was taken on at `until` or before."""
        while self._queue and self._queue[0][0] <= until:
            self.count[self._queue.popleft()[1]] -= 1

    def relative(self, people: np.ndarray) -> np.ndarray:
        """Return each one's load over the mean of those who carry any; 0 where nobody does."""
        busy = np.count_nonzero(self.count)
        return self.count[people] * (busy / max(len(self._queue), 1))
