import numpy as np
import pytest
from sklearn.base import clone

from matching.history import DAY
from matching.history_builder import HistoryBuilder
from matching.landmark_features import FEATURES
from matching.landmarks import build_landmarks, landmark_dates
from matching.leaders import REASON_GROUPS, LeaderModel
from matching.leaders_protocol import training_landmarks
from matching.measures import roc_auc
from matching.project_log import core_of
from tests.matching.planted import START, rising_history


@pytest.fixture(scope="module")
def rising():
    return rising_history()


@pytest.fixture(scope="module")
def fitted(rising):
    training = training_landmarks(rising, int(rising.at[-1]) - 3 * 365 * DAY)
    model = LeaderModel(n_members=4, n_trees=15)
    return model.fit(
        training.X, training.core_later, training.person, training.later_ratio
    ), training


@pytest.mark.parametrize(
    ("commits", "core"),
    [([80, 10, 10], [0]), ([79, 11, 10], [0, 1]), ([1, 1, 1, 1, 1], [0, 1, 2, 3]), ([0, 0], [])],
)
def test_core_is_the_smallest_set_with_four_fifths_of_the_commits(commits, core):
    assert np.flatnonzero(core_of(np.array(commits))).tolist() == core


def small_history(sweep: bool = False):
    """Ann does nearly all for three years; bob comes in the second and is core in the third."""
    builder = HistoryBuilder()
    number = 0
    for day in range(0, 3 * 365, 3):
        number += 1
        builder.add_change(number, "p", "ann", START + day * DAY, ["a/x.py"])
        if 600 <= day < 730 and day % 12 == 0:
            number += 1
            builder.add_change(number, "p", "bob", START + day * DAY + 60, ["b/y.py"])
            builder.add_review(number, "ann")
        if day >= 730:
            number += 1
            builder.add_change(number, "p", "bob", START + day * DAY + 60, ["b/y.py"])
    for extra in range(15 if sweep else 0):
        at = START + 700 * DAY + extra
        builder.add_change(10_000 + extra, "p", "cleo", at, [f"d{extra}/z.py"])
    return builder.build()


def test_who_is_active_and_not_core_is_asked_about_and_the_year_after_answers():
    history = small_history()
    rows = build_landmarks(history, [START + 730 * DAY])
    assert [history.people[row] for row in rows.person] == ["bob"]
    assert rows.core_later.tolist() == [True]
    found = dict(zip(rows.names, rows.X[0].tolist(), strict=True))
    assert (found["changes_365d"], found["reviews_received_180d"]) == (11, 11)
    assert found["tenure_days"] == pytest.approx(130, abs=1)
    assert found["areas_365d"] == 2


def test_no_feature_of_a_landmark_sees_the_year_after():
    date = START + 730 * DAY
    whole = small_history()
    builder = HistoryBuilder()
    for row in np.flatnonzero(whole.at < date):
        key, author = whole.change_keys[row], whole.people[whole.author[row]]
        paths = [whole.prefix_names[whole.prefixes.row(row)[-1]]]
        builder.add_change(key, "p", author, int(whole.at[row]), paths)
        for reviewer in whole.reviewers.row(row):
            builder.add_review(key, whole.people[reviewer])
    np.testing.assert_array_equal(
        build_landmarks(builder.build(), [date]).X, build_landmarks(whole, [date]).X
    )


def test_the_last_date_leaves_a_whole_year_for_the_answer(rising):
    dates = landmark_dates(rising)
    assert dates[-1] == rising.at[-1] - 365 * DAY
    assert set(np.diff(dates).tolist()) == {182 * DAY}


def test_those_who_rise_are_told_from_visitors(rising, fitted):
    model, training = fitted
    dates = [date for date in landmark_dates(rising) if date > training.date.max() + 365 * DAY]
    test = build_landmarks(rising, dates)
    chance = model.predict_proba(test.X)
    assert roc_auc(test.core_later, chance) > 0.9
    assert chance[test.core_later].mean() > 3 * chance[~test.core_later].mean()


def test_an_interval_holds_its_probability_mostly_and_stays_inside_0_and_1(fitted):
    model, training = fitted
    chance, interval = model.predict_proba(training.X), model.predict_interval(training.X)
    assert ((interval >= 0) & (interval <= 1)).all()
    assert (interval[:, 0] <= interval[:, 1]).all()
    inside = (interval[:, 0] <= chance + 1e-9) & (chance <= interval[:, 1] + 1e-9)
    assert inside.mean() > 0.9


def test_reasons_add_up_to_the_log_odds_and_use_every_feature_once(fitted):
    model, training = fitted
    base, parts = model.explain(training.X[:50], np.median(training.X, axis=0), training.names)
    total = base + sum(parts.values())
    np.testing.assert_allclose(total, model.decision_function(training.X[:50]), atol=1e-9)
    named = [name for group in REASON_GROUPS.values() for name in group]
    assert sorted(named) == sorted(FEATURES)


def test_fitting_twice_gives_the_same_model(fitted):
    model, training = fitted
    again = clone(model).fit(training.X, training.core_later, training.person, training.later_ratio)
    np.testing.assert_array_equal(
        again.predict_proba(training.X[:100]), model.predict_proba(training.X[:100])
    )


def test_a_mechanical_sweep_makes_no_leader(rising, fitted):
    """Fifteen changes within a minute count less than half a year of steady work."""
    model, training = fitted
    history = small_history(sweep=True)
    rows = build_landmarks(history, [START + 730 * DAY])
    chance = dict(
        zip([history.people[row] for row in rows.person], model.predict_proba(rows.X), strict=True)
    )
    steady = training.core_later & (training.column("active_weeks_180d") > 20)
    assert chance["cleo"] < model.predict_proba(training.X[steady]).mean() / 2


def test_without_anybody_who_became_core_nothing_is_learned():
    with pytest.raises(ValueError, match="nothing to learn from"):
        LeaderModel().fit(np.zeros((5, 3)), np.zeros(5), np.arange(5), np.zeros(5))
