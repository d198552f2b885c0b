"""Reasons become sentences; whatever the row holds, a page can be read."""

from datetime import datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.leader_reasons import SENTENCES as LEADER_SENTENCES
from foundation.people.reasons import Reason, sentences
from mentorship.reasons import SENTENCES as MATCH_SENTENCES

GENERIC = "It fits."
MARCH = 1_710_244_800  # 2024-03-12, 12:00 UTC
TABLE = LEADER_SENTENCES | MATCH_SENTENCES


def link_to(claim: str, name: str, reach: int | datetime | None) -> str:
    since = f"{reach:%Y-%m-%dT%H:%M}" if isinstance(reach, datetime) else reach or "ever"
    return f"/{claim}/{name}/{since}"


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
    return {"name": name, "count": count, "first_at": MARCH, "last_at": MARCH + 9, "changes": [3]}


def test_reasons_are_said_in_their_own_order_with_the_work_behind_them():
    assert said(
        reason("areas_reviewed", 0.3, evidence=[fact("docs/guide", 14), fact("docs", 20)]),
        reason("newcomers_helped", 4.0, evidence=[fact("newcomers_helped", 1)]),
        reason("hour_overlap", 0.78),
        reason("rhythm", evidence={"listed": 21.0}),
        reason("tenure", evidence={"listed": 366}),
    ) == [
        Reason(
            "14 reviews under docs/guide since March 2024",
            "/path-reviews/docs/guide/2024-03-12T12:00",
        ),
        Reason(
            "1 review for a newcomer here, in March 2024",
            "/newcomer-reviews/newcomers_helped/2024-03-12T12:00",
        ),
        Reason(
            "About 8 in 10 contributions were made during the hours asked for", "/profile//ever"
        ),
        Reason("At work here in 21 of the last 26 weeks", "/activity//180"),
        Reason("12 months in the project", "/activity//ever"),
    ]


def test_french_counts_too():
    with translation.override("fr"):
        spoken = said(reason("reviews_here", evidence=[fact("reviews_here", 2)]))[0].text
    assert spoken == "2 relectures ici depuis mars 2024"


def test_what_speaks_against_somebody_is_not_said():
    assert said(reason("reviews_here", 4, contribution=-0.1)) == [Reason(GENERIC)]


@pytest.mark.parametrize(
    "nothing",
    [
        reason("no-such-code", 4),
        reason("reviews_here", 0),
        reason("reviews_here", 4),
        reason("reviews_here", 4, evidence=[{"name": "", "count": 4, "first_at": 10**20}]),
        reason("hour_overlap", 0.2),
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
    twice = [reason("reviews_here", 4, evidence=[fact("", 4)])] * 2
    assert said(*twice) == [
        Reason("4 reviews here since March 2024", "/landed-reviews//2024-03-12T12:00"),
        Reason(GENERIC),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.floats(-5, 400) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=4,
)
FACTS = st.lists(
    st.fixed_dictionaries(
        {"name": st.text(max_size=8), "count": st.integers(0, 99), "first_at": st.integers()}
    ),
    max_size=3,
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
