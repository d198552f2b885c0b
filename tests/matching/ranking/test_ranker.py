import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone

from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes, query_of_person
from matching.ranking.baselines import SIMPLE
from matching.ranking.ranker import MentorRanker
from matching.ranking.serving import Served, served_table, top, train
from matching.ranking.training_pairs import TrainingPairs, draw_training_pairs, is_true
from matching.ranking.trial import rank_metrics
from tests.matching.planted import START, mentor_of, planted_history


@pytest.fixture(scope="module")
def world():
    history = planted_history(700)
    features = PairFeatures(history)
    cut = int(history.at[500])
    return history, features, train(features, cut, history.reviewed_changes())


def later_changes(history):
    changes = history.reviewed_changes()
    tree = history.projects.index("tree")
    return changes[(history.at[changes] >= history.at[500]) & (history.project[changes] == tree)]


def mrr(history, table, scores, changes) -> float:
    truth = history.reviewers.take(changes)
    found = rank_metrics(table, scores, is_true(table.pairs, truth), np.diff(truth.ptr))
    return float(found[:, 0].mean())


def test_the_planted_mentor_comes_first_and_no_simple_ranking_does_better(world):
    history, features, served = world
    changes = later_changes(history)
    table = served_table(features, queries_of_changes(history, changes))
    ours = mrr(history, table, served.ranker.score_table(table), changes)
    simple = [mrr(history, table, score(table), changes) for score in SIMPLE.values()]
    assert ours > 0.97
    assert ours >= max(simple) - 0.01
    assert ours > 2 * mrr(history, table, SIMPLE["recency"](table), changes) - 0.5


def test_a_project_with_little_history_is_served_by_recency_and_says_so(world):
    history, features, served = world
    assert (served.source_for("small"), served.source_for("unheard-of")) == ("recency", "recency")
    end = int(history.at[-1]) + 1
    small = history.projects.index("small")
    found, _ = top(served, features, query_of_person(history, -1, small, end))
    assert [history.people[row.person] for row in found][0] == "host"
    assert found[0].rank == 1


def test_a_community_with_almost_nothing_gets_no_model():
    history = planted_history(60)
    served = train(PairFeatures(history), int(history.at[-1]), history.reviewed_changes())
    assert served == Served(None)


def test_a_community_without_anything_suggests_nobody():
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", START)
    history = builder.build()
    features = PairFeatures(history)
    served = train(features, START + 1, history.reviewed_changes())
    found, _ = top(served, features, query_of_person(history, 0, 0, START + 1))
    assert found == []


def test_the_newcomer_who_states_an_area_meets_its_mentor(world):
    history, features, served = world
    end, tree = int(history.at[-1]) + 1, history.projects.index("tree")
    query = query_of_person(history, -1, tree, end, ("network",))
    found, _ = top(served, features, query, count=3)
    assert history.people[found[0].person] == mentor_of("network")
    assert [row.rank for row in found] == [1, 2, 3]
    assert 0 < sum(row.score for row in found) <= 1.000001


def test_training_twice_gives_the_same_scores_and_parameters_are_only_stored(world):
    history, features, served = world
    changes = history.reviewed_changes()[:400]
    queries = queries_of_changes(history, changes)
    drawn = draw_training_pairs(features.tables(queries), history.reviewers.take(changes))
    one = MentorRanker(max_iter=10, random_state=4).fit(drawn)
    other = clone(one).fit(drawn)
    assert other.get_params() == one.get_params()
    table = served_table(features, queries_of_changes(history, later_changes(history)))
    np.testing.assert_array_equal(one.score_table(table), other.score_table(table))


def test_a_table_of_other_features_is_refused(world):
    history, features, served = world
    queries = queries_of_changes(history, later_changes(history))
    table = served_table(features, queries)
    strange = type(table)(table.queries, table.pairs, table.values, table.names[::-1])
    with pytest.raises(ValueError, match="other features"):
        served.ranker.score_table(strange)


def test_nothing_to_learn_from_is_said():
    history = planted_history(60)
    features = PairFeatures(history)
    queries = queries_of_changes(history, np.zeros(0, np.int64))
    with pytest.raises(ValueError, match="no reviewed change"):
        draw_training_pairs(features.tables(queries), history.reviewers.take(np.zeros(0, int)))


def test_learning_holds_the_drawn_pairs_less_than_four_times():
    luck = np.random.default_rng(0)
    X = luck.normal(size=(20_000, 60)).astype(np.float32)
    owner = np.arange(len(X)) // 10
    pairs = TrainingPairs(X, owner * 10 == np.arange(len(X)), owner, tuple(map(str, range(60))))
    tracemalloc.start()
    try:
        MentorRanker(max_iter=2).fit(pairs)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * X.nbytes
