"""The optimal engine: the best sum over the whole cohort, by integer programming (HiGHS).

Aims are taken in order, each as far as it goes without giving up the one before:

``total``      the total score, then how many are matched
``matched``    how many are matched, then the total score
``worst_off``  how many are matched, then the wish of whoever fares worst, then the total score

Scores count in steps of 1/10,000, so that every sum of them is exact.
"""

from dataclasses import replace

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.packing import Packing, Solution
from matching.cohort.problem import Problem

TOTAL, MATCHED, WORST_OFF = OBJECTIVES = ("total", "matched", "worst_off")
STEPS = 10_000


def optimal(problem: Problem, objective: str = TOTAL, *, seed: int = 0) -> Assignment:
    """The best assignment; among equally good ones the seed decides. Raises ValueError."""
    if objective not in OBJECTIVES:
        raise ValueError(f"“{objective}” is no objective: choose {', '.join(OBJECTIVES)}.")
    points = np.round(problem.score * STEPS).astype(np.int64)
    everybody = len(problem.mentees) + 1
    packing = Packing.of(problem, seed)
    if objective == TOTAL:
        found = packing.solve(points * everybody + 1)
        bound = found.bound // everybody
    else:
        one = everybody * STEPS  # more than all points together
        found = packing.solve(points + one)
        if objective == WORST_OFF:
            found = _nobody_far_off(problem, packing, found, points + one, one)
        bound = found.bound - found.count * one
    rows = np.r_[found.rows, packing.fixed]
    pinned = points[packing.fixed].sum()
    assignment = Assignment.of_rows(problem, rows, bound=float(bound + pinned) / STEPS)
    return replace(assignment, by_sum=True)


def _nobody_far_off(problem: Problem, packing: Packing, found: Solution, weight, one: int):
    """As many matched, none of them with a later wish than need be.

    The search for the latest wish that is needed asks for one rank less first: where places are
    scarce, that is mostly all there is to ask. What is found on all earlier wishes is the best.
    """
    most, low = found.count, 0
    ranks = np.unique(problem.wish_rank)
    high = tried = np.searchsorted(ranks, _worst(problem, found))
    while low < high:
        tried = high - 1 if tried == high else (low + high) // 2
        fewer = packing.only(problem.wish_rank <= ranks[tried])
        trial = fewer.solve(weight, at_least=most * one, start=found.columns)
        if trial is None or trial.count < most:
            low = tried + 1
        else:
            found, high = trial, np.searchsorted(ranks, _worst(problem, trial))
            tried = -1
    return found


def _worst(problem: Problem, found: Solution) -> int:
    return problem.wish_rank[found.rows].max(initial=0)
