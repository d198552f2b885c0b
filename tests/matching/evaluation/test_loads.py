"""The load of recommendations, counted by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.arrays.history import DAY, Ragged
from matching.evaluation.loads import Loads, SharedLoad
from matching.evaluation.score_keeper import chances
from matching.lists.load import WEIGHTS, Lists


def test_those_who_could_be_asked_and_never_are_count_in_the_gini():
    first, loads = np.array([7, 7, 7, 7, -1]), Loads(np.arange(5) * DAY, people=4)
    assert loads.of_first(first) == {"gini": 0.75, "largest_share": 1.0, "peak": 4.0}
    assert loads.of_first(first, np.array([3, 4]))["peak"] == 1.0


def test_the_load_of_history_counts_everybody_who_answered():
    truth, loads = Ragged.of([[1, 2], [1], [3]]), Loads(np.array([0, 40, 41]) * DAY, people=4)
    all_of_it = {"gini": 0.375, "largest_share": 0.5, "peak": 1.0}
    assert loads.of_history(truth) == all_of_it
    last = {"gini": 0.5, "largest_share": 0.5, "peak": 1.0}
    assert loads.of_history(truth, np.array([1, 2])) == last


def six_questions() -> Lists:
    """Six days, one a day: ann (0) and bob (1) are held for alike, and only ann is right."""
    return Lists(
        ptr=np.arange(7) * 2,
        candidate=np.tile([0, 1], 6),
        score=np.zeros(12),
        relevant=np.tile([True, False], 6),
        n_true=np.ones(6, int),
        project=np.zeros(6, int),
        at=np.arange(6) * DAY,
    )


def test_the_curve_has_the_weight_that_serves_and_who_stands_first_by_it():
    shared = SharedLoad(six_questions(), np.array([True]), weight=0.3)
    curve = shared.curve({"newcomers": np.arange(6), "nobody": np.zeros(0, int)})
    assert shared.first.tolist() == [0, 1, 0, 1, 0, 1]
    assert shared.projects() == [0]
    assert list(curve) == ["newcomers"]
    assert [one["weight"] for one in curve["newcomers"]] == [0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8]
    assert curve["newcomers"][3] == {
        "weight": 0.3,
        "n": 6,
        "mrr": 0.625,  # .75 by the tie where neither or both bear a load, .5 where ann gives way
        "hit_at_1": 0.25,
        "mrr_divided": 0.625,
        "gini": 0.0,
        "largest_share": 0.5,
        "peak": 3.0,
        "peak_fall": 0.5,
    }


@given(st.floats(0, 3).map(abs))
def test_the_curve_has_the_weight_that_serves_however_fine_it_is(weight):
    shared = SharedLoad(six_questions(), np.array([True]), weight)
    [curve] = shared.curve({"newcomers": np.arange(6)}).values()
    assert [one["weight"] for one in curve] == sorted({*WEIGHTS, weight})


def test_where_one_person_reviews_nearly_everything_the_curve_is_flat_and_says_no_load():
    star = SharedLoad(six_questions(), np.array([False]), weight=0.4)
    [curve] = star.curve({"newcomers": np.arange(6)}).values()
    assert {(one["mrr"], one["peak"], one["peak_fall"]) for one in curve} == {(0.75, None, None)}
    assert star.projects() == []


def test_scores_become_chances_of_their_pool_by_their_kind():
    scores, owner = np.array([0.0, np.log(3), 3.0, 1.0, 0.0]), np.array([0, 0, 1, 1, 2])
    found = chances(scores, owner, 3, np.array([True, False, False]))
    np.testing.assert_allclose(found, [0.25, 0.75, 0.75, 0.25, 0.0])
