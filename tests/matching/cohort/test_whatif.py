"""Why not somewhere else, and what would help."""

from matching.cohort.answer import answer, assign
from matching.cohort.cast import Pair
from matching.cohort.problem import build
from matching.cohort.whatif import Help, would_help
from tests.matching.cohort.casts import cast, mentee, mentor, project

ASKED = cast(
    [
        mentee("ada", "keel", "mast"),
        mentee("ben", "keel", "mast", languages=frozenset({"english"})),
        mentee("cyd", "keel"),
        mentee("dan", "helm", languages=frozenset({"french"})),
        mentee("eve", "jib"),
    ],
    [
        mentor("mo", 1, "ada ben"),
        mentor("pia", 1),
        mentor("quinn", 2, languages=frozenset({"igbo"})),
    ],
    [
        project("keel", "mo", places=1),
        project("mast", "pia"),
        project("helm", "quinn"),
        project("jib", ""),
    ],
    common_language=True,
    conflicts=(Pair("cyd", "pia"),),
)


def told(engine="stable"):
    problem = build(ASKED)
    return answer(problem, assign(problem, engine))


def test_every_wish_that_was_not_met_has_its_reason():
    assert {
        one["mentee"]: [(why["project"], why["mentor"], why["code"]) for why in one["why_not"]]
        for one in told()["placements"]
    } == {
        "ada": [("mast", "pia", "dearer")],
        "ben": [("keel", "mo", "project_full")],
        "cyd": [("keel", "mo", "project_full")],
        "dan": [("helm", "quinn", "language")],
        "eve": [],
    }


def test_what_would_help_is_named_for_each_of_the_unmatched():
    problem = build(ASKED)
    helps = would_help(problem, assign(problem))
    assert {problem.mentees[row]: helps for row, helps in helps.items()} == {
        "cyd": [Help("place_both", "keel", "mo"), Help("more_wishes")],
        "dan": [Help("language", "helm", "quinn"), Help("more_wishes")],
        "eve": [Help("no_mentor")],
    }


def test_equals_are_told_that_it_was_the_lot():
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel")], [mentor("mo", 1)], [project("keel", "mo")]
    )
    problem = build(asked)
    codes = {
        why["code"]
        for one in answer(problem, assign(problem))["placements"]
        for why in one["why_not"]
    }
    assert codes == {"mentor_lot"}


def test_the_summary_is_what_the_checker_counted():
    assert told("optimal")["summary"] == {
        "is_feasible": True,
        "mentees": 5,
        "matched": 2,
        "pinned": 0,
        "ranks": [1, 1],
        "worst_rank": 2,
        "blocking_pairs": 0,
        "blocking_within_shares": 0,
        "projects_shared_out": 0,
        "idle_places_wanted": 0,
        "total": 1.75,
        "bound": 1.75,
        "projects": {"helm": [0, None], "jib": [0, None], "keel": [1, 1], "mast": [1, None]},
        "mentors": {"mo": [1, 1], "pia": [1, 1], "quinn": [0, 2]},
    }
