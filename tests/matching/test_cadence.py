"""When a refresh is due, whom it covers, and when models are learned anew."""

from datetime import timedelta
from importlib.metadata import version

import pytest
from django.utils import timezone

from foundation.activity.models import Activity, Change
from foundation.people.models import Identity
from foundation.projects.models import Project, Repository
from foundation.runs.models import Run, TrainedModel
from matching import pipeline
from matching.cadence import feature_names, training_due
from matching.freshness import MARK
from tests.matching.noted_steps import (
    AS_OF,
    BEGINNING,
    LEADERS,
    MATCHES,
    PROFILES,
    TOGETHER,
    TRAINING,
    do,
    everything,
    owed,
    refresh,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noted")]


def told(project, **fields):
    """A fact of a project."""
    repository, _ = Repository.objects.get_or_create(project=project, name=project.slug)
    who, _ = Identity.objects.get_or_create(key="ada")
    change, _ = Change.objects.get_or_create(repository=repository, external_id="1", kind="commit")
    return Activity(change=change, identity=who, kind="reviewed", **fields)


def test_two_beats_of_one_minute_begin_one_refresh(projects):
    first = pipeline.begin_due_refresh(AS_OF)
    assert pipeline.begin_refresh(AS_OF, at=AS_OF.replace(second=0)) == first
    assert first == "2026-11-23T10:20:00.000Z"
    assert owed() == BEGINNING


def test_the_hourly_beat_refreshes_only_when_something_is_new(projects):
    now = timezone.now()
    period = pipeline.begin_due_refresh(now)
    assert pipeline.begin_due_refresh(now) is None  # it is under way
    do(period, *PROFILES, *TRAINING, TOGETHER, *MATCHES, *LEADERS)
    assert pipeline.begin_due_refresh(now + timedelta(hours=1)) is None  # nothing is new
    assert pipeline.begin_due_refresh(now + timedelta(hours=25))  # but time has passed


def test_models_serve_on_until_they_are_old_or_much_is_new(projects, settings):
    everything(pipeline.begin_refresh(AS_OF))
    week = timedelta(days=settings.RETRAIN_AFTER_DAYS)
    period = pipeline.begin_refresh(AS_OF + week)
    assert owed() == [*LEADERS, ("lulls", ""), *PROFILES]
    everything(period, learns=False)
    assert pipeline.Refresh.of(period).is_complete()
    assert "serve on" in refresh(as_of="2026-11-24")
    for moment, why in [
        (AS_OF + week + timedelta(hours=1), "the models are older than 7 days"),
        (AS_OF - timedelta(hours=1), "the models know what came later"),
    ]:
        assert training_due(moment) == why
    assert "that was asked for" in refresh(train=True, as_of="2026-11-24")
    note = {MARK: {"activities": 100, "requests": None}}
    Run.objects.filter(task__startswith="train").update(result=note)
    assert training_due(AS_OF + week) == ""
    Activity.objects.bulk_create([told(projects[0], pk=106)])
    assert training_due(AS_OF + week) == "more than 5 % of the facts are new"


def test_a_model_that_does_not_fit_this_version_is_learned_anew(projects, settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    everything(pipeline.begin_refresh(AS_OF))
    card = {"feature_names": list(feature_names()), "libraries": {"numpy": version("numpy")}}
    model = TrainedModel.objects.create(
        task="mentors", version="1", file="1.skops", card=card, as_of=AS_OF, is_serving=True
    )
    assert training_due(AS_OF) == "a model does not fit this version"  # its file is missing
    (tmp_path / "1.skops").touch()
    assert training_due(AS_OF) == ""
    for change in ({"feature_names": ["other"]}, {"libraries": {"numpy": "0.1"}}):
        TrainedModel.objects.filter(pk=model.pk).update(card=card | change)
        assert training_due(AS_OF) == "a model does not fit this version"


def test_the_hourly_beat_refreshes_the_projects_of_new_facts_only(projects):
    now = timezone.now()
    told(projects[0], pk=1_000).save()
    everything(pipeline.begin_due_refresh(now))
    told(projects[1], pk=1_001).save()
    pipeline.begin_due_refresh(now + timedelta(hours=1))
    assert owed() == [LEADERS[1], ("lulls", ""), PROFILES[1]]


def test_a_new_project_makes_a_refresh_due(projects):
    now = timezone.now()
    do(pipeline.begin_due_refresh(now), *PROFILES, *TRAINING, TOGETHER, *MATCHES, *LEADERS)
    Project.objects.create(foundation=projects[0].foundation, slug="cirrus", name="Cirrus")
    assert pipeline.begin_due_refresh(now + timedelta(hours=1))


def test_a_model_that_was_refused_is_learned_anew_unless_it_is_pinned(projects, settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    everything(pipeline.begin_refresh(AS_OF))
    (tmp_path / "1.skops").touch()
    card = {"feature_names": list(feature_names()), "libraries": {"numpy": version("numpy")}}
    TrainedModel.objects.create(
        task="mentors", version="1", file="1.skops", card=card, as_of=AS_OF, is_serving=True
    )
    assert training_due(AS_OF) == ""
    TrainedModel.objects.update(refusal="It holds a type that is not trusted: old.Path.")
    assert training_due(AS_OF) == "a model does not fit this version"
    TrainedModel.objects.update(is_pinned=True)
    assert training_due(AS_OF) == ""
