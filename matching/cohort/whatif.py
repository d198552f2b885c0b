"""Why somebody was not placed somewhere: only what can be seen to be true of the assignment."""

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.limits import reserved
from matching.cohort.problem import UNLIMITED, Problem
from matching.cohort.room import Full, Room

# Met, or a wish at least as dear is.
PLACED, DEARER, ALIKE = "placed", "dearer", "alike"
# The stable engine. "full": all who have the places come first with the same mentor; "lot": one of
# them is that mentor's equal; "others": nobody there comes after them with this mentor.
MENTOR_FULL, MENTOR_LOT, MENTOR_BUSY = "mentor_full", "mentor_lot", "mentor_busy"
PROJECT_FULL, PROJECT_LOT, PROJECT_OTHERS = "project_full", "project_lot", "project_others"
SHARE_FULL, SHARE_LOT, SHARE_NONE = "share_full", "share_lot", "share_none"
MENTOR_KEPT = "mentor_kept"  # what is left is kept for helping as a co-mentor
# The optimal engine asks for no claims: what is full is full because the sum is best so.
MENTOR_WHOLE, PROJECT_WHOLE, WHOLE = "mentor_whole", "project_whole", "whole"
# Either: a co-mentor has no place left; the mentor takes nobody.
CO_MENTOR_FULL, MENTOR_NONE = "co_mentor_full", "mentor_none"


def why_not(problem: Problem, found: Assignment) -> np.ndarray:
    """(R,) For each option why its mentee is not placed there; "placed" where they are."""
    rows = problem.rows_of(found.offer)
    standing = np.full(len(rows), UNLIMITED)
    standing[rows >= 0] = problem.wish_rank[rows[rows >= 0]]
    standing = standing[problem.mentee]
    room = Room.of(problem, found)
    full = room.is_full(problem, found)
    code = np.full(len(problem.mentee), WHOLE, dtype=object)
    reasons = _by_sum(full) if found.by_sum else _by_claims(problem, found, room, full)
    for reason, holds in reversed(list(reasons)):
        code[holds] = reason
    code[problem.mentor_places[problem.mentor] == 0] = MENTOR_NONE
    code[problem.wish_rank == standing] = ALIKE
    code[problem.wish_rank > standing] = DEARER
    code[rows[rows >= 0]] = PLACED
    return code


def _by_sum(full: Full):
    """(code, the options of which it is true), the first that holds is told."""
    yield MENTOR_WHOLE, full.mentor
    yield PROJECT_WHOLE, full.project
    yield CO_MENTOR_FULL, full.co_mentor


def _by_claims(problem: Problem, found: Assignment, room: Room, full: Full):
    """(code, the options of which it is true), the first that holds is told.

    A claim is only ever compared with claims on the same mentor: ranks of different mentors say
    nothing about each other. The project comes first, unless somebody there would have given way.
    """
    rows = problem.rows_of(found.offer)
    held = rows[rows >= 0]
    rank = problem.mentor_rank
    here = _Claims.of(problem.offer, held, rank)
    mine = _Claims.of(problem.mentor, held, rank)
    in_project = _Claims.of(problem.project, held, rank)
    alone = room.project_load[problem.project] == room.offer_load[problem.offer]
    project = full.project & ~here.weaker
    of_project = (
        (PROJECT_LOT, project & here.equal),
        (PROJECT_FULL, project & alone & (room.offer_load[problem.offer] > 0)),
        (PROJECT_OTHERS, project),
    )
    for code, holds in of_project:
        yield code, holds & ~in_project.weaker
    mentor = full.mentor & ~mine.weaker
    yield MENTOR_BUSY, mentor & (room.helping[problem.mentor] > 0)
    yield MENTOR_LOT, mentor & mine.equal
    yield MENTOR_FULL, mentor
    yield CO_MENTOR_FULL, full.co_mentor
    yield from of_project
    yield from _by_shares(problem, found, room, full.share & ~here.weaker, here.equal)


def _by_shares(problem: Problem, found: Assignment, room: Room, used_up, equal):
    yield SHARE_LOT, used_up & equal
    yield SHARE_FULL, used_up & (room.offer_load[problem.offer] > 0)
    yield SHARE_NONE, used_up
    kept = reserved(problem, found.shares)
    yield MENTOR_KEPT, ((kept > 0) & (kept < UNLIMITED))[problem.mentor]


class _Claims:
    """For each option: does somebody placed in the same place have an equal, or a weaker, claim?"""

    def __init__(self, equal: np.ndarray, weaker: np.ndarray):
        self.equal, self.weaker = equal, weaker

    @classmethod
    def of(cls, place: np.ndarray, held: np.ndarray, rank: np.ndarray) -> "_Claims":
        worst = np.zeros(place.max(initial=0) + 1, dtype=np.int64)
        np.maximum.at(worst, place[held], rank[held])
        return cls(rank == worst[place], rank < worst[place])
