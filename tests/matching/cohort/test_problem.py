"""The hard constraints: what they rule out, and how contradictions are named."""

import pytest

from matching.cohort.cast import Pair
from matching.cohort.checker import check
from matching.cohort.optimal import optimal
from matching.cohort.pins import Fault
from matching.cohort.problem import Infeasible, build
from matching.cohort.stable import stable
from tests.matching.cohort.casts import cast, mentee, mentor, named, project

ENGINES = [stable, optimal]
DAY, NIGHT = frozenset(range(9, 17)), frozenset(range(20, 24))


def barred(problem) -> list:
    rows = range(len(problem.excluded.mentee))
    return [
        (
            problem.mentees[problem.excluded.mentee[r]],
            problem.mentors[problem.offer_mentor[problem.excluded.offer[r]]],
            problem.excluded.words(r),
        )
        for r in rows
    ]


def test_each_constraint_rules_out_its_pair_and_says_so():
    asked = cast(
        [
            mentee("ada", "keel", hours=DAY, languages=frozenset({"english"})),
            mentee("ben", "keel"),
            mentee("mo", "keel"),
        ],
        [
            mentor("mo", 3, hours=NIGHT),
            mentor("pia", 3, languages=frozenset({"french"})),
            mentor("quinn", 3),
        ],
        [project("keel", "mo pia quinn")],
        min_hours=2,
        common_language=True,
        forbidden=(Pair("ben", "mo"),),
        conflicts=(Pair("ben", "pia"),),
    )
    assert barred(build(asked)) == [
        ("ada", "mo", "hours"),
        ("ada", "pia", "language"),
        ("ben", "mo", "forbidden"),
        ("ben", "pia", "conflict"),
        ("mo", "mo", "self"),
    ]


def test_what_nobody_said_rules_nothing_out():
    asked = cast(
        [mentee("ada", "keel", hours=DAY)],
        [mentor("mo", languages=frozenset({"french"}))],
        [project("keel", "mo")],
        min_hours=4,
        common_language=True,
    )
    assert barred(build(asked)) == []


@pytest.mark.parametrize(
    ("said", "rules", "reason"),
    [
        ({}, {"conflicts": (Pair("ada", "pia"),)}, "co_conflict"),
        ({}, {"forbidden": (Pair("ada", "pia"),)}, "co_forbidden"),
        ({}, {"forbidden": (Pair("ada", "pia", "keel"),)}, "co_forbidden"),
        ({"hours": NIGHT}, {"min_hours": 2}, "co_hours"),
        ({"languages": frozenset({"ja"})}, {"common_language": True}, "co_language"),
    ],
)
def test_a_constraint_holds_for_a_co_mentor_as_well(said, rules, reason):
    asked = cast(
        [mentee("ada", "keel", hours=DAY, languages=frozenset({"en"}))],
        [mentor("mo", hours=DAY, languages=frozenset({"en"})), mentor("pia", **said)],
        [project("keel", "mo", co_mentors="pia"), project("mast", "pia")],
        **rules,
    )
    assert barred(build(asked)) == [("ada", "mo", reason)]


def test_a_pair_forbidden_in_one_project_may_meet_in_another():
    asked = cast(
        [mentee("ada", "keel", "mast")],
        [mentor("mo"), mentor("pia")],
        [project("keel", "mo", co_mentors="pia"), project("mast", "mo", co_mentors="pia")],
        forbidden=(Pair("ada", "pia", "mast"),),
    )
    problem = build(asked)
    assert named(problem, stable(problem).offer) == {"ada": ("keel", "mo")}


def test_nobody_is_co_mentored_by_themselves():
    asked = cast(
        [mentee("pia", "keel")],
        [mentor("mo"), mentor("pia")],
        [project("keel", "mo", co_mentors="pia")],
    )
    assert barred(build(asked)) == [("pia", "mo", "co_self")]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pin_stands_against_every_wish(engine):
    asked = cast(
        [mentee("ada", "mast"), mentee("ben", "keel")],
        [mentor("mo", 1, "ben ada"), mentor("pia", 1)],
        [project("keel", "mo"), project("mast", "pia")],
        pins=(Pair("ada", "mo", "keel"),),
    )
    problem = build(asked)
    found = engine(problem)
    assert named(problem, found.offer) == {"ada": ("keel", "mo")}
    assert check(problem, found).is_feasible


@pytest.mark.parametrize("engine", ENGINES)
def test_a_co_mentor_s_places_are_used_as_well(engine):
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel"), mentee("cyd", "mast")],
        [mentor("mo", 3), mentor("pia", 2)],
        [project("keel", "mo", co_mentors="pia"), project("mast", "pia")],
    )
    problem = build(asked)
    verdict = check(problem, engine(problem))
    assert (verdict.is_feasible, verdict.matched) == (True, 2)
    assert verdict.mentor_load[problem.mentors.index("pia")] == 2


def test_every_contradiction_is_named():
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel"), mentee("cyd", "keel")],
        [mentor("mo", 1), mentor("pia", 1)],
        [project("keel", "mo", places=1), project("mast", "pia")],
        pins=(
            Pair("ada", "mo", "keel"),
            Pair("ben", "mo", "keel"),
            Pair("ben", "pia", "mast"),
            Pair("cyd", "pia", "keel"),
        ),
        conflicts=(Pair("ada", "mo"),),
    )
    with pytest.raises(Infeasible) as caught:
        build(asked)
    assert caught.value.faults == [
        Fault("pin_not_offered", "cyd", "pia", "keel"),
        Fault("pinned_twice", "ben", count=2),
        Fault("pin_conflict", "ada", "mo", "keel"),
        Fault("mentor_over_pinned", mentor="mo", count=2, limit=1),
        Fault("project_over_pinned", project="keel", count=2, limit=1),
    ]
