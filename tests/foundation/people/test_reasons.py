"""Reasons become sentences; whatever the row holds, a page can be read."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.leader_reasons import SENTENCES as LEADER_SENTENCES
from foundation.people.reasons import Reason, sentences
from mentorship.reasons import SENTENCES as MATCH_SENTENCES

GENERIC = "It fits."
TABLE = LEADER_SENTENCES | MATCH_SENTENCES


def link_to(claim: str, name: str, days: int | None) -> str:
    return f"/{claim}/{name}/{days or 'ever'}"


def said(*reasons: dict) -> list[Reason]:
    return sentences(reasons, TABLE, generic=GENERIC, link_to=link_to)


def reason(code: str, value=None, *, contribution=1.0, evidence=()) -> dict:
    return {
        "feature": code,
        "contribution": contribution,
        "value": value,
        "evidence": evidence,
    }


def fact(name: str, count: int) -> dict:
    return {"name": name, "count": count, "first_at": 1, "last_at": 2, "changes": [3]}


def test_reasons_are_said_in_their_own_order_with_the_work_behind_them():
    assert said(
        reason("areas_reviewed", 0.3, evidence=[fact("docs/guide", 14), fact("docs", 20)]),
        reason("newcomers_helped", 1.0),
        reason("hour_overlap", 0.78),
        reason("rhythm", evidence={"active_weeks_180d": 21.0}),
        reason("tenure", evidence={"tenure_days": 366}),
    ) == [
        Reason("14 reviews in docs/guide within two years", "/path-reviews/docs/guide/730"),
        Reason("1 newcomer helped in the last year", "/newcomers//365"),
        Reason(
            "About 8 in 10 contributions were made during the hours asked for", "/profile//ever"
        ),
        Reason("At work here in 21 of the last 26 weeks", "/activity//180"),
        Reason("12 months in the project", "/activity//ever"),
    ]


def test_french_counts_too():
    with translation.override("fr"):
        assert said(reason("reviews_here", 2.0))[0].text.startswith("2 relectures ici")


def test_what_speaks_against_somebody_is_not_said():
    assert said(reason("reviews_here", 4, contribution=-0.1)) == [Reason(GENERIC)]


@pytest.mark.parametrize(
    "nothing",
    [
        reason("no-such-code", 4),
        reason("reviews_here", 0),
        reason("areas_reviewed", 3),
        reason("shared_language", 1),
        reason("rhythm", 5),
        reason("hours", -1.0),
        reason("hours", 8.0),
        {},
    ],
)
def test_what_cannot_be_said_is_said_in_general(nothing):
    assert said(nothing) == [Reason(GENERIC)]


def test_the_same_sentence_is_said_once():
    twice = [reason("reviews_here", 4)] * 2
    assert said(*twice) == [
        Reason("4 reviews here in the last year", "/landed-reviews//365"),
        Reason(GENERIC),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.floats(-5, 400) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=4,
)
FACTS = st.lists(
    st.fixed_dictionaries({"name": st.text(max_size=8), "count": st.integers(0, 99)}), max_size=3
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "feature": st.sampled_from(sorted(TABLE)) | st.text(max_size=5),
                "contribution": st.floats(-2, 2),
                "value": st.none() | st.integers(0, 99) | st.floats(0, 99),
                "evidence": FACTS | st.dictionaries(st.text(max_size=8), JSON),
            }
        )
    )
)
def test_any_row_can_be_read(reasons):
    texts = [spoken.text for spoken in said(*reasons)]
    assert 1 <= len(texts) <= 5 and len(set(texts)) == len(texts) and all(texts)
