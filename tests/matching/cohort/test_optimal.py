"""The optimal engine against everything that there is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cohort.cast import Mentee, Wish
from matching.cohort.checker import check
from matching.cohort.optimal import MATCHED, OBJECTIVES, TOTAL, WORST_OFF, optimal
from matching.cohort.problem import build
from tests.matching.cohort.casts import cast, casts, feasible, mentee, mentor, named, project, row


def figures(problem, offers):
    """(total in steps, matched, worst rank) of an assignment."""
    rows = [row(problem, m, o) for m, o in enumerate(offers) if o >= 0]
    total = sum(round(problem.score[r] * 10_000) for r in rows)
    return total, len(rows), max((int(problem.wish_rank[r]) for r in rows), default=0)


ORDER = {
    TOTAL: lambda total, matched, worst: (total, matched),
    MATCHED: lambda total, matched, worst: (matched, total),
    WORST_OFF: lambda total, matched, worst: (matched, -worst, total),
}


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=25)
@given(drawn=casts(), seed=st.integers(0, 2))
def test_no_assignment_is_better(objective, drawn, seed):
    problem = build(drawn)
    found = optimal(problem, objective, seed=seed)
    assert check(problem, found).faults == ()
    best = max(ORDER[objective](*figures(problem, offers)) for offers in feasible(problem))
    assert ORDER[objective](*figures(problem, found.offer.tolist())) == best
    assert found.bound == pytest.approx(figures(problem, found.offer.tolist())[0] / 10_000)


@settings(max_examples=10)
@given(drawn=casts(), random=st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_answer(drawn, random):
    mentees = list(drawn.mentees)
    random.shuffle(mentees)
    mixed = type(drawn)(tuple(mentees), drawn.mentors[::-1], drawn.projects[::-1], drawn.rules)
    first, second = build(drawn), build(mixed)
    assert named(first, optimal(first).offer) == named(second, optimal(second).offer)


def wishes(key: str, **scores: float) -> Mentee:
    """Wishes in their order, each with its score."""
    ranked = enumerate(scores.items(), start=1)
    return Mentee(key, tuple(Wish(p, rank, score=score) for rank, (p, score) in ranked))


def test_the_three_aims_differ():
    asked = cast(
        [
            wishes("ada", keel=1.0, mast=0.1),
            wishes("ben", keel=0.1),
            wishes("cyd", jib=1.0, helm=0.4),
            wishes("dan", bow=0.1, jib=0.4, helm=0.1),
        ],
        [mentor(f"of-{p}", 1) for p in ("keel", "mast", "jib", "helm")],
        [project(p, f"of-{p}") for p in ("keel", "mast", "jib", "helm")] + [project("bow", "")],
    )
    problem = build(asked)
    placed = {
        objective: {
            who: where
            for who, (where, _) in named(problem, optimal(problem, objective).offer).items()
        }
        for objective in OBJECTIVES
    }
    assert placed == {
        TOTAL: {"ada": "keel", "cyd": "jib", "dan": "helm"},
        MATCHED: {"ada": "mast", "ben": "keel", "cyd": "jib", "dan": "helm"},
        WORST_OFF: {"ada": "mast", "ben": "keel", "cyd": "helm", "dan": "jib"},
    }


def test_an_unknown_aim_is_named():
    problem = build(cast([mentee("ada", "keel")], [mentor("mo")], [project("keel", "mo")]))
    with pytest.raises(ValueError) as caught:
        optimal(problem, "happiness")
    assert str(caught.value) == ("“happiness” is no objective: choose total, matched, worst_off.")
