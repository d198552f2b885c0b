"""A whole answer, ready for JSON: who goes where, why not elsewhere, and the checker's figures."""

from dataclasses import asdict, replace
from functools import partial

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.checker import Verdict, check
from matching.cohort.helps import would_help
from matching.cohort.optimal import TOTAL, optimal
from matching.cohort.problem import UNLIMITED, Problem
from matching.cohort.stable import stable
from matching.cohort.whatif import PLACED, why_not

STABLE, OPTIMAL = ENGINES = ("stable", "optimal")
OPTIONS_TOLD = 30  # a mentee


def assign(
    problem: Problem, engine: str = STABLE, objective: str = TOTAL, *, seed: int = 0
) -> Assignment:
    """The engine's assignment; the stable engine has no objective. Raises ValueError."""
    if engine not in ENGINES:
        raise ValueError(f"“{engine}” is no engine: choose {' or '.join(ENGINES)}.")
    if engine == STABLE:
        found = stable(problem, seed=seed)
    else:
        found = optimal(problem, objective, seed=seed)
    return replace(found, again=partial(assign, engine=engine, objective=objective, seed=seed))


def answer(problem: Problem, found: Assignment) -> dict:
    """``placements``, one a mentee in the order of their keys, and ``summary``."""
    verdict = check(problem, found)
    return {
        "placements": placements(problem, found),
        "summary": summary(problem, found, verdict),
    }


def placements(problem: Problem, found: Assignment) -> list[dict]:
    rows = problem.rows_of(found.offer)
    helps = would_help(problem, found)
    others = _others(problem, found)
    return [
        {
            "mentee": key,
            **_place(problem, int(rows[mentee])),
            "why_not": others[mentee],
            "would_help": [_plain(help_) for help_ in helps.get(mentee, [])],
        }
        for mentee, key in enumerate(problem.mentees)
    ]


def _plain(help_) -> dict:
    return {name: value for name, value in asdict(help_).items() if value}


def _place(problem: Problem, row: int) -> dict:
    if row < 0:
        return {"project": None, "mentor": None, "rank": None, "score": None}
    offer = problem.offer[row]
    helpers = problem.co_mentor[problem.co_offer == offer]
    return {
        "project": problem.projects[problem.offer_project[offer]],
        "mentor": problem.mentors[problem.offer_mentor[offer]],
        "co_mentors": [problem.mentors[helper] for helper in helpers],
        "rank": int(problem.wish_rank[row]),
        "score": round(float(problem.score[row]), 4),
    }


def _others(problem: Problem, found: Assignment) -> list[list[dict]]:
    """For each mentee the options not taken and the wishes ruled out, dearest first."""
    told: list[list[dict]] = [[] for _ in problem.mentees]
    codes = why_not(problem, found)
    barred = problem.excluded
    everything = np.r_[problem.wish_rank, barred.wish_rank]
    limit = len(problem.mentee)
    for row in np.argsort(everything, kind="stable").tolist():
        is_option = row < limit
        of = problem if is_option else barred
        place = row if is_option else row - limit
        mine = told[of.mentee[place]]
        code = codes[row] if is_option else barred.words(place)
        if code != PLACED and len(mine) < OPTIONS_TOLD:
            offer = of.offer[place]
            mine.append(
                {
                    "project": problem.projects[problem.offer_project[offer]],
                    "mentor": problem.mentors[problem.offer_mentor[offer]],
                    "rank": int(of.wish_rank[place]),
                    "code": code,
                }
            )
    return told


def summary(problem: Problem, found: Assignment, verdict: Verdict) -> dict:
    """The checker's figures, and each load beside its limit."""
    places = problem.project_places
    shared = np.unique(problem.offer_project[found.shares < UNLIMITED])
    return {
        "is_feasible": verdict.is_feasible,
        "mentees": verdict.n,
        "matched": verdict.matched,
        "pinned": int(verdict.ranks[0]) if len(verdict.ranks) else 0,
        "ranks": verdict.ranks[1:].tolist(),
        "worst_rank": verdict.worst_rank,
        "blocking_pairs": len(verdict.blocking),
        "blocking_within_shares": len(verdict.within_shares),
        "projects_shared_out": len(shared),
        "idle_places_wanted": len(verdict.idle),
        "total": round(verdict.total, 4),
        "bound": None if verdict.bound is None else round(verdict.bound, 4),
        "projects": {
            key: [int(load), None if limit >= UNLIMITED else int(limit)]
            for key, load, limit in zip(problem.projects, verdict.project_load, places, strict=True)
        },
        "mentors": {
            key: [int(load), int(limit)]
            for key, load, limit in zip(
                problem.mentors, verdict.mentor_load, problem.mentor_places, strict=True
            )
        },
    }
