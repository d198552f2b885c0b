"""Limits that overlap, taken as they are: whoever could be better off with a mentor asks again.

Deferred acceptance alone is not stable here: somebody turned away for a place in a project may
find it free again once its holder loses their mentor. So whoever blocks asks once more from the
top, until nobody does. That may go round in circles, and need not end where a stable assignment
exists; mostly it ends after a few turns.
"""

import numpy as np

from matching.cohort.limits import all_limits
from matching.cohort.problem import UNLIMITED, Problem
from matching.cohort.rounds import Round

TURNS = 40


def settled(problem: Problem, asking: np.ndarray, claim: np.ndarray) -> np.ndarray | None:
    """Options (rows) that nobody blocks, all limits as they are; None: none found."""
    round_ = Round(problem, asking, claim, all_limits(problem))
    rows = round_.run()
    for _ in range(TURNS):
        blocking = _blocking(problem, rows)
        if not len(blocking):
            return rows
        rows = round_.again(np.unique(problem.mentee[blocking]).tolist())
    return None


def _blocking(problem: Problem, held: np.ndarray) -> np.ndarray:
    """Options (rows) that a mentee would rather have, and for which every limit would give way."""
    place = np.full(len(problem.mentees), -1)
    place[problem.mentee[held]] = held
    own = place[problem.mentee]
    rank = np.where(own >= 0, problem.wish_rank[own], UNLIMITED)
    wanted = np.flatnonzero(problem.wish_rank < rank)
    own = own[wanted]
    limits = all_limits(problem)
    free = np.ones(len(wanted), dtype=bool)
    worst = np.zeros(len(limits.caps), dtype=np.int64)
    load = np.zeros(len(limits.caps), dtype=np.int64)
    for limit in limits.of_offer[problem.offer[held]].T:
        there = limit >= 0
        np.add.at(load, limit[there], 1)
        np.maximum.at(worst, limit[there], problem.mentor_rank[held[there]])
    left = np.where(own[:, None] >= 0, limits.of_offer[problem.offer[own]], -1)
    for limit in limits.of_offer[problem.offer[wanted]].T:
        leaves = (left == limit[:, None]).any(axis=1)
        has_room = (limit < 0) | leaves | (load[limit] < limits.caps[limit])
        free &= has_room | (problem.mentor_rank[wanted] < worst[limit])
    return wanted[free | _weaker_there(problem, held, wanted)]


def _weaker_there(problem: Problem, held: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Does somebody weaker hold the same offer? They would free all that it takes."""
    worst = np.zeros(len(problem.offer_project), dtype=np.int64)
    np.maximum.at(worst, problem.offer[held], problem.mentor_rank[held])
    return problem.mentor_rank[wanted] < worst[problem.offer[wanted]]
