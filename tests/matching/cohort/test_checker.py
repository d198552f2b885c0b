"""The checker catches what an engine must not answer."""

import numpy as np
from hypothesis import given, settings

from matching.cohort.assignment import Assignment
from matching.cohort.checker import check
from matching.cohort.problem import UNLIMITED, build
from matching.cohort.stable import stable
from tests.matching.cohort.casts import cast, casts, mentee, mentor, project

TWO = cast(
    [mentee("ada", "keel", "mast"), mentee("ben", "keel", "mast")],
    [mentor("mo", 1, "ada ben"), mentor("pia", 1, "ada ben")],
    [project("keel", "mo", places=1), project("mast", "pia", places=1)],
)
KEEL, MAST, NOTHING = 0, 1, -1


def judged(*offers: int):
    problem = build(TWO)
    return problem, check(problem, Assignment(np.array(offers), np.full(2, UNLIMITED)))


def test_an_unstable_assignment_is_caught_with_the_pair():
    problem, verdict = judged(MAST, KEEL)  # Ada and Mo would both rather have each other
    assert [
        (problem.mentees[problem.mentee[r]], problem.mentors[problem.mentor[r]])
        for r in verdict.blocking
    ] == [("ada", "mo")]


def test_an_idle_place_that_somebody_wants_is_caught():
    problem, verdict = judged(KEEL, NOTHING)
    assert [
        (problem.mentees[problem.mentee[r]], problem.projects[problem.project[r]])
        for r in verdict.idle
    ] == [("ben", "mast")]
    assert verdict.idle.tolist() == verdict.blocking.tolist()


def test_too_many_in_one_place_are_caught():
    assert judged(KEEL, KEEL)[1].faults == (
        ("project_full", "keel", 2, 1),
        ("mentor_full", "mo", 2, 1),
    )


def test_somebody_where_they_never_wished_to_be_is_caught():
    problem = build(
        cast(
            [mentee("ada", "keel")],
            [mentor("mo"), mentor("pia")],
            [project("keel", "mo"), project("mast", "pia")],
        )
    )
    verdict = check(problem, Assignment(np.array([MAST]), np.full(2, UNLIMITED)))
    assert verdict.faults == (("not_an_option", "ada", 1, 0),)


def test_the_figures_of_a_good_assignment():
    problem, verdict = judged(KEEL, MAST)
    assert (
        verdict.is_feasible,
        verdict.matched,
        verdict.blocking.tolist(),
        verdict.ranks.tolist(),
        verdict.worst_rank,
        verdict.total,
    ) == (True, 2, [], [0, 1, 1], 2, 1.5)
    assert stable(problem).offer.tolist() == [KEEL, MAST]


RULES = {"self", "conflict", "forbidden", "hours", "language"}


@settings(max_examples=150)
@given(casts())
def test_the_checker_finds_the_constraints_that_rule_pairs_out_by_itself(drawn):
    """Whatever is ruled out breaks the rule that is told; what is let through breaks none."""
    problem = build(drawn)
    barred = problem.excluded

    def broken(mentee: int, offer: int) -> set[str]:
        offers = np.full(len(problem.mentees), NOTHING)
        offers[mentee] = offer
        shares = np.full(len(problem.offer_project), UNLIMITED)
        return {code for code, *_ in check(problem, Assignment(offers, shares)).faults} & RULES

    for place in range(len(barred.mentee)):
        told = barred.words(place).removeprefix("co_")
        assert told in broken(barred.mentee[place], barred.offer[place])
    for mentee_row, offer in zip(problem.mentee, problem.offer, strict=True):
        assert broken(mentee_row, offer) == set()
