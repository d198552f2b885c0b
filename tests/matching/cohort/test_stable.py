"""The stable engine: no pair would rather have each other, and mentees fare as well as can be."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cohort.assignment import Assignment
from matching.cohort.cast import Cast, Mentee, Wish
from matching.cohort.checker import check
from matching.cohort.problem import UNLIMITED, build
from matching.cohort.stable import stable
from tests.matching.cohort.casts import (
    cast,
    casts,
    feasible,
    mentee,
    mentor,
    named,
    overlapping,
    project,
    row,
)


def blocks(problem, offers, mentee_row: int, offer: int) -> bool:
    """The definition of Abraham, Irving and Manlove, word by word (one mentor a project)."""
    option = row(problem, mentee_row, offer)
    mine = offers[mentee_row]
    if mine >= 0:
        standing = problem.wish_rank[row(problem, mentee_row, mine)]
        if problem.wish_rank[option] >= standing:
            return False
    where, whom = problem.offer_project[offer], problem.offer_mentor[offer]
    here = [m for m, o in enumerate(offers) if o >= 0 and problem.offer_project[o] == where]
    hers = [m for m, o in enumerate(offers) if o >= 0 and problem.offer_mentor[o] == whom]

    def rank(other: int) -> int:
        return problem.mentor_rank[row(problem, other, offers[other])]

    project_open = len(here) < problem.project_places[where]
    mentor_open = len(hers) < problem.mentor_places[whom]
    if project_open and mentor_open:
        return True
    if project_open:
        return mentee_row in hers or any(problem.mentor_rank[option] < rank(o) for o in hers)
    return any(problem.mentor_rank[option] < rank(other) for other in here)


def is_stable(problem, offers) -> bool:
    return not any(
        blocks(problem, offers, m, o)
        for m, o in zip(problem.mentee.tolist(), problem.offer.tolist(), strict=True)
    )


@settings(max_examples=100)
@given(casts(), st.integers(0, 5))
def test_no_pair_would_rather_have_each_other_unless_places_had_to_be_shared_out(drawn, seed):
    problem = build(drawn)
    found = stable(problem, seed=seed)
    verdict = check(problem, found)
    assert (verdict.faults, verdict.within_shares.tolist()) == ((), [])
    assert not len(verdict.blocking) or (found.shares < UNLIMITED).any()


@settings(max_examples=50)
@given(casts(one_mentor_a_project=True), st.integers(0, 5))
def test_nothing_is_shared_out_where_a_stable_answer_is_certain(drawn, seed):
    problem = build(drawn)
    found = stable(problem, seed=seed)
    assert (found.shares == UNLIMITED).all()
    assert check(problem, found).blocking.tolist() == []


def test_no_pair_remains_where_limits_overlap_and_a_stable_answer_exists():
    """Sharing places out beforehand would leave pairs in two of these."""
    rng = random.Random(1)
    remaining = []
    for _ in range(400):
        problem = build(overlapping(rng))
        remaining.append(len(check(problem, stable(problem)).blocking))
    assert remaining == [0] * 400


def test_where_no_answer_is_stable_the_pairs_that_remain_are_counted():
    """Any two of Ada–Pia, Ben–Mo and Ada–Mo exclude each other, and the third objects."""
    asked = Cast(
        (
            Mentee("ada", (Wish("mast", 1), Wish("keel", 2, "pia"))),
            Mentee("ben", (Wish("keel", 1, "mo"),)),
        ),
        (mentor("mo", 1, "cyd ben ada"), mentor("pia", 1, "ada")),
        (project("keel", "mo pia", places=1), project("mast", "mo")),
    )
    problem = build(asked)
    stable_ones = [
        offers
        for offers in feasible(problem)
        if not len(check(problem, Assignment.of_offers(problem, offers)).blocking)
    ]
    verdict = check(problem, stable(problem))
    assert (stable_ones, len(verdict.blocking), len(verdict.within_shares)) == ([], 1, 0)


@settings(max_examples=35)
@given(casts(one_mentor_a_project=True, ties=False))
def test_every_mentee_gets_the_best_of_all_stable_assignments(drawn):
    problem = build(drawn)
    every = [offers for offers in feasible(problem) if is_stable(problem, offers)]

    def rank(mentee_row, offer):
        return problem.wish_rank[row(problem, mentee_row, offer)] if offer >= 0 else 99

    best = [min(rank(m, offers[m]) for offers in every) for m in range(len(problem.mentees))]
    found = stable(problem).offer.tolist()
    assert is_stable(problem, found)
    assert [rank(m, o) for m, o in enumerate(found)] == best


@settings(max_examples=35)
@given(casts(one_mentor_a_project=True), st.data())
def test_the_checker_agrees_with_the_definition_on_any_assignment(drawn, data):
    problem = build(drawn)
    offers = data.draw(st.sampled_from(feasible(problem)))
    verdict = check(problem, Assignment.of_offers(problem, offers))
    assert bool(len(verdict.blocking)) == (not is_stable(problem, offers))


@settings(max_examples=15)
@given(casts(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_shuffled_rows_and_a_second_run_give_the_same_answer(drawn, seed, random):
    def shuffled(rows):
        rows = list(rows)
        random.shuffle(rows)
        return rows

    mixed = type(drawn)(
        *(tuple(shuffled(part)) for part in (drawn.mentees, drawn.mentors, drawn.projects)),
        drawn.rules,
    )
    first, second = build(drawn), build(mixed)
    assert named(first, stable(first, seed=seed).offer) == named(
        second, stable(second, seed=seed).offer
    )


def test_a_mentor_s_limit_holds_over_all_their_projects():
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "mast"), mentee("cyd", "keel")],
        [mentor("mo", 2, "cyd ben ada")],
        [project("keel", "mo"), project("mast", "mo")],
    )
    problem = build(asked)
    assert named(problem, stable(problem).offer) == {"ben": ("mast", "mo"), "cyd": ("keel", "mo")}


def test_a_place_that_no_one_could_share_out_in_advance_is_not_left_idle():
    """Mo's only place is wanted elsewhere, so the place in Keel goes to Pia's mentee."""
    asked = cast(
        [mentee("ada", "keel"), mentee("ben", "mast")],
        [mentor("mo", 1, "ben ada"), mentor("pia", 1)],
        [project("keel", "mo pia", places=1), project("mast", "mo", places=1)],
    )
    problem = build(asked)
    verdict = check(problem, stable(problem))
    assert (verdict.matched, verdict.blocking.tolist(), verdict.idle.tolist()) == (2, [], [])


def test_the_seed_decides_between_equals_and_nothing_else():
    asked = cast(
        [mentee(name, "keel") for name in ("ada", "ben", "cyd", "dan")],
        [mentor("mo", 1)],
        [project("keel", "mo")],
    )
    problem = build(asked)
    winners = {next(iter(named(problem, stable(problem, seed=n).offer))) for n in range(20)}
    assert winners == {"ada", "ben", "cyd", "dan"}


def test_a_newcomer_to_the_list_does_not_change_the_lots_of_the_others():
    def winner(names, seed):
        asked = cast(
            [mentee(name, "keel") for name in names], [mentor("mo", 1)], [project("keel", "mo")]
        )
        problem = build(asked)
        return next(iter(named(problem, stable(problem, seed=seed).offer)))

    for seed in range(10):
        assert winner(["ada", "ben", "cyd"], seed) in {winner(["ada", "ben"], seed), "cyd"}


def test_a_long_chain_of_refusals_needs_no_recursion():
    """Everybody asks next door first and is sent home, one after the other."""
    keys = [f"{n:04}" for n in range(3_000)]
    before = [keys[0], *keys[:-1]]
    after = [*keys[1:], keys[-1]]
    asked = cast(
        [
            mentee(key, *dict.fromkeys((there, key)))
            for there, key in zip(before, keys, strict=True)
        ],
        [mentor(f"m{k}", 1, f"{k} {n}") for k, n in zip(keys, after, strict=True)],
        [project(key, f"m{key}", 1) for key in keys],
    )
    problem = build(asked)
    assert named(problem, stable(problem).offer) == {key: (key, f"m{key}") for key in keys}
