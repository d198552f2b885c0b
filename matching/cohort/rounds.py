"""Rounds of asking: everybody asks down their list, limits keep the strongest claims."""

import heapq
from collections.abc import Iterable

import numpy as np

from matching.cohort.limits import Limits
from matching.cohort.problem import Problem


class Round:
    """One round of asking, until nobody asks any more."""

    def __init__(self, problem: Problem, asking: np.ndarray, claim: np.ndarray, limits: Limits):
        self.mentee = problem.mentee.tolist()
        self.asking = asking.tolist()
        ends = np.searchsorted(problem.mentee, np.arange(len(problem.mentees) + 1))
        self.first, self.end = ends[:-1].tolist(), ends[1:].tolist()
        self.next = list(self.first)
        self.claim = claim.tolist()
        self.limits = limits.of_option(problem)
        self.caps = limits.caps.tolist()
        self.load = [0] * len(self.caps)
        self.held: list[int] = [-1] * len(problem.mentees)
        # Holders of each limit, the weakest claim on top; who has left is dropped when met.
        self.holders: list[list[tuple[int, int]]] = [[] for _ in self.caps]

    def run(self) -> np.ndarray:
        """The options held (rows) once everybody has asked."""
        return self.again(range(len(self.held)))

    def again(self, mentees: Iterable[int]) -> np.ndarray:
        """Some ask once more from the top; at worst they get back what they leave for it."""
        for mentee in mentees:
            if self.held[mentee] >= 0:
                self._let_go(self.held[mentee])
            self.next[mentee] = self.first[mentee]
            waiting = [mentee]
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
