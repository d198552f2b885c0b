"""What an engine answers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.cohort.problem import UNLIMITED, Problem


@dataclass(frozen=True)
class Assignment:
    """For each mentee an offer, or -1.

    Parameters
    ----------
    shares : how many places of its project each offer may fill at most (see ``stable``)
    bound : the total score that no assignment with the same first aim exceeds; None: unknown
    by_sum : did the sum over everybody decide, rather than claims?
    again : answers a changed problem in the same way; None: nothing can be tried out
    """

    offer: np.ndarray  # (N,)
    shares: np.ndarray  # (O,)
    bound: float | None = None
    by_sum: bool = False
    again: "Callable[[Problem], Assignment] | None" = None

    @classmethod
    def of_rows(cls, problem: Problem, rows: np.ndarray, shares=None, bound=None) -> "Assignment":
        """From the options taken, any order."""
        offer = np.full(len(problem.mentees), -1, dtype=np.int64)
        offer[problem.mentee[rows]] = problem.offer[rows]
        if shares is None:
            shares = no_shares(problem)
        return cls(offer, shares, bound)

    @classmethod
    def of_offers(cls, problem: Problem, offers) -> "Assignment":
        """An offer, or -1, for each mentee; nothing is shared out."""
        return cls(np.array(offers, dtype=np.int64), no_shares(problem))


def no_shares(problem: Problem) -> np.ndarray:
    return np.full(len(problem.offer_project), UNLIMITED, dtype=np.int64)
