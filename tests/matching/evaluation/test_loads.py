"""The load of recommendations, counted by hand."""

import numpy as np
import pytest

from matching.arrays.history import DAY, Ragged
from matching.evaluation.loads import (
    Carried,
    accuracy_load_curve,
    answer_in_turn,
    load_of_first,
    load_of_history,
)
from matching.evaluation.score_keeper import Scored, chances


def three_questions() -> Scored:
    """Ann (0) is always the likelier one, and right; bob (1) is the other candidate."""
    return Scored(
        query=np.arange(3),
        ptr=np.array([0, 2, 4, 6]),
        candidate=np.array([0, 1, 0, 1, 0, 1]),
        chance=np.array([0.6, 0.4] * 3),
        is_true=np.array([True, False] * 3),
    )


DAYS = np.array([0, 1, 40]) * DAY


def test_who_carries_the_last_question_gives_way_and_is_free_again_after_thirty_days():
    found, first = answer_in_turn(three_questions(), DAYS, np.ones(3, int), weight=0.3)
    assert first.tolist() == [0, 1, 0]
    assert found[:, 0].tolist() == [1.0, 0.5, 1.0]


def test_the_curve_says_what_every_weight_costs_and_eases():
    all_of_them = {"newcomers": np.arange(3), "nobody": np.zeros(0, int)}
    curve = accuracy_load_curve(
        three_questions(), DAYS, np.ones(3, int), all_of_them, 2, (0.0, 0.3)
    )
    alone = {"gini": 0.5, "largest_share": 1.0, "peak": 2.0}
    shared = {"gini": pytest.approx(1 / 6), "largest_share": pytest.approx(2 / 3), "peak": 1.0}
    assert curve == {
        "newcomers": [
            {"weight": 0.0, "n": 3, "mrr": 1.0, "hit_at_1": 1.0} | alone,
            {"weight": 0.3, "n": 3, "mrr": pytest.approx(5 / 6), "hit_at_1": pytest.approx(2 / 3)}
            | shared,
        ]
    }


def test_those_who_could_be_asked_and_never_are_count_in_the_gini():
    first, at = np.array([7, 7, 7, 7, -1]), np.arange(5) * DAY
    assert load_of_first(first, at, people=4) == {
        "gini": pytest.approx(0.75),
        "largest_share": 1.0,
        "peak": 4.0,
    }


def test_the_load_of_history_counts_everybody_who_answered():
    truth = Ragged.of([[1, 2], [1], [3]])
    assert load_of_history(truth, np.array([0, 40, 41]) * DAY, people=4) == {
        "gini": pytest.approx(0.375),
        "largest_share": 0.5,
        "peak": 1.0,
    }


def test_load_is_relative_to_those_who_carry_any():
    carried = Carried(4)
    for person in (0, 0, 0, 2):
        carried.add(person, 5)
    assert carried.relative(np.array([0, 1, 2])).tolist() == [1.5, 0.0, 0.5]
    carried.forget(5)
    assert carried.relative(np.array([0, 1, 2])).tolist() == [0.0, 0.0, 0.0]


def test_scores_become_chances_of_their_pool_by_their_kind():
    scores, owner = np.array([0.0, np.log(3), 3.0, 1.0, 0.0]), np.array([0, 0, 1, 1, 2])
    found = chances(scores, owner, 3, np.array([True, False, False]))
    np.testing.assert_allclose(found, [0.25, 0.75, 0.75, 0.25, 0.0])
