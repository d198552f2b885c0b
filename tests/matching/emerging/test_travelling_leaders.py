"""What becoming core looks like elsewhere: shipped, and asked only where that is honest."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.community import Community
from matching.emerging.landmark_training import training_of
from matching.emerging.landmarks import FEATURES, FOLLOWED_DAYS, PLAIN, Landmarks, build_landmarks
from matching.emerging.leaders import HORIZONS, LeaderModel, LeaderModels
from matching.emerging.travelling_leaders import (
    LearnedElsewhere,
    fit_elsewhere,
    rows_elsewhere,
    worth_elsewhere,
)
from matching.evaluation.leaders_protocol import backtest_leaders
from matching.measures import roc_auc
from matching.registry import cards
from matching.registry.model_store import ModelMismatch, card, load, save
from matching.registry.shipped_leaders import LEADERS_FILE, NOTHING, export_leaders, load_elsewhere
from tests.matching.broken_arrays import with_one_broken
from tests.matching.planted import START, rising_history

TRAINED_AT = "2026-01-01T00:00:00+00:00"
YEAR = 365 * DAY


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A file learned from one planted community, and that community."""
    path = tmp_path_factory.mktemp("shipped") / "leaders.npz"
    history = rising_history(projects=3, years=5, seed=5, core_years=2)
    export_leaders(history, path, moment(int(history.at[-1])), TRAINED_AT)
    return path, history


@pytest.fixture(scope="module")
def elsewhere(exported):
    return load_elsewhere(exported[0])


def test_the_file_in_the_repository_fits_the_features_of_this_version():
    try:
        found = load_elsewhere()
    except ModelMismatch as refusal:
        pytest.fail(f"{refusal} Learn it again with: manage.py export_model leaders")
    assert LEADERS_FILE.stat().st_size < 1_500_000
    assert set(found.models) == set(HORIZONS) and len(found.sources) >= 20
    assert moment(found.known_by) == datetime(2021, 1, 1, tzinfo=UTC)


def test_a_community_too_young_to_learn_from_is_told_what_was_learned_elsewhere(elsewhere):
    young = rising_history(projects=1, years=3, seed=9)
    trainings = {1: training_of(young, START + YEAR)}
    with pytest.raises(ValueError, match="nothing to learn from"):
        LeaderModels().fit(trainings)
    models = LeaderModels().fit(trainings, elsewhere.models)
    assert not models.is_taught
    rows = build_landmarks(young, [START + 546 * DAY, START + 728 * DAY])
    assert roc_auc(rows.core_later, models.at(1).predict_proba(rows.X)) > 0.9


def test_a_card_says_who_speaks_at_which_horizon(elsewhere):
    history, at = rising_history(projects=2, years=4, seed=9), START + 5 * YEAR // 2
    community = Community(moment(at), history)
    trainings = {years: training_of(history, at, horizon=years) for years in HORIZONS}
    models = LeaderModels().fit(trainings, elsewhere.models)
    about = cards.leaders(community, trainings, models, elsewhere)
    assert about.sources == {
        "own": "learned",
        "own_1": "learned",
        "own_2": "too_little",
        "elsewhere": elsewhere.version,
    }
    alone = LeaderModels().fit(trainings, elsewhere.known_before(at))
    told = cards.leaders(community, trainings, alone, elsewhere).sources
    assert told == {"own": "learned", "own_1": "learned", "elsewhere": ""}


def test_the_own_model_and_the_others_have_half_a_say_each(elsewhere):
    history = rising_history(projects=2)
    training = training_of(history, int(history.at[-1]) - 2 * YEAR)
    others = elsewhere.models[1]
    own = LeaderModel(n_members=3).fit(training)
    both = LeaderModel(n_members=3).fit(training, others)
    X = build_landmarks(history, [int(history.at[-1]) - YEAR]).X
    own.calibration_ = both.calibration_ = np.array([0.0, 1.0])
    np.testing.assert_allclose(
        both.decision_function(X), (own.decision_function(X) + others.each(X).mean(axis=0)) / 2
    )


@pytest.mark.parametrize("is_taught", [True, False])
def test_chance_lies_within_its_interval_and_reasons_add_up(elsewhere, is_taught):
    history = rising_history(projects=2)
    training = training_of(history, int(history.at[-1]) - 2 * YEAR)
    others = elsewhere.models[1]
    model = LeaderModel.untaught(others)
    if is_taught:
        model = LeaderModel(n_members=3).fit(training, others)
    rows = build_landmarks(history, [int(history.at[-1]) - YEAR])
    chance, interval = model.predict_interval(rows.X)
    assert ((interval[:, 0] <= chance) & (chance <= interval[:, 1])).all()
    assert (interval[:, 0] < interval[:, 1]).any()
    base, parts = model.explain(rows.X, np.median(rows.X, axis=0), rows.names)
    np.testing.assert_allclose(base + sum(parts.values()), model.decision_function(rows.X))


def test_a_kept_model_carries_what_it_took_from_elsewhere(elsewhere, tmp_path):
    models = LeaderModels().fit(
        {1: training_of(rising_history(1, 2), START + YEAR)}, elsewhere.models
    )
    about = card("leaders", "one", FEATURES, metrics={}, data_hash="", trained_at=TRAINED_AT)
    save(tmp_path / "one.skops", models, about)
    X = build_landmarks(rising_history(1, 2), [START + YEAR]).X
    models.at(1).predict_proba(X)
    again = save(tmp_path / "two.skops", models, about)  # what was read from it is not kept
    kept, found = load(tmp_path / "two.skops", "leaders", FEATURES)
    assert found == again
    np.testing.assert_array_equal(kept.at(1).predict_proba(X), models.at(1).predict_proba(X))


def test_a_model_kept_before_others_had_a_say_serves_as_it_was(tmp_path):
    history = rising_history(projects=2, years=5)
    models = LeaderModels().fit({1: training_of(history, START + 3 * YEAR)})
    X = build_landmarks(history, [START + 4 * YEAR]).X
    told = models.at(1).predict_proba(X)
    del models.at(1).elsewhere_
    about = card("leaders", "one", FEATURES, metrics={}, data_hash="", trained_at=TRAINED_AT)
    save(tmp_path / "one.skops", models, about)
    kept, _ = load(tmp_path / "one.skops", "leaders", FEATURES)
    np.testing.assert_array_equal(kept.at(1).predict_proba(X), told)


def test_nothing_later_than_the_moment_is_learned():
    whole = rising_history(projects=2, years=5, core_years=2)
    known_by = START + 4 * YEAR
    builder = HistoryBuilder()
    for row in np.flatnonzero(whole.at < known_by):
        name, project = whole.people[whole.author[row]], whole.projects[whole.project[row]]
        paths = [whole.prefix_names[whole.prefixes.row(row)[-1]]]
        builder.add_change(int(row), project, name, int(whole.at[row]), paths)
    cut = builder.build()
    for horizon in HORIZONS:
        one, other = (rows_elsewhere(history, known_by, horizon) for history in (whole, cut))
        np.testing.assert_array_equal(one.X, other.X)
        np.testing.assert_array_equal(one.core_later, other.core_later)
    arrays = [fit_elsewhere(rows).arrays() for rows in (one, other)]
    assert arrays[0].keys() == arrays[1].keys()
    assert all((arrays[0][name] == arrays[1][name]).all() for name in arrays[0])


def test_it_has_no_say_where_it_was_learned_from_nor_about_years_it_knows(exported, elsewhere):
    _, history = exported
    assert elsewhere.unless_taught_by(history) is NOTHING
    other = rising_history(seed=6)
    assert elsewhere.unless_taught_by(other) is elsewhere
    assert elsewhere.known_before(elsewhere.known_by - 1) == {}
    assert elsewhere.known_before(elsewhere.known_by) == elsewhere.models


def test_the_backtest_asks_it_only_if_it_knows_nothing_of_the_test(exported, tmp_path):
    path, history = exported
    other = rising_history(projects=2, years=6, seed=6)
    late = load_elsewhere(path)
    export_leaders(history, tmp_path / "early.npz", moment(START + 4 * YEAR), TRAINED_AT)
    early = load_elsewhere(tmp_path / "early.npz")
    refused = backtest_leaders(other, methods=("served",), elsewhere=late)
    alone = backtest_leaders(other, methods=("served",))
    asked = backtest_leaders(other, elsewhere=early)
    assert (refused["elsewhere"], asked["elsewhere"]) == (None, early.version)
    assert refused == alone
    assert asked["methods"]["shipped"]["all"]["auc"] > 0.9
    assert asked["methods"]["served"] != alone["methods"]["served"]


def test_an_altered_file_and_one_of_other_kind_are_refused(exported, tmp_path):
    path, _ = exported
    copy = tmp_path / "leaders.npz"
    copy.write_bytes(path.read_bytes()[:-1])
    copy.with_name("leaders.npz.json").write_text(path.with_name("leaders.npz.json").read_text())
    with pytest.raises(ModelMismatch, match="not the one that its card describes"):
        load_elsewhere(copy)
    with pytest.raises(ModelMismatch, match=r"of mentors, not of leaders"):
        load_elsewhere(LEADERS_FILE.with_name("mentors.npz"))


@settings(max_examples=60)
@given(data=st.data())
def test_broken_arrays_are_refused_at_the_door_or_answer_as_the_whole_ones(elsewhere, data):
    learned = elsewhere.models[1]
    broken = data.draw(with_one_broken(learned.arrays()))
    try:
        read = LearnedElsewhere.from_arrays(broken)
    except ValueError:
        return
    X = np.random.default_rng(0).exponential(size=(40, len(FEATURES)))
    np.testing.assert_array_equal(read.each(X), learned.each(X))
    assert read.base_rate == learned.base_rate


def test_a_member_that_is_gone_is_missed(elsewhere):
    arrays = elsewhere.models[1].arrays()
    with pytest.raises(ValueError, match="not whole"):
        LearnedElsewhere.from_arrays({k: v for k, v in arrays.items() if not k.startswith("0/")})


def planted_rows(projects: int, twins: tuple[int, ...]) -> Landmarks:
    """Who becomes core can be read off a feature; in twins, which another gives away, reversed."""
    rng, n = np.random.default_rng(0), 300 * projects
    X, project = np.zeros((n, len(FEATURES))), np.arange(n) % projects
    X[:, 0], X[:, 1] = rng.normal(size=n), np.isin(project, twins)
    later = (X[:, 0] > 0) ^ (X[:, 1] > 0)
    nothing = np.zeros(n)
    ratios, nobody = np.zeros((n, len(FOLLOWED_DAYS))), nothing.astype(bool)
    plain = np.zeros((n, len(PLAIN)))
    return Landmarks(X, plain, later, ratios, nobody, np.arange(n), project, nothing)


def test_projects_that_share_their_beginnings_are_left_out_together():
    """A twin could give away what no other project tells."""
    rows = planted_rows(10, twins=(2, 7))
    apart = worth_elsewhere(rows, [*"abcdefghij"])
    unmarked = worth_elsewhere(rows, [""] * 10)
    together = worth_elsewhere(rows, [*"abcdefgcij"])
    assert apart == unmarked and apart["auc"] > 0.95
    assert together["projects"] == 10 and together["auc"] == pytest.approx(0.8, abs=0.05)


def test_a_project_and_its_fork_alone_leave_nothing_to_judge_them_by(tmp_path):
    builder, one = HistoryBuilder(), rising_history(projects=1, core_years=2)
    for row in range(one.n_changes):
        at, name = int(one.at[row]), one.people[one.author[row]]
        builder.add_change(row, "root", name, at, ["a.py"])
        builder.add_change(-row - 1, "fork", f"{name} there", at, ["a.py"])
    until = moment(int(one.at[-1]))
    with pytest.raises(ValueError, match="nothing to learn from"):
        export_leaders(builder.build(), tmp_path / "leaders.npz", until, TRAINED_AT)
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_a_wrong_day_a_needless_one_and_an_empty_house_are_one_sentence(tmp_path):
    to = str(tmp_path / "leaders.npz")
    with pytest.raises(CommandError, match="write it like 2021-01-31"):
        call_command("export_model", "leaders", "--until", "yesterday", "--to", to)
    with pytest.raises(CommandError, match="is for the leader model"):
        call_command("export_model", "mentors", "--until", "2021-01-31", "--to", to)
    with pytest.raises(CommandError, match="nothing to learn from"):
        call_command("export_model", "leaders", "--to", to)
    assert not list(tmp_path.glob("leaders*"))
