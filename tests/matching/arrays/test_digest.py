"""The mark of a history: the same for the same facts, another for any other."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.matching.arrays.test_history import built

NAMES = st.sampled_from(["ann", "bob", "cleo"])
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["attic", "harbour"]),
        st.none() | NAMES,
        st.integers(1_000, 1_002),
        st.lists(st.sampled_from(["a/b.py", "a/c.py", "d.py"]), max_size=2),
        st.sampled_from(["Teach parser", "Teach lexer", "Start"]),
        st.booleans(),
    ),
    max_size=6,
)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from([("review", "reviewed"), ("review", "acked"), ("link", "tested")]),
        st.integers(0, 5),
        NAMES,
        st.none() | st.integers(1_000, 1_003),
    ),
    max_size=6,
)


def rows(changes: list, deeds: list, order: list[int], called: dict) -> list[tuple]:
    """Rows of a history in which changes were taken in in this order, and people are called so."""
    told = []
    for number, (project, author, at, paths, subject, is_merge) in enumerate(changes):
        key = order.index(number)
        told.append(("change", key, project, called.get(author), at, paths, subject, is_merge))
    for (what, kind), number, who, at in deeds:
        if number < len(changes):
            told.append((what, order.index(number), called[who], kind, at))
    return told


@given(changes=CHANGES, deeds=DEEDS, luck=st.integers(0, 99))
def test_neither_the_order_of_taking_in_nor_anybody_s_key_is_seen(changes, deeds, luck):
    order, rng = list(range(len(changes))), random.Random(luck)
    told = rows(changes, deeds, order, {name: name for name in ("ann", "bob", "cleo")})
    rng.shuffle(order)
    renamed = dict(zip(("ann", "bob", "cleo"), rng.sample("xyz", 3), strict=True))
    again = rows(changes, deeds, order, renamed)
    assert built(again).data_hash == built(told).data_hash


TOLD = [
    ("change", 1, "attic", "ann", 1_000, ["a/b.py"], "Teach parser"),
    ("change", 2, "attic", "ann", 2_000, ["a/b.py"], "Teach parser"),
    ("review", 2, "bob", "reviewed", 2_500),
    ("link", 1, "bob", "tested", 2_500),
    ("activity", "cleo", "attic", 3_000),
]
OTHER = [
    ("change", 1, "harbour", "ann", 1_000, ["a/b.py"], "Teach parser"),
    ("change", 1, "attic", "bob", 1_000, ["a/b.py"], "Teach parser"),
    ("change", 1, "attic", "ann", 1_001, ["a/b.py"], "Teach parser"),
    ("change", 1, "attic", "ann", 1_000, ["a/c.py"], "Teach parser"),
    ("change", 1, "attic", "ann", 1_000, ["a/b.py"], "Teach lexer"),
    ("change", 1, "attic", "ann", 1_000, ["a/b.py"], "Teach parser", True),
]


@pytest.mark.parametrize("change", OTHER)
def test_any_other_word_of_a_change_gives_another_hash(change):
    assert built([change, *TOLD[1:]]).data_hash != built(TOLD).data_hash


@pytest.mark.parametrize(
    "deed",
    [
        ("review", 1, "bob", "reviewed", 2_500),
        ("review", 2, "bob", "acked", 2_500),
        ("review", 2, "bob", "reviewed", 2_501),
    ],
)
def test_any_other_word_of_a_review_gives_another_hash(deed):
    assert built([*TOLD[:2], deed, *TOLD[3:]]).data_hash != built(TOLD).data_hash


@pytest.mark.parametrize("missing", range(2, 5))
def test_whatever_is_missing_gives_another_hash(missing):
    fewer = [row for number, row in enumerate(TOLD) if number != missing]
    assert built(fewer).data_hash != built(TOLD).data_hash
