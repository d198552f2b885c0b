"""What is hidden is recognised by every word that a reason may use for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.hiding import speaks_of_hidden
from foundation.people.landed_work import WORD
from foundation.profiles import evidence

PARTS = st.sampled_from(
    ["release", "Notes", "CUDA", "graphs", "c10d", "DataLoader", "x86", "-", " ", "/", "_", "."]
)
TAGS = st.lists(PARTS, min_size=1, max_size=4).map("".join)


@given(TAGS, st.sampled_from(["[{}] Tell it", "{}: tell it", "fix({}): tell it"]))
def test_no_word_of_a_hidden_topic_may_be_told(tag, subject):
    hidden = {("topic", topic) for topic in evidence.topics(subject.format(tag), [])}
    words = WORD.findall(tag) if hidden else []
    assert [word for word in words if not speaks_of_hidden("topic", word, hidden)] == []


@pytest.mark.parametrize("topic", ["release notes", "release-notes", "releasenotes"])
def test_what_a_hidden_topic_is_not_made_of_may_be_told(topic):
    told = ["parser", "released", "notes2", "note taking"]
    hidden = {("topic", topic), ("area", "parser")}
    assert [word for word in told if speaks_of_hidden("topic", word, hidden)] == []


LONG = "a" * 201


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        (f"{LONG}/b/c", LONG[:200]),
        (f"a/{LONG}/c", f"a/{LONG}"[:200]),
        (f"a/{LONG}/c/d", "a"),
        (f"{LONG[:200]}/b", LONG[:200]),
    ],
)
def test_a_hidden_area_is_known_by_its_long_spelling(path, hidden):
    assert speaks_of_hidden("area", path, {("area", hidden)})
    assert not speaks_of_hidden("area", path, {("area", hidden[:-1] + "b")})
