"""The stable engine: deferred acceptance, the mentees asking.

Student-Project Allocation with mentors' preferences (Abraham, Irving and Manlove 2007), mentees'
side: everybody asks for their dearest option; a project or mentor without room keeps the
strongest claims; who is turned away asks on. The end does not depend on who asks first, is stable,
and no stable assignment is better for any mentee.

Ties are broken first: a mentee's equal wishes by score and then by lot, a mentor's equal mentees
by the mentees' lots, one lot a mentee. The answer is then *weakly* stable: no pair would both be
strictly better off. Where ties were broken otherwise, another answer may serve more people.

Limits that overlap (a project short of places with several mentors who serve elsewhere too; a
co-mentor with other duties) may leave no stable assignment at all. Such places are shared out
first: a first round decides how many each mentor of the project gets, places that stay idle are
moved to where they are wanted, and the answer is stable with regard to these ``shares``.
"""

import heapq

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.limits import (
    Limits,
    all_limits,
    moved_shares,
    nested_limits,
    share_out,
    shared_projects,
)
from matching.cohort.lots import lots
from matching.cohort.problem import Problem

REDRAWS = 12  # times that idle shares are moved


def stable(problem: Problem, *, seed: int = 0) -> Assignment:
    """The best stable assignment for mentees, once ties are broken by the seed."""
    asking = _asking_order(problem, seed)
    claim = _claims(problem, seed)
    shared = shared_projects(problem)
    if not shared.any():
        rows = _Round(problem, asking, claim, nested_limits(problem, shared, None)).run()
        return Assignment.of_rows(problem, rows)
    first = _Round(problem, asking, claim, all_limits(problem)).run()
    shares = share_out(problem, shared, first)
    for _ in range(REDRAWS):
        rows = _Round(problem, asking, claim, nested_limits(problem, shared, shares)).run()
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


def _claims(problem: Problem, seed: int) -> np.ndarray:
    """One order of all options, 0 the strongest: the mentor's rank, then the mentee's lot."""
    lot = lots(problem.mentees, seed)[problem.mentee]
    order = np.lexsort((problem.offer, lot, problem.mentor_rank))
    claim = np.empty(len(order), dtype=np.int64)
    claim[order] = np.arange(len(order))
    return claim


class _Round:
    """One round of asking, until nobody asks any more."""

    def __init__(self, problem: Problem, asking: np.ndarray, claim: np.ndarray, limits: Limits):
        self.mentee = problem.mentee.tolist()
        self.asking = asking.tolist()
        ends = np.searchsorted(problem.mentee, np.arange(len(problem.mentees) + 1))
        self.next, self.end = ends[:-1].tolist(), ends[1:].tolist()
        self.claim = claim.tolist()
        self.limits = limits.of_option(problem)
        self.caps = limits.caps.tolist()
        self.load = [0] * len(self.caps)
        self.held: list[int] = [-1] * len(problem.mentees)
        # Holders of each limit, the weakest claim on top; who has left is dropped when met.
        self.holders: list[list[tuple[int, int]]] = [[] for _ in self.caps]

    def run(self) -> np.ndarray:
        waiting = list(range(len(self.held)))
        while waiting:
            waiting.extend(self._ask(waiting.pop()))
        return np.array([row for row in self.held if row >= 0], dtype=np.int64)

    def _ask(self, mentee: int) -> list[int]:
        """Ask until somebody takes the mentee; returns who is turned away for it."""
        while self.next[mentee] < self.end[mentee]:
            row = self.asking[self.next[mentee]]
            self.next[mentee] += 1
            losers = self._losers(row)
            if losers is not None:
                for loser in losers:
                    self._let_go(loser)
                self._take(row)
                return [self.mentee[loser] for loser in losers]
        return []

    def _losers(self, row: int) -> list[int] | None:
        """Whom the option would turn away, the narrower limit first; None: it is too weak."""
        losers: list[int] = []
        for limit in self.limits[row]:
            freed = sum(limit in self.limits[loser] for loser in losers)
            if self.load[limit] - freed < self.caps[limit]:
                continue
            weakest = self._weakest(limit)
            if weakest < 0 or self.claim[weakest] < self.claim[row]:
                return None
            losers.append(weakest)
        return losers

    def _weakest(self, limit: int) -> int:
        heap = self.holders[limit]
        while heap and self.held[self.mentee[heap[0][1]]] != heap[0][1]:
            heapq.heappop(heap)
        return heap[0][1] if heap else -1

    def _let_go(self, row: int) -> None:
        self.held[self.mentee[row]] = -1
        for limit in self.limits[row]:
            self.load[limit] -= 1

    def _take(self, row: int) -> None:
        self.held[self.mentee[row]] = row
        for limit in self.limits[row]:
            self.load[limit] += 1
            heapq.heappush(self.holders[limit], (-self.claim[row], row))
