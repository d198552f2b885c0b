"""Small cohorts for tests: written by hand, or drawn by Hypothesis."""

from itertools import product
from random import Random

import numpy as np
from hypothesis import strategies as st

from matching.cohort.cast import Cast, Mentee, Mentor, Pair, Project, Rules, Wish
from matching.cohort.problem import Problem

RANKS = st.integers(1, 3)
SAID = st.fixed_dictionaries(
    {
        "hours": st.sampled_from([frozenset(), frozenset({8, 9}), frozenset({9, 10, 11})]),
        "languages": st.sampled_from([frozenset(), frozenset({"en"}), frozenset({"en", "fr"})])
        | st.just(frozenset({"fr"})),
    }
)


def mentee(key: str, *wishes: str | tuple[str, ...], **fields) -> Mentee:
    """Wishes in their order; a tuple is a tie."""
    ranked = [(tie if isinstance(tie, tuple) else (tie,)) for tie in wishes]
    return Mentee(
        key,
        tuple(Wish(p, rank) for rank, tie in enumerate(ranked, start=1) for p in tie),
        **fields,
    )


def mentor(key: str, places: int = 1, prefers: str = "", **fields) -> Mentor:
    """``prefers`` names mentees in their order: "ada ben"."""
    ranks = {name: rank for rank, name in enumerate(prefers.split(), start=1)}
    return Mentor(key, places, ranks, **fields)


def project(key: str, mentors: str, places: int | None = None, co_mentors: str = "") -> Project:
    return Project(key, tuple(mentors.split()), places, tuple(co_mentors.split()))


def cast(mentees, mentors, projects, **rules) -> Cast:
    return Cast(tuple(mentees), tuple(mentors), tuple(projects), Rules(**rules))


def named(problem: Problem, offers) -> dict:
    """Mentee → (project, mentor), without those who have nothing."""
    return {
        problem.mentees[m]: (
            problem.projects[problem.offer_project[o]],
            problem.mentors[problem.offer_mentor[o]],
        )
        for m, o in enumerate(offers)
        if o >= 0
    }


@st.composite
def casts(draw, *, one_mentor_a_project: bool = False, ties: bool = True) -> Cast:
    """Up to four mentees, three mentors and three projects, with every kind of rule."""
    mentees = [f"mentee{n}" for n in range(draw(st.integers(1, 4)))]
    mentors = [f"mentor{n}" for n in range(draw(st.integers(1, 3)))]
    projects = [f"project{n}" for n in range(draw(st.integers(1, 3)))]
    some = st.sets(st.sampled_from(mentors), min_size=1, max_size=1 if one_mentor_a_project else 3)
    teams = {key: tuple(sorted(draw(some))) for key in projects}
    helpers = st.sets(st.sampled_from(mentors), max_size=0 if one_mentor_a_project else 1)

    def ranked(keys: list[str]) -> dict[str, int]:
        if ties:
            return {key: draw(RANKS) for key in keys}
        order = draw(st.permutations(keys))
        return {key: rank for rank, key in enumerate(order, start=1)}

    def pairs(most: int):
        where = st.none() | st.sampled_from(projects)
        pair = st.builds(Pair, st.sampled_from(mentees), st.sampled_from(mentors), where)
        return tuple(draw(st.lists(pair, max_size=most)))

    wishes = {
        key: {p: r for p, r in ranked(projects).items() if draw(st.integers(0, 3))}
        for key in mentees
    }
    return Cast(
        tuple(
            Mentee(k, tuple(Wish(p, r) for p, r in w.items()), **draw(SAID))
            for k, w in wishes.items()
        ),
        tuple(Mentor(k, draw(st.integers(0, 2)), ranked(mentees), **draw(SAID)) for k in mentors),
        tuple(
            Project(k, t, draw(st.sampled_from([None, 0, 1, 2])), tuple(sorted(draw(helpers))))
            for k, t in teams.items()
        ),
        Rules(
            min_hours=draw(st.integers(0, 2)),
            common_language=draw(st.booleans()),
            forbidden=pairs(1),
            conflicts=pairs(1),
        ),
    )


def overlapping(rng: Random) -> Cast:
    """Four mentees, three mentors who share three projects with each other; no ties."""
    mentees, mentors, projects = (
        [f"{kind}{n}" for n in range(count)]
        for kind, count in (("mentee", 4), ("mentor", 3), ("project", 3))
    )
    teams = [sorted(rng.sample(mentors, rng.randint(1, 2))) for _ in projects]
    return Cast(
        tuple(mentee(key, *rng.sample(projects, rng.randint(1, 3))) for key in mentees),
        tuple(mentor(key, rng.randint(1, 2), " ".join(rng.sample(mentees, 4))) for key in mentors),
        tuple(
            project(key, " ".join(team), rng.randint(1, 2))
            for key, team in zip(projects, teams, strict=True)
        ),
    )


def feasible(problem: Problem):
    """Every assignment within all limits, as tuples of offers; -1 is nothing."""
    options = [
        [-1, *problem.offer[problem.mentee == m].tolist()] for m in range(len(problem.mentees))
    ]
    return [offers for offers in product(*options) if _fits(problem, offers)]


def _fits(problem: Problem, offers) -> bool:
    in_project = np.zeros(len(problem.projects), dtype=int)
    with_mentor = np.zeros(len(problem.mentors), dtype=int)
    for offer in offers:
        if offer >= 0:
            in_project[problem.offer_project[offer]] += 1
            with_mentor[problem.offer_mentor[offer]] += 1
            for helper in problem.co_mentor[problem.co_offer == offer]:
                with_mentor[helper] += 1
    return bool(
        (in_project <= problem.project_places).all()
        and (with_mentor <= problem.mentor_places).all()
    )


def row(problem: Problem, mentee: int, offer: int) -> int:
    return int(np.flatnonzero((problem.mentee == mentee) & (problem.offer == offer))[0])
