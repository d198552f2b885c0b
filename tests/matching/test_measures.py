import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from matching import measures


def by_hand(scores, relevant, n_true):
    """Return the mean of the metrics over every order that the scores allow."""
    found = []
    for order in itertools.permutations(range(len(scores))):
        if any(scores[a] < scores[b] for a, b in itertools.pairwise(order)):
            continue
        hits = [place for place, row in enumerate(order, 1) if relevant[row]]
        first = hits[0] if hits else np.inf
        gain = sum(1 / np.log2(place + 1) for place in hits if place <= 5)
        ideal = sum(1 / np.log2(place + 1) for place in range(1, min(n_true, 5) + 1))
        found.append([1 / first, first <= 1, first <= 3, first <= 5, gain / ideal])
    return np.mean(found, axis=0)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6),
    st.integers(0, 2),
)
def test_ties_count_by_expectation_over_every_order(candidates, missing):
    scores = np.array([score for score, _ in candidates], float)
    relevant = np.array([true for _, true in candidates])
    n_true = int(relevant.sum()) + missing or 1
    found = measures.expected_ranking(scores, relevant, n_true)
    np.testing.assert_allclose(found, by_hand(scores, relevant, n_true), atol=1e-12)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=9), min_size=1, max_size=5
    ),
    st.integers(0, 2),
)
def test_many_queries_at_once_score_as_each_one_alone(pools, missing):
    ptr = np.append(0, np.cumsum([len(pool) for pool in pools]))
    flat = [candidate for pool in pools for candidate in pool]
    scores = np.array([score for score, _ in flat], float)
    relevant = np.array([true for _, true in flat], bool)
    n_true = np.array([sum(true for _, true in pool) + missing for pool in pools])
    found = measures.expected_rankings(ptr, scores, relevant, n_true)
    alone = [
        measures.expected_ranking(scores[a:b], relevant[a:b], true)
        for a, b, true in zip(ptr[:-1], ptr[1:], n_true.tolist(), strict=True)
    ]
    np.testing.assert_allclose(found, np.stack(alone), atol=1e-12)


def test_a_rank_in_a_pool_of_equals_scores_as_chance():
    scores, relevant = np.zeros(4), np.array([False, False, True, False])
    mrr, hit1, hit3, hit5, _ = measures.expected_ranking(scores, relevant, 1)
    assert (hit1, hit3, hit5) == (0.25, 0.75, 1.0)
    assert mrr == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)


def test_an_answer_outside_the_pool_is_a_miss_and_not_left_out():
    found = measures.expected_ranking(np.array([3.0, 1.0]), np.array([False, False]), 1)
    assert found.tolist() == [0, 0, 0, 0, 0]


def test_an_empty_pool_is_a_miss():
    assert measures.expected_ranking(np.zeros(0), np.zeros(0, bool), 1).tolist() == [0] * 5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2, max_size=30))
def test_auc_and_average_precision_agree_with_scikit_learn(rows):
    truth = np.array([true for true, _ in rows])
    scores = np.array([score for _, score in rows], float)
    if truth.all() or not truth.any():
        assert np.isnan(measures.roc_auc(truth, scores))
        return
    assert measures.roc_auc(truth, scores) == pytest.approx(roc_auc_score(truth, scores))
    expected = average_precision_score(truth, scores)
    assert measures.average_precision(truth, scores) == pytest.approx(expected)


def test_precision_shares_the_last_places_among_ties():
    truth = np.array([True, True, False, False])
    assert measures.precision_at(truth, np.array([9.0, 1.0, 1.0, 1.0]), 2) == pytest.approx(2 / 3)


def test_the_interval_is_drawn_over_people_and_not_over_rows():
    values = np.repeat([[0.0], [1.0]], 500, axis=0)
    people = np.repeat([1, 2], 500)
    low, high = measures.bootstrap_interval(values, people)[0]
    assert (low, high) == (0.0, 1.0)
    each = measures.bootstrap_interval(values, np.arange(1000))[0]
    assert 0.45 < each[0] < each[1] < 0.55


def test_one_who_does_all_the_work_is_unequal_and_sharing_is_not():
    assert measures.gini(np.array([5, 5, 5])) == pytest.approx(0)
    assert measures.gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)


def test_the_peak_load_is_the_most_one_person_got_in_a_window():
    person, at = np.array([1, 1, 1, 2, 2]), np.array([0, 5, 30, 31, 32])
    assert measures.load(person, at, 10) == {
        "gini": pytest.approx(0.1),
        "largest_share": 0.6,
        "peak": 2.0,
    }


def test_a_calibrated_probability_has_slope_one_and_an_exaggerated_one_less():
    rng = np.random.default_rng(0)
    odds = rng.normal(-1, 1.5, 20_000)
    truth = rng.random(20_000) < 1 / (1 + np.exp(-odds))
    assert measures.calibration_slope(truth, 1 / (1 + np.exp(-odds))) == pytest.approx(1, abs=0.05)
    assert measures.calibration_slope(truth, 1 / (1 + np.exp(-2 * odds))) == pytest.approx(
        0.5, abs=0.05
    )
