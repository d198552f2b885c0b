"""Whatever happens from the moment of a question on, nothing that is said of it changes."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.arrays.history import History
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pair_batch import ReviewEvents
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.queries import queries_of_changes
from tests.matching.planted import AREAS, EVERY, START, mentor_of

BEFORE = 60
PEOPLE = [*map(mentor_of, AREAS), "author-1", "author-2", "stranger"]
LATER = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.sampled_from(AREAS),
        st.integers(0, 30 * EVERY),
    ),
    max_size=12,
)


def story(later: list[tuple], reviewed_by: str) -> History:
    """A fixed past, one change that asks, reviewed by somebody, and any later events."""
    builder = HistoryBuilder()
    for number in range(BEFORE):
        area = AREAS[number % 4]
        builder.add_change(
            number, "tree", PEOPLE[number % 6], START + number * EVERY, [f"{area}/x.py"], area
        )
        builder.add_review(number, mentor_of(area))
    asked = START + BEFORE * EVERY
    builder.add_change(BEFORE, "tree", "author-1", asked, ["docs/x.py"], "docs")
    builder.add_review(BEFORE, reviewed_by)
    for number, (author, reviewer, area, after) in enumerate(later, BEFORE + 1):
        builder.add_change(number, "tree", author, asked + after, [f"{area}/x.py"], area)
        builder.add_review(number, reviewer)
        builder.add_link(number, reviewer, "helped", asked + after)
        builder.add_activity(reviewer, "tree", asked + after)
    return builder.build()


def told(history: History, features: type[PairFeatures]) -> dict[str, dict]:
    """Return for each candidate what is said of them when the change asks."""
    change = history.change_keys.index(BEFORE)
    table = features(history).table(queries_of_changes(history, np.array([change])), 540)
    names = [history.people[row] for row in table.pairs.candidate]
    return {
        name: dict(zip(table.names, map(float, values), strict=True))
        for name, values in zip(names, table.values, strict=True)
    }


def changed(later: list[tuple], reviewed_by: str, features: type[PairFeatures]) -> set[str]:
    """Return the names of what a later story changes: features, or "pool" for the candidates."""
    one = told(story([], mentor_of("docs")), features)
    other = told(story(later, reviewed_by), features)
    if one.keys() != other.keys():
        return {"pool"}
    return {
        name
        for person in one
        for name, value in one[person].items()
        if abs(value - other[person][name]) > 1e-5 + 1e-5 * abs(value)
    }


@settings(max_examples=25)
@given(LATER, st.sampled_from(PEOPLE[:4]))
def test_no_feature_and_no_candidate_depends_on_what_comes_later(later, reviewed_by):
    assert changed(later, reviewed_by, PairFeatures) == set()


class Peeking(PairFeatures):
    """Counts all reviews that anybody ever gives: the classic leak."""

    def table(self, queries, *args) -> PairTable:
        table = super().table(queries, *args)
        ever = np.bincount(ReviewEvents.of(self.history).reviewer, minlength=self.history.n_people)
        values = np.column_stack([table.values, ever[table.pairs.candidate]])
        return PairTable(table.queries, table.pairs, values, (*table.names, "reviews_in_all"))


def test_a_feature_that_peeks_is_caught():
    later = [("author-2", mentor_of("engine"), "engine", EVERY)]
    assert changed(later, mentor_of("docs"), Peeking) == {"reviews_in_all"}
