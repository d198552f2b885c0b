"""An independent judge of an assignment: it knows the rules and nothing of the engines.

It reads who was placed where, counts everything anew, and looks at every option for a pair that
would rather have each other. Written apart from ``stable`` on purpose: it shares no code with it.
"""

from dataclasses import dataclass

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.breaches import against_the_rules
from matching.cohort.problem import UNLIMITED, Problem

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Verdict:
    """What is true of an assignment.

    Parameters
    ----------
    faults : what makes it infeasible, as (code, key, count, limit); () when it is feasible
    blocking : options (rows) whose mentee and mentor would both rather have each other, all limits
        as they are: that an engine shared places out beforehand makes no difference
    within_shares : those whose mentee and mentor would even if every share stays as it is
    idle : options that a mentee would rather have and for which project and mentor have room
        left; a subset of those that block
    ranks : how many got a wish of each rank; index 0 counts the pinned
    worst_rank : of the matched mentee who fares worst; None when nobody chose
    bound : see Assignment
    """

    faults: tuple[tuple[str, str, int, int], ...]
    n: int
    matched: int
    blocking: np.ndarray
    within_shares: np.ndarray
    idle: np.ndarray
    total: float
    bound: float | None
    ranks: np.ndarray
    worst_rank: int | None
    project_load: np.ndarray
    mentor_load: np.ndarray

    @property
    def is_feasible(self) -> bool:
        return not self.faults

    @property
    def of_optimum(self) -> float | None:
        """The total as a share of what no assignment with the same aim exceeds; None: unknown."""
        return self.total / self.bound if self.bound else None


def check(problem: Problem, assignment: Assignment) -> Verdict:
    offer = assignment.offer
    rows = problem.rows_of(offer)
    taken = rows[rows >= 0]
    loads = _Loads.of(problem, offer)
    rank = problem.wish_rank[taken]
    blocks = _wants(problem, offer, rows) & _would_make_room(problem, offer, rows, loads)
    return Verdict(
        faults=tuple(_faults(problem, assignment, rows, loads)),
        n=len(problem.mentees),
        matched=int((offer >= 0).sum()),
        blocking=np.flatnonzero(blocks),
        within_shares=np.flatnonzero(blocks & _would_take(problem, assignment, rows, loads)),
        idle=np.flatnonzero(blocks & _has_room(problem, offer, loads)),
        total=float(problem.score[taken].sum()),
        bound=assignment.bound,
        ranks=np.bincount(rank, minlength=problem.wish_rank.max(initial=0) + 1),
        worst_rank=int(rank.max()) if len(rank) and rank.max() > 0 else None,
        project_load=loads.project,
        mentor_load=loads.mentor,
    )


@dataclass(frozen=True)
class _Loads:
    project: np.ndarray
    mentor: np.ndarray  # with the duties of a co-mentor
    offer: np.ndarray

    @classmethod
    def of(cls, problem: Problem, offer: np.ndarray) -> "_Loads":
        placed = offer[offer >= 0]
        by_offer = np.bincount(placed, minlength=len(problem.offer_project))
        mentor = np.zeros(len(problem.mentors), dtype=np.int64)
        np.add.at(mentor, problem.offer_mentor, by_offer)
        np.add.at(mentor, problem.co_mentor, by_offer[problem.co_offer])
        project = np.zeros(len(problem.projects), dtype=np.int64)
        np.add.at(project, problem.offer_project, by_offer)
        return cls(project, mentor, by_offer)


def _faults(problem: Problem, assignment: Assignment, rows, loads: _Loads):
    offer = assignment.offer
    for mentee in np.flatnonzero((offer >= 0) & (rows < 0)):
        yield ("not_an_option", problem.mentees[mentee], 1, 0)
    yield from against_the_rules(problem, offer)
    for mentee in np.flatnonzero((problem.pinned >= 0) & (problem.pinned != offer)):
        yield ("pin_not_kept", problem.mentees[mentee], 0, 1)
    for project in np.flatnonzero(loads.project > problem.project_places):
        limit = int(problem.project_places[project])
        yield ("project_full", problem.projects[project], int(loads.project[project]), limit)
    for mentor in np.flatnonzero(loads.mentor > problem.mentor_places):
        limit = int(problem.mentor_places[mentor])
        yield ("mentor_full", problem.mentors[mentor], int(loads.mentor[mentor]), limit)


def _wants(problem: Problem, offer: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """For each option: would its mentee rather have it? Whoever has nothing would."""
    standing = np.full(len(problem.mentees), NEVER)
    has = rows >= 0
    standing[has] = problem.wish_rank[rows[has]]
    return problem.wish_rank < standing[problem.mentee]


def _would_make_room(problem: Problem, offer: np.ndarray, rows, loads: _Loads) -> np.ndarray:
    """For each option: would its project, mentor and co-mentors all make room?

    As if the mentee had left where they are. Somebody weaker in the same offer frees all it takes;
    otherwise each limit that is full must give way by itself, whoever of its holders is weaker.
    """
    rank, own = problem.mentor_rank, offer[problem.mentee]
    same = np.zeros(len(problem.offer_project), dtype=np.int64)
    np.maximum.at(same, offer[rows >= 0], rank[rows[rows >= 0]])
    in_project = np.zeros(len(problem.projects), dtype=np.int64)
    np.maximum.at(in_project, problem.offer_project, same)
    staff = _staff(problem)
    with_mentor = np.zeros(len(problem.mentors), dtype=np.int64)
    np.maximum.at(with_mentor, staff[:, 1], same[staff[:, 0]])
    works_there = np.unique(staff @ [len(problem.mentors), 1])
    project = problem.project
    would = loads.project[project] < problem.project_places[project]
    would |= (own >= 0) & (problem.offer_project[own] == project)
    would |= rank < in_project[project]
    by_offer = np.argsort(problem.offer, kind="stable")
    starts = np.searchsorted(problem.offer[by_offer], np.arange(len(same) + 1))
    for duty, mentor in staff.tolist():
        if loads.mentor[mentor] >= problem.mentor_places[mentor]:
            asked = by_offer[starts[duty] : starts[duty + 1]]
            leaves = np.isin(own[asked] * len(problem.mentors) + mentor, works_there)
            would[asked] &= (leaves & (own[asked] >= 0)) | (rank[asked] < with_mentor[mentor])
    return would | (rank < same[problem.offer])


def _staff(problem: Problem) -> np.ndarray:
    """(offer, mentor) for everybody who works with whoever takes the offer."""
    lead = np.c_[np.arange(len(problem.offer_mentor)), problem.offer_mentor]
    return np.r_[lead, np.c_[problem.co_offer, problem.co_mentor]]


def _would_take(problem: Problem, assignment: Assignment, rows, loads: _Loads) -> np.ndarray:
    """For each option: would mentor and project take the mentee within the engine's shares?

    As if the mentee had left where they are. A mentee who takes the place of somebody in the same
    offer frees all they need; otherwise each limit that is full must give way by itself.
    """
    shares = assignment.shares
    of_mentee = assignment.offer[problem.mentee]
    mine = of_mentee >= 0
    lead = problem.mentor_places - _kept_for_others(problem, shares, loads)
    lead_load = np.bincount(
        problem.offer_mentor, weights=loads.offer, minlength=len(problem.mentors)
    )
    held = rows[rows >= 0]
    rank = problem.mentor_rank

    def full(load, cap, place, own):
        leaves = mine & (own == place)
        return (load[place] - leaves >= cap[place]) & ~leaves

    def gives_way(count, place):
        worst = np.zeros(count, dtype=np.int64)
        np.maximum.at(worst, place[held], rank[held])
        return rank < worst[place]

    project, mentor = problem.project, problem.mentor
    offer_full = full(loads.offer, shares, problem.offer, of_mentee)
    project_full = full(
        loads.project, problem.project_places, project, problem.offer_project[of_mentee]
    )
    mentor_full = full(lead_load, lead, mentor, problem.offer_mentor[of_mentee])
    same = gives_way(len(shares), problem.offer)
    each = (~project_full | gives_way(len(problem.projects), project)) & (
        ~mentor_full | gives_way(len(problem.mentors), mentor)
    )
    return same | (~offer_full & each)


def _kept_for_others(problem: Problem, shares: np.ndarray, loads: _Loads) -> np.ndarray:
    """Places kept for co-mentoring: as many as were shared out, else as many as are in use."""
    kept = np.where(shares < UNLIMITED, shares, loads.offer)[problem.co_offer]
    total = np.zeros(len(problem.mentors), dtype=np.int64)
    np.add.at(total, problem.co_mentor, kept)
    return total


def _has_room(problem: Problem, offer: np.ndarray, loads: _Loads) -> np.ndarray:
    """For each option: are project, mentor and co-mentors all below their limits?"""
    open_offer = (
        loads.project[problem.offer_project] < problem.project_places[problem.offer_project]
    )
    open_offer &= (loads.mentor < problem.mentor_places)[problem.offer_mentor]
    busy = loads.mentor >= problem.mentor_places
    open_offer[problem.co_offer[busy[problem.co_mentor]]] = False
    return open_offer[problem.offer]
