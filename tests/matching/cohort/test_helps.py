"""What would help: whatever is told was tried, and tried once more here it still holds."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cohort.answer import ENGINES, OPTIMAL, STABLE, assign
from matching.cohort.cast import Cast, Pair
from matching.cohort.helps import Help, would_help
from matching.cohort.optimal import OBJECTIVES
from matching.cohort.problem import build
from tests.matching.cohort.casts import cast, casts, mentee, mentor, project

MATCHED = "matched"


def helps(asked: Cast, engine: str = STABLE) -> dict[str, list[Help]]:
    problem = build(asked)
    found = would_help(problem, assign(problem, engine, MATCHED))
    return {problem.mentees[row]: told for row, told in found.items()}


def without_a_place(asked: Cast, *way, seed: int = 0) -> set[str]:
    problem = build(asked)
    offers = assign(problem, *way, seed=seed).offer
    return {key for key, offer in zip(problem.mentees, offers, strict=True) if offer < 0}


def with_places(asked: Cast, help_: Help, code: str) -> Cast:
    """The cast with one place more where a help says so."""
    more = {
        "place_project": {help_.project},
        "place_mentor": {help_.mentor},
        "place_co_mentor": {help_.mentor},
        "place_both": {help_.project, help_.mentor},
    }[code]
    return replace(
        asked,
        mentors=tuple(replace(m, places=m.places + (m.key in more)) for m in asked.mentors),
        projects=tuple(
            replace(p, places=None if p.places is None else p.places + (p.key in more))
            for p in asked.projects
        ),
    )


def without_the_rule(asked: Cast, help_: Help, who: str) -> Cast:
    """The cast in which the named rule says nothing against a mentee in a project."""
    project = next(one for one in asked.projects if one.key == help_.project)
    about = set(project.co_mentors) if help_.code.startswith("co_") else {help_.mentor}
    rule = help_.code.removeprefix("co_")

    def kept(pairs):
        return tuple(pair for pair in pairs if pair.mentee != who or pair.mentor not in about)

    field = {"conflict": "conflicts", "forbidden": "forbidden"}.get(rule)
    rules = {field: kept(getattr(asked.rules, field))} if field else {}
    name = {"hours": "hours", "language": "languages"}.get(rule)
    mentees = asked.mentees
    if name:
        said = [getattr(one, name) for one in asked.mentors if one.key in about]
        mentees = tuple(
            replace(one, **{name: getattr(one, name).union(*said)}) if one.key == who else one
            for one in asked.mentees
        )
    return replace(asked, mentees=mentees, rules=replace(asked.rules, **rules))


@settings(max_examples=150)
@given(casts(), st.sampled_from(ENGINES), st.sampled_from(OBJECTIVES), st.integers(0, 3))
def test_every_help_that_is_told_gives_a_place(drawn, engine, objective, seed):
    way = engine, objective
    problem = build(drawn)
    told = would_help(problem, assign(problem, *way, seed=seed))
    before = without_a_place(drawn, *way, seed=seed)
    assert {problem.mentees[row] for row in told} == before
    for row, found in told.items():
        who = problem.mentees[row]
        for help_ in found:
            if help_.code.startswith("place_"):
                changed = with_places(drawn, help_, help_.code)
                assert who not in without_a_place(changed, *way, seed=seed)
            elif help_.code.removeprefix("co_") in ("hours", "language", "conflict", "forbidden"):
                changed = without_the_rule(drawn, help_, who)
                assert who not in without_a_place(changed, *way, seed=seed)
            elif help_.code.startswith("others_first_"):
                what = help_.code.removeprefix("others_first_")
                tried = {"project": ["place_project"], "mentor": ["place_mentor", "place_both"]}
                after = [
                    without_a_place(with_places(drawn, help_, code), *way, seed=seed)
                    for code in tried[what]
                ]
                assert any(who in still and before - still for still in after)
            else:
                assert help_ in (Help("more_wishes"), Help("no_mentor"), Help("nothing_alone"))


def three_want_keel(**keel) -> Cast:
    return cast(
        [mentee(key, "keel") for key in ("ada", "ben", "cyd")],
        [mentor("mo", 5, "ada ben cyd"), mentor("pia", 1)],
        [project("keel", "mo", **keel)],
    )


def test_one_more_place_is_promised_to_one_and_not_to_all_who_wait():
    assert helps(three_want_keel(places=1)) == {
        "ben": [Help("place_project", "keel")],
        "cyd": [Help("others_first_project", "keel")],
    }


def test_two_places_are_not_asked_for_where_one_is_enough():
    """Ben would be taken by Pia; Mo, who is full as well, need not give more."""
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel")],
        [mentor("mo", 1, "ada ben"), mentor("pia", 1, "ada ben")],
        [project("keel", "mo pia", places=1)],
    )
    assert helps(asked) == {"ben": [Help("place_project", "keel")]}


def test_a_co_mentor_s_place_is_what_would_help():
    told = helps(three_want_keel(co_mentors="pia"))
    assert told == {
        "ben": [Help("place_co_mentor", "keel", "pia")],
        "cyd": [Help("others_first_mentor", "keel", "pia")],
    }
    optimal = helps(three_want_keel(co_mentors="pia"), OPTIMAL)
    assert sorted(found[0].code for found in optimal.values()) == [
        "others_first_mentor",
        "place_co_mentor",
    ]


def test_a_constraint_that_alone_stands_between_is_named():
    asked = cast(
        [
            mentee("ada", "keel", languages=frozenset({"en"})),
            mentee("ben", "mast", hours=frozenset({1})),
            mentee("cyd", "jib"),
            mentee("dan", "helm"),
            mentee("eve", "bow"),
        ],
        [
            mentor("mo", languages=frozenset({"fr"})),
            mentor("pia", hours=frozenset({9})),
            mentor("quinn"),
            mentor("rui"),
            mentor("sol", 0),
        ],
        [
            project("keel", "mo"),
            project("mast", "rui", co_mentors="pia"),
            project("jib", "quinn"),
            project("helm", ""),
            project("bow", "sol"),
        ],
        min_hours=1,
        common_language=True,
        conflicts=(Pair("cyd", "quinn"),),
    )
    told = helps(asked)
    assert {who: found[0] for who, found in told.items()} == {
        "ada": Help("language", "keel", "mo"),
        "ben": Help("co_hours", "mast", "rui"),
        "cyd": Help("conflict", "jib", "quinn"),
        "dan": Help("no_mentor"),
        "eve": Help("more_wishes"),
    }


def test_whom_no_single_change_would_place_is_told_so():
    """Ben moves up into one more place with Mo, and nobody wants his."""
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel", "mast"), mentee("cyd", "keel")],
        [mentor("mo", 1, "ada ben cyd"), mentor("pia", 1)],
        [project("keel", "mo"), project("mast", "pia")],
    )
    assert helps(asked) == {"cyd": [Help("nothing_alone")]}
