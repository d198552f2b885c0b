"""Where an assignment leaves room: what is full for each option, once its mentee has left."""

from dataclasses import dataclass

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.problem import Problem


@dataclass(frozen=True)
class Room:
    """Loads, those of mentors with what they do as co-mentors."""

    offer_load: np.ndarray
    project_load: np.ndarray
    mentor_load: np.ndarray
    helping: np.ndarray  # (M,) of these loads, places used as a co-mentor

    @classmethod
    def of(cls, problem: Problem, found: Assignment) -> "Room":
        placed = found.offer[found.offer >= 0]
        load = np.bincount(placed, minlength=len(problem.offer_project))
        helping = _sum(problem.co_mentor, load[problem.co_offer], len(problem.mentors))
        return cls(
            load,
            _sum(problem.offer_project, load, len(problem.projects)),
            _sum(problem.offer_mentor, load, len(problem.mentors)) + helping,
            helping,
        )

    def is_full(self, problem: Problem, found: Assignment) -> "Full":
        own = found.offer[problem.mentee]
        leaves_project = (own >= 0) & (problem.offer_project[own] == problem.project)
        in_project = self.project_load[problem.project] - leaves_project
        busy = self.mentor_load[problem.mentor] - _works_with(problem, own, problem.mentor)
        helper = np.zeros(len(own), dtype=bool)
        for duty, mentor in zip(problem.co_offer, problem.co_mentor, strict=True):
            if self.mentor_load[mentor] >= problem.mentor_places[mentor]:
                rows = np.flatnonzero(problem.offer == duty)
                left = self.mentor_load[mentor] - _works_with(problem, own[rows], mentor)
                helper[rows] |= left >= problem.mentor_places[mentor]
        return Full(
            in_project >= problem.project_places[problem.project],
            busy >= problem.mentor_places[problem.mentor],
            helper,
            self.offer_load[problem.offer] - (own == problem.offer) >= found.shares[problem.offer],
        )


@dataclass(frozen=True)
class Full:
    """(R,) each: is the project full, the mentor, one of the co-mentors, the mentor's share?"""

    project: np.ndarray
    mentor: np.ndarray
    co_mentor: np.ndarray
    share: np.ndarray


def _works_with(problem: Problem, offer: np.ndarray, mentor) -> np.ndarray:
    """Does whoever holds the offer (-1: none) take a place of the mentor?"""
    n = len(problem.mentors)
    duties = np.unique(problem.co_offer * n + problem.co_mentor)
    leads = problem.offer_mentor[offer] == mentor
    return (offer >= 0) & (leads | np.isin(offer * n + mentor, duties))


def _sum(where: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(where, weights=values, minlength=count).astype(np.int64)
