from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.emerging.landmark_features import FEATURES
from matching.emerging.landmark_training import training_of
from matching.emerging.landmarks import build_landmarks, landmark_dates
from matching.emerging.leaders import REASON_GROUPS, LeaderModel, LeaderModels
from matching.emerging.project_log import core_of
from matching.emerging.rising import TIMES_USUAL
from matching.measures import roc_auc
from tests.matching.planted import START, SWEEP_AT, SWEEPER, rising_history


@pytest.fixture(scope="module")
def rising():
    return rising_history()


@pytest.fixture(scope="module")
def fitted(rising):
    training = training_of(rising, int(rising.at[-1]) - 2 * 365 * DAY)
    return LeaderModel(n_members=4).fit(training), training


@pytest.mark.parametrize(
    ("commits", "core"),
    [([80, 10, 10], [0]), ([79, 11, 10], [0, 1]), ([1, 1, 1, 1, 1], [0, 1, 2, 3]), ([0, 0], [])],
)
def test_core_is_the_smallest_set_with_four_fifths_of_the_commits(commits, core):
    assert np.flatnonzero(core_of(np.array(commits))).tolist() == core


def small_history():
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
    known_by = training.landmarks.date.max() + 91 * DAY
    dates = [date for date in landmark_dates(rising) if date >= known_by]
    test = build_landmarks(rising, dates)
    chance = model.predict_proba(test.X)
    assert roc_auc(test.core_later, chance) > 0.9
    assert chance[test.core_later].mean() > 3 * chance[~test.core_later].mean()


def test_an_interval_holds_its_probability_mostly_and_stays_inside_0_and_1(fitted):
    model, training = fitted
    X = training.landmarks.X
    chance, interval = model.predict_interval(X)
    np.testing.assert_array_equal(chance, model.predict_proba(X))
    assert ((interval >= 0) & (interval <= 1)).all()
    assert (interval[:, 0] <= interval[:, 1]).all()
    inside = (interval[:, 0] <= chance + 1e-9) & (chance <= interval[:, 1] + 1e-9)
    assert inside.mean() > 0.9


def test_reasons_add_up_to_the_log_odds_and_use_every_feature_once(fitted):
    model, training = fitted
    X = training.landmarks.X
    base, parts = model.explain(X[:50], np.median(X, axis=0), training.landmarks.names)
    total = base + sum(parts.values())
    np.testing.assert_allclose(total, model.decision_function(X[:50]), atol=1e-9)
    named = [name for group in REASON_GROUPS.values() for name in group]
    assert sorted(named) == sorted(FEATURES)


def test_fitting_twice_gives_the_same_model(fitted):
    model, training = fitted
    X = training.landmarks.X[:100]
    again = clone(model).fit(training)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize("changes", [5, 80])
def test_a_mechanical_sweep_makes_no_leader(fitted, changes):
    """However many changes somebody makes within the hour, they count as one day's work."""
    model, _ = fitted
    history = rising_history(sweep=changes)
    rows = build_landmarks(history, [SWEEP_AT + 5 * DAY], [0])
    names = [history.people[row] for row in rows.person]
    chance = dict(zip(names, model.predict_proba(rows.X), strict=True))
    steady = [value for name, value in chance.items() if name.startswith("steady-0-09")]
    assert rows.column("commits_90d")[names.index(SWEEPER)] == changes
    assert len(steady) == 3
    assert chance[SWEEPER] < min(TIMES_USUAL * model.base_rate_, *steady)


def test_reviews_triage_and_help_count_as_being_at_work():
    """Dee writes once and then reviews every week; Eli triages: neither is silent or new."""
    builder = HistoryBuilder()
    for week in range(104):
        at = START + week * 7 * DAY
        builder.add_change(week, "p", "ann", at, ["a.py"])
        builder.add_change(1_000 + week, "p", "guest", at + DAY, ["a.py"])
        builder.add_review(1_000 + week, "dee", "reviewed", at + 2 * DAY)
        builder.add_activity("eli", "p", at + 3 * DAY)
    for number, name in enumerate(("dee", "eli")):
        builder.add_change(2_000 + number, "p", name, START + 650 * DAY, ["a.py"])
    rows = build_landmarks(builder.build(), [START + 728 * DAY])
    found = {
        builder.build().people[person]: (
            rows.column("active_weeks_365d")[row],
            rows.column("days_since_activity")[row],
        )
        for row, person in enumerate(rows.person)
    }
    assert found["dee"] == (52, 5)
    assert found["eli"] == (52, 4)


def test_the_second_horizon_asks_about_the_year_after_next():
    date = START + 365 * DAY
    labels = {
        horizon: build_landmarks(small_history(), [date], horizon=horizon, with_core=True)
        for horizon in (1, 2)
    }
    assert {h: rows.is_core.tolist() for h, rows in labels.items()} == {1: [True], 2: [True]}
    late = small_history()
    assert landmark_dates(late, horizon=2)[-1:].tolist() == []
    asked = build_landmarks(late, [START + 700 * DAY])
    assert asked.core_later.tolist() == [True]


def test_training_sees_nothing_that_was_not_over(rising):
    """Whatever comes after, the same is learned: labels, estimates and features."""
    known_by = int(rising.at[0]) + 3 * 365 * DAY
    builder = HistoryBuilder()
    for row in np.flatnonzero(rising.at < known_by):
        name = rising.people[rising.author[row]]
        project = rising.projects[rising.project[row]]
        paths = [rising.prefix_names[rising.prefixes.row(row)[-1]]]
        builder.add_change(int(row), project, name, int(rising.at[row]), paths)
    # The next change, so that the history reaches as far.
    builder.add_change(10**6, rising.projects[0], "later", known_by, ["x.py"])
    cut = builder.build()
    for horizon in (1, 2):
        whole = training_of(rising, known_by, [0], horizon=horizon)
        part = training_of(cut, known_by, [0], horizon=horizon)
        np.testing.assert_array_equal(part.nearness, whole.nearness)
        np.testing.assert_array_equal(part.landmarks.X, whole.landmarks.X)
        np.testing.assert_array_equal(part.is_asked, whole.is_asked)


def test_unfinished_years_teach_nearness_only(rising):
    known_by = int(rising.at[-1])
    training = training_of(rising, known_by)
    is_over = training.landmarks.date <= known_by - 365 * DAY
    assert (training.is_asked == (is_over & ~training.landmarks.is_core)).all()
    assert 0 < (~is_over).sum() < is_over.sum()
    assert training.landmarks.date.max() <= known_by - 91 * DAY


def test_without_anybody_who_became_core_nothing_is_learned():
    history = small_history()
    with pytest.raises(ValueError, match="nothing to learn from"):
        LeaderModel().fit(training_of(history, START + 500 * DAY))


def test_a_member_says_what_its_regressions_predict(fitted):
    model, training = fitted
    X = training.landmarks.X
    for member in model.members_:
        nearness = np.mean([one.predict(X) for one in member.regressions_], axis=0)
        intercept, slope = member.curve_
        assert np.allclose(member.decision_function(X), intercept + slope * nearness, rtol=1e-12)


def test_a_horizon_without_history_is_left_out(rising):
    trainings = {
        1: training_of(rising, START + 3 * 365 * DAY),
        2: training_of(rising, START + 2 * 365 * DAY, horizon=2),
    }
    models = LeaderModels().fit(trainings)
    assert (models.at(1) is not None, models.at(2)) == (True, None)


def test_of_a_crowd_some_people_are_learned_from_with_all_their_rows(rising, monkeypatch):
    known_by = int(rising.at[-1])
    everybody = training_of(rising, known_by)
    monkeypatch.setattr("matching.emerging.landmark_training.MOST_PEOPLE", 5)
    some = training_of(rising, known_by)
    chosen = np.unique(some.landmarks.person)
    assert 0 < len(chosen) <= 5 < len(np.unique(everybody.landmarks.person))
    theirs = everybody.landmarks.take(np.flatnonzero(np.isin(everybody.landmarks.person, chosen)))
    np.testing.assert_array_equal(some.landmarks.X, theirs.X)
    np.testing.assert_array_equal(some.landmarks.core_later, theirs.core_later)


def test_of_a_crowd_that_mostly_comments_as_many_writers_are_learned_from(rising, monkeypatch):
    known_by = int(rising.at[-1])
    monkeypatch.setattr("matching.emerging.landmark_training.MOST_PEOPLE", 20)
    commenters = tuple(f"commenter-{number}" for number in range(1_000))
    crowd = replace(rising, people=commenters + rising.people, author=rising.author + 1_000)
    alone, among = (training_of(history, known_by) for history in (rising, crowd))
    assert len(np.unique(alone.landmarks.person)) == 20
    np.testing.assert_array_equal(among.landmarks.person, alone.landmarks.person + 1_000)
    np.testing.assert_array_equal(among.landmarks.X, alone.landmarks.X)


def test_who_only_merged_or_came_later_takes_no_writer_s_place_in_a_crowd(rising, monkeypatch):
    known_by = START + 3 * 365 * DAY
    monkeypatch.setattr("matching.emerging.landmark_training.MOST_PEOPLE", 20)
    late = np.where(rising.at >= known_by, np.arange(rising.n_changes), -1)
    visits = np.array([name.startswith("visitor") for name in rising.people])[rising.author]
    latecomers = tuple(f"late-{number}" for number in range(rising.n_changes))
    later = replace(
        rising,
        people=rising.people + latecomers,
        author=np.where(late >= 0, rising.n_people + late, rising.author),
    )
    merging = replace(rising, is_merge=visits)
    unknown = replace(rising, author=np.where(visits, -1, rising.author))
    for one, other in ((rising, later), (merging, unknown)):
        drawn = [np.unique(training_of(each, known_by).landmarks.person) for each in (one, other)]
        assert len(drawn[0])
        np.testing.assert_array_equal(*drawn)
