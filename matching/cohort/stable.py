"""The stable engine: deferred acceptance, the mentees asking.

Student-Project Allocation with mentors' preferences (Abraham, Irving and Manlove 2007), mentees'
side: everybody asks for their dearest option; a project or mentor without room keeps the
strongest claims; who is turned away asks on. The end does not depend on who asks first, is stable,
and no stable assignment is better for any mentee.

Ties are broken first: a mentee's equal wishes by score and then by lot, a mentor's equal mentees
by the mentees' lots, one lot a mentee. The answer is then *weakly* stable: no pair would both be
strictly better off. Where ties were broken otherwise, another answer may serve more people.

Limits that overlap (a project short of places with several mentors who serve elsewhere too; a
co-mentor with other duties) may leave no stable assignment at all. They are first taken as they
are (``settling``), with a few ways to break the ties between mentors. Only where that ends nowhere
are such places shared out: a first round decides how many each mentor of the project gets, places
that stay idle are moved to where they are wanted, and the answer is stable with regard to these
``shares``; the checker says how many pairs block without them.
"""

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.limits import (
    all_limits,
    moved_shares,
    nested_limits,
    share_out,
    shared_projects,
)
from matching.cohort.lots import lots
from matching.cohort.problem import Problem
from matching.cohort.rounds import Round
from matching.cohort.settling import settled

REDRAWS = 12  # times that idle shares are moved
MOST_ATTEMPTS = 12
OPTIONS_TRIED = 500_000  # in all attempts after the first


def stable(problem: Problem, *, seed: int = 0) -> Assignment:
    """The best stable assignment for mentees, once ties are broken by the seed."""
    asking = _asking_order(problem, seed)
    claim = _claims(problem, seed)
    shared = shared_projects(problem)
    if not shared.any():
        rows = Round(problem, asking, claim, nested_limits(problem, shared, None)).run()
        return Assignment.of_rows(problem, rows)
    for attempt in range(_attempts(problem)):
        order = _claims(problem, seed, attempt) if attempt else claim
        rows = settled(problem, asking, order)
        if rows is not None:
            return Assignment.of_rows(problem, rows)
    return _within_shares(problem, asking, claim, shared)


def _attempts(problem: Problem) -> int:
    """How many ways to break ties are tried: fewer where each takes long."""
    return 1 + min(MOST_ATTEMPTS, OPTIONS_TRIED // max(len(problem.mentee), 1))


def _within_shares(problem: Problem, asking, claim, shared: np.ndarray) -> Assignment:
    first = Round(problem, asking, claim, all_limits(problem)).run()
    shares = share_out(problem, shared, first)
    for _ in range(REDRAWS):
        rows = Round(problem, asking, claim, nested_limits(problem, shared, shares)).run()
        found = Assignment.of_rows(problem, rows, shares)
        shares = moved_shares(problem, shared, found)
        if shares is None:
            break
    return found


def _asking_order(problem: Problem, seed: int) -> np.ndarray:
    """The options of each mentee in the order they are asked for."""
    names = [
        f"{problem.projects[p]}\0{problem.mentors[m]}"
        for p, m in zip(problem.offer_project, problem.offer_mentor, strict=True)
    ]
    lot = lots(names, seed) if names else np.zeros(0, dtype=np.int64)
    return np.lexsort((lot[problem.offer], -problem.score, problem.wish_rank, problem.mentee))


def _claims(problem: Problem, seed: int, attempt: int = 0) -> np.ndarray:
    """One order of all options, 0 the strongest: the mentor's rank, then the mentee's lot.

    Later attempts draw lots between mentors first; a mentor's own order stays as it is.
    """
    lot = lots(problem.mentees, seed)[problem.mentee]
    among_mentors = np.zeros(len(problem.mentors), dtype=np.int64)
    if attempt:
        among_mentors = lots([f"{attempt}\0{key}" for key in problem.mentors], seed)
    order = np.lexsort((problem.offer, lot, among_mentors[problem.mentor], problem.mentor_rank))
    claim = np.empty(len(order), dtype=np.int64)
    claim[order] = np.arange(len(order))
    return claim
