"""A ranker as plain numbers: the very scores of the model it was made from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.queries import queries_of_changes
from matching.ranking import forest
from matching.ranking.plain_trees import PlainTrees
from matching.ranking.ranker import MentorRanker, RankerCommittee
from matching.ranking.serving import served_table
from matching.ranking.training_pairs import draw_training_pairs
from matching.ranking.travelling import TravellingRanker, scale_free
from tests.matching.broken_arrays import with_one_broken
from tests.matching.planted import planted_history


@pytest.fixture(scope="module")
def world():
    """Some pairs drawn twice, and the pairs of later changes."""
    history = planted_history(400)
    features = PairFeatures(history)
    changes = history.reviewed_changes()
    known, truth = changes[:250], history.reviewers.take(changes[:250])
    tables = list(features.tables(queries_of_changes(history, known)))
    draws = [draw_training_pairs(tables, truth, seed=seed) for seed in (1, 2)]
    return draws, served_table(features, queries_of_changes(history, changes[250:300]))


def test_the_numbers_score_exactly_as_the_model_did(world):
    draws, table = world
    committee = RankerCommittee().fit(draws)
    carried = TravellingRanker.of(committee)
    again = TravellingRanker.from_arrays(carried.feature_names_, carried.arrays())
    expected = np.mean([by_the_library(one, table.values) for one in committee.members_], axis=0)
    for ranker in (committee, carried, again):
        np.testing.assert_array_equal(ranker.score_table(table), expected)


def by_the_library(member: MentorRanker, X: np.ndarray) -> np.ndarray:
    """What scikit-learn's trees and the linear part say, the one beside the other."""
    trees = member.trees_.decision_function(X)
    linear = member.linear_.decision_function(X[:, member.comparable_])
    return (1 - member.linear_share) * trees + member.linear_share * linear


def test_what_is_written_down_is_plain_numbers_also_after_it_was_asked(world):
    draws, table = world
    carried = TravellingRanker.of(MentorRanker(max_iter=5).fit(draws[0]))
    before = carried.arrays()
    carried.score_table(table)
    after = carried.arrays()
    assert list(after) == list(before)
    assert {part.dtype.kind for part in after.values()} <= set("biuf")


def test_a_value_that_is_missing_goes_where_the_trees_send_it(world):
    draws, table = world
    rng = np.random.default_rng(0)
    holes = table.values.copy()
    holes[rng.random(holes.shape) < 0.2] = np.nan
    taught = draws[0].X.copy()
    taught[rng.random(taught.shape) < 0.2] = np.nan
    ranker = MentorRanker(max_iter=5).fit(draws[0])
    ranker.trees_.fit(taught, draws[0].y)
    trees = TravellingRanker.of(ranker).members[0].trees
    np.testing.assert_array_equal(
        trees.decision_function(holes), ranker.trees_.decision_function(holes)
    )


def test_however_many_parts_go_together_the_scores_are_the_same(world, monkeypatch):
    draws, table = world
    carried = TravellingRanker.of(RankerCommittee().fit(draws))
    whole = carried.score_table(table)
    monkeypatch.setattr(forest, "MOST_WORDS", 1)
    np.testing.assert_array_equal(carried.score_table(table), whole)


def test_a_row_alone_scores_as_it_does_among_others(world):
    draws, table = world
    ranker = MentorRanker().fit(draws[0])
    carried = TravellingRanker.of(ranker)
    trees = carried.forest.sums(carried.told(table.values[:1]))[0]
    np.testing.assert_array_equal(trees, ranker.trees_.decision_function(table.values)[:1])


def test_a_model_fitted_anew_is_written_down_anew(world):
    draws, table = world
    ranker = MentorRanker(max_iter=5).fit(draws[0])
    before = ranker.score_table(table)
    ranker.trees_.fit(draws[1].X, draws[1].y)
    after = ranker.score_table(table)
    assert (before != after).any()
    np.testing.assert_array_equal(after, TravellingRanker.of(ranker).score_table(table))


def test_columns_are_found_by_name_wherever_they_stand(world):
    draws, table = world
    carried = TravellingRanker.of(MentorRanker(max_iter=5).fit(draws[0]))
    turned = PairTable(table.queries, table.pairs, table.values[:, ::-1], table.names[::-1])
    np.testing.assert_array_equal(carried.score_table(turned), carried.score_table(table))
    less = PairTable(table.queries, table.pairs, table.values[:, 1:], table.names[1:])
    with pytest.raises(ValueError, match="other features"):
        carried.score_table(less)


def test_only_shares_ages_and_ranks_travel():
    names = ("reviews_90d", "reviews_90d:share", "days_since_review", "pool_size", "hours_apart")
    assert scale_free(names) == ("reviews_90d:share", "days_since_review", "hours_apart")


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [("0/left", 0, 0), ("0/right", 0, 10**6), ("0/feature", 0, 500), ("0/start", 1, -1)],
)
def test_trees_that_would_never_end_or_read_elsewhere_are_refused(world, name, at, value):
    carried = TravellingRanker.of(MentorRanker(max_iter=5).fit(world[0][0]))
    arrays = {key: part.copy() for key, part in carried.arrays().items()}
    arrays[name][at] = value
    with pytest.raises(ValueError, match="trees of the model are broken"):
        TravellingRanker.from_arrays(carried.feature_names_, arrays)


def test_a_node_that_two_others_lead_to_is_refused(world):
    carried = TravellingRanker.of(MentorRanker(max_iter=5).fit(world[0][0]))
    arrays = {key: part.copy() for key, part in carried.arrays().items()}
    arrays["0/left"][0] = arrays["0/right"][0]
    with pytest.raises(ValueError, match="trees of the model are broken"):
        TravellingRanker.from_arrays(carried.feature_names_, arrays)


@pytest.mark.parametrize(("leaves", "fits"), [(64, True), (65, False)])
def test_trees_of_up_to_64_leaves_are_written_down_exactly(leaves, fits):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4_000, 3)).astype(np.float32)
    boosting = HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=leaves, min_samples_leaf=1)
    boosting.fit(X, rng.random(4_000) < 0.5)
    if fits:
        asked = rng.normal(size=(20_000, 3)).astype(np.float32)
        np.testing.assert_array_equal(
            PlainTrees.of(boosting).decision_function(asked), boosting.decision_function(asked)
        )
    else:
        with pytest.raises(ValueError, match="up to 64 leaves"):
            PlainTrees.of(boosting)


def test_a_model_that_is_not_whole_is_refused(world):
    carried = TravellingRanker.of(MentorRanker(max_iter=5).fit(world[0][0]))
    arrays = carried.arrays()
    del arrays["0/coef"]
    with pytest.raises(ValueError, match="not whole"):
        TravellingRanker.from_arrays(carried.feature_names_, arrays)
    with pytest.raises(ValueError, match="empty"):
        TravellingRanker.from_arrays(carried.feature_names_, {})


@pytest.fixture(scope="module")
def written(world):
    """A committee as it is written down, rows to ask it about, and what it says of them."""
    draws, table = world
    members = [MentorRanker(max_iter=4).fit(draw) for draw in draws]
    carried = TravellingRanker.of(RankerCommittee.of(members))
    return carried.feature_names_, carried.arrays(), table.values, carried.score_table(table)


@settings(max_examples=150)
@given(data=st.data())
def test_a_broken_model_is_refused_at_the_door_or_answers_as_the_whole_one(written, data):
    names, arrays, X, whole = written
    broken = data.draw(with_one_broken(arrays))
    try:
        ranker = TravellingRanker.from_arrays(names, broken)
    except ValueError:
        return
    np.testing.assert_array_equal(ranker.decision_function(X), whole)
