"""Sharing the load, on lists whose right answers are known by construction."""

import numpy as np
import pytest

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.lists.load import (
    Lists,
    crowd_penalties,
    curve_points,
    load_curve,
    loaded_projects,
    log_scores,
    penalties,
    replay,
    replays,
    shares_load,
)
from tests.matching.planted import START

TWINS = (1.0, 1.0, -4.0)


def lists(*scores: tuple[float, ...], right=(True, False, False), every=DAY, project=0) -> Lists:
    """One list after the other, each of the same candidates; `right` of them answered."""
    n, width = len(scores), len(scores[0])
    return Lists(
        ptr=np.arange(n + 1) * width,
        candidate=np.tile(np.arange(width), n),
        score=np.array(scores, float).ravel(),
        relevant=np.tile(np.array(right), n),
        n_true=np.full(n, sum(right)),
        project=np.full(n, project),
        at=START + np.arange(n) * every,
    )


DIVIDED, STAR = np.array([True]), np.array([False])


def test_two_mentors_held_for_alike_take_turns():
    assert replay(lists(*[TWINS] * 6), 0.4, DIVIDED).first.tolist() == [0, 1, 0, 1, 0, 1]


def test_without_a_weight_the_lower_row_stands_first_each_time():
    assert replay(lists(*[TWINS] * 4), 0.0, DIVIDED).first.tolist() == [0, 0, 0, 0]


def test_a_clear_lead_is_not_given_away():
    assert replay(lists(*[(3.0, 0.0, 0.0)] * 9), 0.4, DIVIDED).first.tolist() == [0] * 9


def test_where_one_person_reviews_nearly_everything_nothing_is_shared():
    assert replay(lists(*[TWINS] * 4), 0.4, STAR).first.tolist() == [0, 0, 0, 0]


def test_a_load_is_forgotten_after_thirty_days():
    apart = lists(*[TWINS] * 3, every=30 * DAY)
    assert replay(apart, 0.4, DIVIDED).first.tolist() == [0, 0, 0]


def test_projects_do_not_weigh_on_each_other():
    two = lists(*[TWINS] * 4)
    two = Lists(**{**vars(two), "project": np.array([0, 1, 0, 1])})
    found = replay(two, 0.4, np.array([True, True]))
    assert found.first.tolist() == [0, 0, 1, 1]


def test_an_empty_pool_recommends_nobody_and_counts_as_a_miss():
    empty = Lists(**{**vars(lists(TWINS)), "ptr": np.array([0, 0])})
    found = replay(empty, 0.4, DIVIDED)
    assert (found.first.tolist(), found.metrics.sum()) == ([-1], 0)


def test_the_curve_says_what_is_spared_and_what_it_costs():
    spread, kept = load_curve(lists(*[TWINS] * 8, right=(True, True, False)), DIVIDED, (0.4, 0.0))
    assert kept == {
        "weight": 0.0,
        "n": 8,
        "mrr": 1.0,
        "hit_at_1": 1.0,
        "mrr_divided": 1.0,
        "gini": 0.0,
        "largest_share": 1.0,
        "peak": 8.0,
        "peak_fall": 0.0,
    }
    assert spread == kept | {"weight": 0.4, "largest_share": 0.5, "peak": 4.0, "peak_fall": 0.5}


def test_the_load_is_that_of_projects_that_share_and_have_one():
    """Eight lists of a project that shares, eight of a star, three of one with little load."""
    every = lists(*[TWINS] * 19, right=(True, True, False), every=DAY)
    places = np.repeat([0, 1, 2], [8, 8, 3])
    every = Lists(**{**vars(every), "project": places})
    divided = np.array([True, False, True])
    replayed = replays(every, divided, [0.4])
    assert loaded_projects(every, divided, replayed[0.0]) == [0]
    _, shared = curve_points(every, divided, replayed)
    assert (shared["n"], shared["peak"], shared["peak_fall"]) == (19, 4.0, 0.5)
    _, star = curve_points(every, divided, replayed, np.flatnonzero(places == 1))
    assert (star["n"], star["mrr"]) == (8, 1.0)
    assert np.isnan([star[name] for name in ("mrr_divided", "gini", "peak", "peak_fall")]).all()


def test_the_penalty_is_the_weight_for_one_mean_load():
    assert penalties(np.array([0.0, 2.0, 4.0]), 2.0, 0.4).tolist() == [0.0, 0.4, 0.8]
    assert penalties(np.array([0.0, 2.0]), 0.0, 0.4).tolist() == [0.0, 0.0]
    assert crowd_penalties({7: 3.0, 8: 1.0}, [8, 9, 7], 0.4).tolist() == [
        0.2,
        0.0,
        pytest.approx(0.6),
    ]


def test_a_simple_ranking_is_compared_by_its_logarithm():
    assert log_scores(np.array([1.0, np.e, 0.0]), is_log=False).tolist() == [
        0.0,
        1.0,
        pytest.approx(np.log(1e-12)),
    ]


def test_work_divided_by_area_is_told_from_a_star():
    builder = HistoryBuilder()
    for number in range(40):
        at = START + number * DAY
        reviewer = {"star": "host" if number % 4 else f"guest-{number}", "areas": f"m-{number % 5}"}
        for place, (slug, who) in enumerate(reviewer.items()):
            change = 2 * number + place
            builder.add_change(change, slug, f"author-{number}", at, ["x.py"], "Work")
            builder.add_review(change, who)
    history = builder.build()
    shared = shares_load(history, int(history.at[-1]) + 1).tolist()
    assert dict(zip(history.projects, shared, strict=True)) == {"areas": True, "star": False}
