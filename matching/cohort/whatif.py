"""Why somebody was not placed somewhere, and what would help whoever was placed nowhere."""

from dataclasses import dataclass

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.problem import UNLIMITED, Problem

# Why not this option. "full": everybody there has a stronger claim with the mentor; "lot": somebody
# has an equal one and drew the better lot; "whole": it would fit, but the sum over all is less.
PLACED, DEARER, ALIKE, WHOLE = "placed", "dearer", "alike", "whole"
PROJECT_FULL, PROJECT_LOT = "project_full", "project_lot"
MENTOR_FULL, MENTOR_LOT = "mentor_full", "mentor_lot"
SHARE_FULL, SHARE_LOT = "share_full", "share_lot"
HELPS_SHOWN = 3
FEW_WISHES = 3


@dataclass(frozen=True)
class Help:
    """One change by which an unmatched mentee would have a place, as things stand.

    Codes: ``place_mentor``, ``place_project``, ``place_both`` (one place more), ``hours``,
    ``language``, ``conflict``, ``forbidden`` (the constraint alone stands between),
    ``more_wishes``, ``no_wish``, ``no_mentor`` (nobody mentors where they wish to be).
    """

    code: str
    project: str = ""
    mentor: str = ""


def why_not(problem: Problem, found: Assignment) -> np.ndarray:
    """(R,) For each option why its mentee is not placed there; "placed" where they are."""
    places = _Places.of(problem, found)
    rows = problem.rows_of(found.offer)
    standing = np.full(len(rows), UNLIMITED)
    standing[rows >= 0] = problem.wish_rank[rows[rows >= 0]]
    standing = standing[problem.mentee]
    code = np.full(len(problem.mentee), WHOLE, dtype=object)
    for full, lot, (is_full, worst) in (
        (SHARE_FULL, SHARE_LOT, places.offer),
        (MENTOR_FULL, MENTOR_LOT, places.mentor),
        (PROJECT_FULL, PROJECT_LOT, places.project),
    ):
        code[is_full & (problem.mentor_rank > worst)] = full
        code[is_full & (problem.mentor_rank == worst)] = lot
    code[problem.wish_rank == standing] = ALIKE
    code[problem.wish_rank > standing] = DEARER
    code[rows[rows >= 0]] = PLACED
    return code


@dataclass(frozen=True)
class _Places:
    """For each option, by limit: is it full, and the weakest rank that holds a place."""

    project: tuple[np.ndarray, np.ndarray]
    mentor: tuple[np.ndarray, np.ndarray]
    offer: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(cls, problem: Problem, found: Assignment) -> "_Places":
        placed = found.offer[found.offer >= 0]
        load = np.bincount(placed, minlength=len(problem.offer_project))
        rows = problem.rows_of(found.offer)
        rows = rows[rows >= 0]

        def limit(place: np.ndarray, loads: np.ndarray, caps: np.ndarray):
            worst = np.zeros(len(caps), dtype=np.int64)
            np.maximum.at(worst, place[rows], problem.mentor_rank[rows])
            return (loads >= caps)[place], worst[place]

        return cls(
            limit(problem.project, _project_load(problem, load), problem.project_places),
            limit(problem.mentor, _mentor_load(problem, load), problem.mentor_places),
            limit(problem.offer, load, found.shares),
        )


def _project_load(problem: Problem, load: np.ndarray) -> np.ndarray:
    return np.bincount(problem.offer_project, weights=load, minlength=len(problem.projects))


def _mentor_load(problem: Problem, load: np.ndarray) -> np.ndarray:
    lead = np.bincount(problem.offer_mentor, weights=load, minlength=len(problem.mentors))
    return lead + np.bincount(
        problem.co_mentor, weights=load[problem.co_offer], minlength=len(problem.mentors)
    )


def would_help(problem: Problem, found: Assignment) -> dict[int, list[Help]]:
    """For each mentee without a place (by row) the changes that would give one, dearest first."""
    placed = found.offer[found.offer >= 0]
    load = np.bincount(placed, minlength=len(problem.offer_project))
    in_project = _project_load(problem, load) < problem.project_places
    with_mentor = _mentor_load(problem, load) < problem.mentor_places
    starts = np.searchsorted(problem.mentee, np.arange(len(problem.mentees) + 1))
    by_mentee = np.argsort(problem.excluded.mentee, kind="stable")
    barred = np.searchsorted(
        problem.excluded.mentee[by_mentee], np.arange(len(problem.mentees) + 1)
    )
    return {
        mentee: _helps(
            problem,
            np.arange(starts[mentee], starts[mentee + 1]),
            by_mentee[barred[mentee] : barred[mentee + 1]],
            in_project,
            with_mentor,
        )
        for mentee in np.flatnonzero(found.offer < 0).tolist()
    }


def _helps(problem: Problem, options, barred, in_project, with_mentor) -> list[Help]:
    ranked = [
        (
            int(problem.wish_rank[row]),
            _more_room(problem, int(problem.offer[row]), in_project, with_mentor),
        )
        for row in options
    ]
    for row in barred:
        offer = int(problem.excluded.offer[row])
        project, mentor = problem.offer_project[offer], problem.offer_mentor[offer]
        if in_project[project] and with_mentor[mentor]:
            help_ = Help(
                problem.excluded.words(row), problem.projects[project], problem.mentors[mentor]
            )
            ranked.append((int(problem.excluded.wish_rank[row]), help_))
    ranked.sort(key=lambda one: (one[1].code == "place_both", one[0]))
    helps = list(dict.fromkeys(help_ for _, help_ in ranked))[:HELPS_SHOWN]
    wished = {int(problem.project[row]) for row in options}
    if not ranked and not len(barred):
        return [Help("no_mentor")]
    return [*helps, Help("more_wishes")] if len(wished) < FEW_WISHES else helps


def _more_room(problem: Problem, offer: int, in_project, with_mentor) -> Help:
    project, mentor = problem.offer_project[offer], problem.offer_mentor[offer]
    names = problem.projects[project], problem.mentors[mentor]
    if in_project[project]:
        return Help("place_mentor", *names)
    return Help("place_project" if with_mentor[mentor] else "place_both", *names)
