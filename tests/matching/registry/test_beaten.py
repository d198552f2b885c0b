"""A leader model that a simple ranking beats serves nobody, champion or challenger."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.runs import champions
from foundation.runs.models import Run, TrainedModel
from foundation.said import english
from matching.emerging.landmark_training import training_of
from matching.emerging.landmarks import FEATURES
from matching.emerging.leaders import LeaderModel
from matching.registry import model_store, shelf
from matching.registry.champion import BASELINES, Exam, judge, leaders_exam
from tests import world
from tests.matching.planted import rising_history

BEATEN = "It was worse than the same chance for everybody by more than chance."
UNCOMPARED = "There was no champion to compare with."


@pytest.fixture(scope="module")
def exams():
    """The exam of what a planted community taught, and of a model taught with people mixed up."""
    history = rising_history(projects=1, years=6)
    good = leaders_exam(history, training_of(history, int(history.at[-1])))
    known = training_of(history, good.begins)
    rng = np.random.default_rng(0)
    told = known.landmarks
    wrong = replace(told, core_later=~told.core_later)
    nearness = rng.permutation(known.nearness)
    fooled = LeaderModel(n_members=4).fit(replace(known, landmarks=wrong, nearness=nearness))
    bad = replace(good, stand_in=fooled, marks=good.marks | {"challenger": good.mark(fooled)})
    return good, bad


def told(verdict) -> tuple[bool, str]:
    return verdict.is_promoted, english(verdict.why)


# -- the judgement -----------------------------------------------------------------------------


def test_leaders_are_compared_with_simple_rankings_that_learned_from_the_same_past(exams):
    good, _ = exams
    assert good.marks.keys() == {"challenger", "base_rate", "commits_90d", "logistic"}
    means = {name: marks.mean() for name, marks in good.marks.items()}
    assert means["challenger"] > means["base_rate"]
    assert means["logistic"] > means["base_rate"]
    assert len({len(marks) for marks in good.marks.values()}) == 1


def test_a_challenger_worse_than_the_best_simple_ranking_is_refused_whoever_serves(exams):
    good, bad = exams
    for champion in (None, bad.stand_in, good.stand_in):
        verdict = judge(bad, champion)
        best = max(BASELINES, key=lambda name: bad.marks[name].mean())
        assert not verdict.is_promoted
        assert verdict.figures["worse_than"] == best
        assert verdict.figures["beside"]["high"] < 0
    assert judge(bad, bad.stand_in).figures["champion_worse_than"] == best
    assert "champion_worse_than" not in judge(bad, good.stand_in).figures
    assert told(judge(good, None)) == (True, UNCOMPARED)
    assert "worse_than" not in judge(good, bad.stand_in).figures


def exam_of(**marks) -> Exam:
    n = len(marks["challenger"])
    at = np.arange(n) + 10**9
    return Exam("brier", None, at, np.arange(n), marks, lambda _: marks["challenger"])


def test_what_is_said_names_the_simple_ranking():
    rng = np.random.default_rng(0)
    marks = {"challenger": -rng.uniform(0.3, 0.5, 200), "base_rate": -rng.uniform(0.05, 0.1, 200)}
    exam = exam_of(**marks)
    assert told(judge(exam, None)) == (False, BEATEN)
    assert told(judge(exam, object())) == (False, BEATEN)
    few = exam_of(**{name: values[:29] for name, values in marks.items()})
    assert told(judge(few, None)) == (True, UNCOMPARED)


@given(st.integers(0, 2**32 - 1), st.integers(30, 60), st.floats(0.01, 0.5))
def test_who_is_nowhere_worse_is_never_refused_and_who_is_everywhere_worse_always(seed, n, step):
    base = np.random.default_rng(seed).uniform(-1, 0, n)
    ahead = exam_of(challenger=base, base_rate=base - step, logistic=base.copy())
    behind = exam_of(challenger=base - step, base_rate=base - 1, logistic=base)
    assert judge(ahead, None).is_promoted
    assert told(judge(behind, None)) == (
        False,
        "It was worse than a plain logistic regression on counts by more than chance.",
    )


# -- the shelf ---------------------------------------------------------------------------------


@pytest.fixture
def models(settings, tmp_path):
    settings.MODELS_DIR = tmp_path


def put(exam, version):
    Run.objects.update(state=Run.State.DONE)
    run = world.run("train_leaders", "", state=Run.State.RUNNING)
    about = model_store.card(
        "leaders", version, FEATURES, metrics={}, data_hash="x", trained_at="2026-03-01"
    )
    return shelf.put(run, exam.stand_in, about, exam)


def serving() -> str | None:
    row, model = shelf.serving_leaders()
    assert (row is None) == (model is None)
    return row and row.version


@pytest.mark.django_db
def test_a_beaten_model_is_kept_with_its_figures_and_nobody_serves(exams, models):
    _, bad = exams
    shelved = put(bad, "bad")
    row = TrainedModel.objects.get(version="bad")
    assert (shelved.row.is_serving, serving()) == (False, None)
    assert set(BASELINES) | {"challenger"} == row.trial["marks"].keys()
    [event] = row.events.all()
    assert (event.kind, event.note) == ("kept back", shelved.as_result()["why"])
    assert event.note.startswith("It was worse than ")
    assert TrainedModel.objects.are_all_beaten("leaders")


@pytest.mark.django_db
def test_a_champion_that_turns_out_to_be_beaten_stands_down(exams, models):
    good, bad = exams
    easy = replace(bad, marks={"challenger": bad.marks["challenger"]})  # nothing to beat it
    assert put(easy, "old").row.is_serving
    assert put(bad, "new").row.is_serving is False
    assert serving() is None
    assert TrainedModel.objects.are_all_beaten("leaders")
    old = TrainedModel.objects.get(version="old")
    assert [event.kind for event in old.events.order_by("pk")] == ["promoted", "kept back"]
    assert put(good, "good").row.is_serving
    assert serving() == "good"
    assert not TrainedModel.objects.are_all_beaten("leaders")


@pytest.mark.django_db
def test_no_older_model_steps_in_for_a_champion_that_stood_down(exams, models):
    _, bad = exams
    easy = replace(bad, marks={"challenger": bad.marks["challenger"]})
    for exam, version in ((easy, "older"), (easy, "old"), (bad, "new")):
        put(exam, version)
    assert serving() is None
    assert TrainedModel.objects.are_all_beaten("leaders")


@pytest.mark.django_db
def test_a_challenger_worse_than_the_champion_does_not_serve_when_that_one_stands_down(
    exams, models
):
    stand_in, at, late = exams[0].stand_in, np.arange(200) + 10**9, np.arange(200) >= 100
    easy = Exam("brier", stand_in, at[late], at[late], {"challenger": np.zeros(100)}, None)
    marks = {
        "challenger": np.where(late, -0.3, 0.0),  # good where the champion has seen the answers
        "base_rate": np.where(late, -0.1, -1.0),
    }
    hard = Exam("brier", stand_in, at, at, marks, lambda _: np.full(200, -0.2))
    put(easy, "champion")
    shelved = put(hard, "worse")
    assert shelved.row.trial["champion_worse_than"] == "base_rate"
    assert "worse_than" not in shelved.row.trial
    assert serving() is None
    assert TrainedModel.objects.are_all_beaten("leaders")


@pytest.mark.django_db
def test_a_champion_that_is_not_beaten_serves_on(exams, models):
    good, bad = exams
    put(good, "good")
    put(bad, "bad")
    assert serving() == "good"


@pytest.mark.django_db
def test_a_steward_has_the_last_word_about_a_beaten_model(exams, models):
    _, bad = exams
    champions.pin(put(bad, "chosen").row, by=world.steward())
    put(bad, "next")
    assert serving() == "chosen"


@pytest.mark.django_db
def test_a_beaten_model_takes_no_unfit_champions_place(exams, models, settings):
    good, bad = exams
    file = put(good, "old").row.file
    (settings.MODELS_DIR / file).unlink()
    shelf._load.cache_clear()
    assert put(bad, "new").row.is_serving is False
    assert serving() is None
