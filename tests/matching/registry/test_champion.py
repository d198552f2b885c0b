"""A challenger takes the champion's place unless it is worse; a planted worse one does not."""

import json
from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation

from foundation.runs import champions
from foundation.runs.models import Run, TrainedModel
from foundation.said import english
from matching.emerging.landmark_training import training_of
from matching.emerging.leaders import LeaderModel
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes
from matching.ranking.ranker import MentorRanker
from matching.ranking.serving import train
from matching.ranking.sources import MODEL
from matching.ranking.training_pairs import draw_training_pairs
from matching.ranking.trial import reciprocal_ranks
from matching.registry import model_store, shelf
from matching.registry.champion import judge, leaders_exam, mentors_exam
from tests import world
from tests.matching.planted import planted_history, rising_history

NOT_WORSE = "It was not worse than the serving model."
WORSE = "It was worse than the serving model by more than chance."


def told(verdict) -> tuple[bool, str]:
    return verdict.is_promoted, english(verdict.why)


@pytest.fixture(scope="module")
def learned():
    """A planted community's exam of what it learned, and of a ranker taught wrong answers."""
    history = planted_history(260)
    features = PairFeatures(history)
    trial = train(features, int(history.at[-1]) + 1, history.reviewed_changes()).trial
    known = history.reviewed_changes()[:150]
    tables = features.tables(queries_of_changes(history, known))
    drawn = draw_training_pairs(tables, history.reviewers.take(known))
    wrong = np.random.default_rng(1).permutation(drawn.y)
    fooled = MentorRanker(max_iter=20).fit(replace(drawn, y=wrong))
    lead = trial.lead | reciprocal_ranks(features, {MODEL: fooled}, trial.changes)
    good = mentors_exam(features, trial)
    bad = mentors_exam(features, replace(trial, stand_in=fooled, lead=lead))
    return good, bad


# -- the judgement -----------------------------------------------------------------------------


def test_a_planted_worse_challenger_is_refused_and_a_better_one_is_not(learned):
    good, bad = learned
    assert told(judge(bad, good.stand_in)) == (False, WORSE)
    verdict = judge(good, bad.stand_in)
    assert told(verdict) == (True, NOT_WORSE)
    marks = verdict.figures["marks"]
    assert marks["challenger"]["mean"] > 0.95 > 0.7 > marks["champion"]["mean"]
    assert verdict.figures["gap"]["low"] > 0
    assert marks.keys() >= {"recency", "affinity", "path_overlap", "hybrid"}


def test_the_same_model_is_not_worse_than_itself(learned):
    good, _ = learned
    verdict = judge(good, good.stand_in)
    assert (verdict.is_promoted, verdict.figures["gap"]) == (True, {"mean": 0, "low": 0, "high": 0})


def test_only_answers_that_neither_has_seen_are_compared(learned):
    good, bad = learned
    middle = int(np.sort(good.at)[20])
    verdict = judge(good, bad.stand_in, middle)
    assert verdict.figures["answers"] == (good.at >= middle).sum()
    assert (verdict.figures["from"], verdict.figures["begins"]) == (middle, good.begins)
    late = int(np.sort(good.at)[-5])
    assert told(judge(bad, good.stand_in, late)) == (
        True,
        "Only 5 answers were new to both: too few to tell them apart.",
    )


def test_leaders_are_examined_by_years_that_were_over_before_the_slice():
    history = rising_history(projects=1, years=6)
    training = training_of(history, int(history.at[-1]))
    exam = leaders_exam(history, training)
    assert exam.begins >= np.quantile(training.landmarks.date[training.is_asked], 0.79)
    assert exam.marks["challenger"].mean() > exam.marks["base_rate"].mean()
    known = training_of(history, exam.begins)
    anybody = known.landmarks.X[np.random.default_rng(0).permutation(len(known))]
    mixed_up = replace(known, landmarks=replace(known.landmarks, X=anybody))
    fooled = LeaderModel(n_members=4).fit(mixed_up)
    worse = replace(exam, marks=exam.marks | {"challenger": exam.mark(fooled)})
    beaten = "It was worse than a plain logistic regression on counts by more than chance."
    assert told(judge(worse, exam.stand_in)) == (False, f"{WORSE} {beaten}")
    assert leaders_exam(history, training.take(np.arange(3))) is None


# -- the shelf ---------------------------------------------------------------------------------


@pytest.fixture
def models(settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    return tmp_path


def training() -> Run:
    return world.run("train_mentors", "", state=Run.State.RUNNING)


def put(exam, version, run=None, **sources):
    """Put an exam's stand-in on the shelf as if it were the model itself."""
    Run.objects.exclude(pk=run and run.pk).update(state=Run.State.DONE)
    run = run or training()
    model = exam.stand_in if exam else None
    names = model.feature_names_ if model else ()
    about = model_store.card(
        "mentors",
        version,
        names,
        metrics={},
        data_hash="x",
        trained_at="2026-03-01",
        sources=sources,
    )
    return shelf.put(run, model, about, exam)


def serving() -> str:
    return TrainedModel.objects.champion("mentors").version


def alter_card(path, **values):
    note = path.with_name(path.name + ".json")
    note.write_text(json.dumps(json.loads(note.read_text()) | values))


pytestmark = pytest.mark.django_db


def test_a_worse_model_is_kept_with_its_figures_but_does_not_serve(learned, models):
    good, bad = learned
    put(good, "good")
    shelved = put(bad, "bad")
    assert serving() == "good"
    assert shelved.as_result() == {"version": "bad", "is_serving": False, "why": WORSE}
    row = TrainedModel.objects.get(version="bad")
    assert row.trial["gap"]["high"] < 0
    assert list(row.events.values_list("kind", "note")) == [("kept back", WORSE)]
    assert put(good, "better").as_result()["is_serving"]
    assert serving() == "better"


def test_the_same_run_puts_the_same_model_once(learned, models):
    good, _ = learned
    run = training()
    for _ in range(2):
        assert put(good, "one", run).row.is_serving
    assert TrainedModel.objects.get().events.count() == 1


def test_a_pinned_model_serves_on_beside_a_better_one(learned, models):
    good, bad = learned
    champions.pin(put(bad, "pinned").row, by=world.steward())
    shelved = put(good, "good")
    assert serving() == "pinned"
    assert shelved.as_result()["why"] == f"{NOT_WORSE} The serving model is pinned."


def test_a_community_that_became_too_small_keeps_its_champion(learned, models):
    put(learned[0], "good")
    assert put(None, "none").as_result() == {
        "version": "none",
        "is_serving": False,
        "why": "There is too little to learn from; the champion serves on.",
    }


def test_what_only_others_taught_takes_no_own_champions_place(learned, models):
    put(learned[0], "others", own="too_little")
    assert put(learned[0], "own", own="learned").row.is_serving
    kept_back = put(learned[0], "others again", own="too_little")
    assert kept_back.as_result()["why"] == str(shelf.TOO_LITTLE)
    assert serving() == "own"


def test_a_champion_that_does_not_fit_any_more_gives_way_and_says_why(learned, models):
    good, bad = learned
    old = put(good, "old").row
    alter_card(models / old.file, libraries={"scikit-learn": "0.1"})
    shelf._load.cache_clear()
    assert put(bad, "new").as_result()["is_serving"]
    refusal = TrainedModel.objects.get(version="old").refusal
    assert refusal.startswith("The model was trained with scikit-learn 0.1, but")
    event = TrainedModel.objects.get(version="new").events.get()
    assert event.note == f"The champion does not fit any more. {refusal}"
    with translation.override("fr"):
        assert event.words.startswith(
            "Le champion ne convient plus. Le modèle a été appris avec scikit-learn 0.1,"
        )


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(b"no model"), "not the one that its card describes"),
        (lambda path: alter_card(path, feature_names=["fame"]), "other features"),
        (lambda path: alter_card(path, libraries={"numpy": "0.1"}), "with numpy 0.1, but"),
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: alter_card(path, sha256="0"), "not the one that its card describes"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_the_last_good_one_serves_on(
    learned, models, spoil, says
):
    good, _ = learned
    put(good, "one")
    two = put(good, "two").row
    spoil(models / two.file)
    shelf._load.cache_clear()
    names = good.stand_in.feature_names_
    trusted = TrainedModel.objects.in_order_of_trust("mentors")
    fitting = [row.version for row in trusted if shelf.fitting(row, names) is not None]
    assert fitting == ["one"]
    assert says in TrainedModel.objects.get(version="two").refusal
    assert TrainedModel.objects.get(version="one").refusal == ""


def test_a_file_with_a_card_of_its_own_is_not_the_one_on_the_shelf(learned, models):
    good, bad = learned
    one, other = put(good, "one").row, put(bad, "other").row
    for end in ("", ".json"):
        (models / f"{one.file}{end}").write_bytes((models / f"{other.file}{end}").read_bytes())
    shelf._load.cache_clear()
    row = TrainedModel.objects.get(version="one")
    assert shelf.fitting(row, good.stand_in.feature_names_) is None
    row.refresh_from_db()
    assert row.refusal == "The model file is not the one that the shelf keeps."
