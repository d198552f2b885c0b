"""Facts become a history: what counts, and what does not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.arrays.assembly import People, history_of
from matching.arrays.facts_builder import FactsBuilder
from tests.matching.arrays.test_history import as_values

KEYS = range(1, 9)
PEOPLE = People(np.arange(1, 5), np.arange(11, 15), np.zeros(4, np.int32))
CHANGES = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(st.sampled_from(["commit", "pull_request"]), st.integers(1, 4))
)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(KEYS),
        st.integers(1, 4),
        st.sampled_from(["reviewed", "tested", "answered"]),
    )
)


def history(changes: dict, deeds: dict):
    builder = FactsBuilder()
    for key, (kind, author) in sorted(changes.items()):
        about = ["a/b.py"], "Teach words", False, 60, key % 3, ["C"], 1
        builder.add_change(key, 1 + key % 2, kind, author, 1_000 + key, *about)
    for key, (change, by, kind) in deeds.items():
        builder.add_activity(key, change, by, kind, 2_000 + key)
    return history_of(builder.build(), 3_000, PEOPLE, {1: "attic", 2: "harbour"})


@given(changes=CHANGES, deeds=DEEDS)
def test_what_is_about_a_change_that_is_not_there_does_not_count(changes, deeds):
    known = {key: deed for key, deed in enumerate(deeds) if deed[0] in changes}
    told = as_values(history(changes, dict(enumerate(deeds))))
    assert told == as_values(history(changes, known))
