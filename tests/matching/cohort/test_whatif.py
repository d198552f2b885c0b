"""Why not somewhere else: whatever is told can be seen to be true of the assignment."""

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cohort.answer import ENGINES, OPTIMAL, STABLE, answer, assign
from matching.cohort.cast import Pair
from matching.cohort.optimal import OBJECTIVES
from matching.cohort.problem import UNLIMITED, build
from matching.cohort.whatif import PLACED, why_not
from tests.matching.cohort.casts import cast, casts, mentee, mentor, project, row

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


class Seen:
    """An assignment, looked at from one option; ranks are those of the option's own mentor."""

    def __init__(self, problem, found, option: int):
        self.problem, self.found = problem, found
        self.mentee, self.offer = int(problem.mentee[option]), int(problem.offer[option])
        self.project, self.mentor = problem.project[option], problem.mentor[option]
        self.rank, self.wish = problem.mentor_rank[option], problem.wish_rank[option]
        self.others = {m: o for m, o in enumerate(found.offer.tolist()) if o >= 0}
        self.own = self.others.pop(self.mentee, -1)
        self.standing = (
            99 if self.own < 0 else problem.wish_rank[row(problem, self.mentee, self.own)]
        )
        self.helpers = problem.co_mentor[problem.co_offer == self.offer].tolist()

    def ranks(self, *, there: bool) -> list[int]:
        """Of the others with this mentor: in this project, or anywhere."""
        return [
            self.problem.mentor_rank[row(self.problem, m, o)]
            for m, o in self.others.items()
            if (o == self.offer if there else self.problem.offer_mentor[o] == self.mentor)
        ]

    def in_project(self) -> int:
        return sum(self.problem.offer_project[o] == self.project for o in self.others.values())

    def busy(self, mentor: int) -> tuple[int, int]:
        """(as a mentor, as a co-mentor): the others who take a place."""
        duties = list(zip(self.problem.co_offer, self.problem.co_mentor, strict=True))
        leads = sum(self.problem.offer_mentor[o] == mentor for o in self.others.values())
        return leads, sum((o, mentor) in duties for o in self.others.values())

    def project_is_full(self) -> bool:
        return self.in_project() >= self.problem.project_places[self.project]

    def is_full(self, mentor: int) -> bool:
        return sum(self.busy(mentor)) >= self.problem.mentor_places[mentor]

    def score(self, option: int) -> int:
        return round(self.problem.score[option] * 10_000)

    def gains_nothing(self) -> bool:
        new, old = (row(self.problem, self.mentee, offer) for offer in (self.offer, self.own))
        return self.score(new) <= self.score(old)

    def holds(self, code: str) -> bool:
        there, anywhere = self.ranks(there=True), self.ranks(there=False)
        share = self.found.shares[self.offer]
        duties = self.problem.co_offer[self.problem.co_mentor == self.mentor]
        kept = int(self.found.shares[duties].sum())
        return {
            "dearer": lambda: self.standing < self.wish,
            "alike": lambda: self.standing == self.wish,
            "mentor_none": lambda: self.problem.mentor_places[self.mentor] == 0,
            "project_lot": lambda: self.project_is_full() and self.rank in there,
            "project_full": lambda: (
                self.project_is_full()
                and len(there) == self.in_project() > 0
                and max(there) < self.rank
            ),
            "project_others": lambda: self.project_is_full() and max(there, default=0) < self.rank,
            "mentor_lot": lambda: self.is_full(self.mentor) and self.rank in anywhere,
            "mentor_full": lambda: (
                self.is_full(self.mentor)
                and self.busy(self.mentor)[1] == 0
                and 0 < max(anywhere) < self.rank
            ),
            "mentor_busy": lambda: self.is_full(self.mentor) and self.busy(self.mentor)[1] > 0,
            "co_mentor_full": lambda: any(map(self.is_full, self.helpers)),
            "share_lot": lambda: len(there) >= share and self.rank in there,
            "share_full": lambda: len(there) >= share > 0 and max(there) < self.rank,
            "share_none": lambda: share == 0,
            "mentor_kept": lambda: (
                0 < self.problem.mentor_places[self.mentor] - self.busy(self.mentor)[0] <= kept
                and kept < UNLIMITED
            ),
            "mentor_whole": lambda: self.is_full(self.mentor),
            "project_whole": lambda: self.project_is_full(),
            "whole": self.gains_nothing,
        }[code]()


OF_CLAIMS = {"project_lot", "project_full", "project_others", "mentor_lot", "mentor_full"} | {
    *("mentor_busy", "share_lot", "share_full", "share_none", "mentor_kept")
}
OF_THE_SUM = {"whole", "mentor_whole", "project_whole"}


@settings(max_examples=300)
@given(casts(), st.sampled_from(ENGINES), st.sampled_from(OBJECTIVES), st.integers(0, 3))
def test_every_reason_that_is_told_is_true(drawn, engine, objective, seed):
    problem = build(drawn)
    found = assign(problem, engine, objective, seed=seed)
    told = {option: code for option, code in enumerate(why_not(problem, found)) if code != PLACED}
    untrue = {o: code for o, code in told.items() if not Seen(problem, found, o).holds(code)}
    assert untrue == {}
    assert set(told.values()) & {STABLE: OF_THE_SUM, OPTIMAL: OF_CLAIMS}[engine] == set()


def codes(asked, engine=STABLE) -> dict:
    problem = build(asked)
    told = answer(problem, assign(problem, engine, "matched"))["placements"]
    return {one["mentee"]: [why["code"] for why in one["why_not"]] for one in told}


def test_the_optimal_engine_speaks_of_the_sum_and_never_of_a_lot():
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel")], [mentor("mo", 1)], [project("keel", "mo")]
    )
    assert sorted(codes(asked, OPTIMAL).values()) == [[], ["mentor_whole"]]


def test_mentees_of_another_mentor_are_not_said_to_come_first_with_this_one():
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel")],
        [mentor("mo", 1, "cyd ben ada"), mentor("pia", 1, "ada ben")],
        [project("keel", "mo pia", places=1)],
    )
    assert codes(asked) == {"ada": ["alike"], "ben": ["project_others", "project_full"]}


def test_a_co_mentor_without_a_place_left_is_the_reason():
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "keel")],
        [mentor("mo", 5, "ada ben"), mentor("pia", 1)],
        [project("keel", "mo", co_mentors="pia")],
    )
    for engine in ENGINES:
        assert codes(asked, engine) == {"ada": [], "ben": ["co_mentor_full"]}
