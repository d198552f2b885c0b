"""The refresh: stages in their order, each run once, picked up wherever it was left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone, translation

from foundation.projects.models import Repository
from foundation.runs import ledger
from foundation.runs.models import Run
from foundation.runs.said_words import said_words
from foundation.said import keep_of
from matching import ingests, pipeline, tasks
from matching.ranking.training_parts import part_names
from tests.matching.noted_steps import (
    AS_OF,
    BEGINNING,
    LEADERS,
    MATCHES,
    PARTS,
    PROFILES,
    SLICES,
    TOGETHER,
    broken,
    do,
    done_steps,
    owed,
    refresh,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noted")]


def test_a_stage_begins_when_all_before_it_are_done(projects):
    period = pipeline.begin_refresh(AS_OF)
    assert owed() == BEGINNING
    do(period, PROFILES[0], ("lulls", ""), *SLICES[1:])
    assert owed() == [SLICES[0], *PROFILES[1:], ("train_leaders", "")]
    do(period, SLICES[0])
    assert owed() == [*PROFILES[1:], ("train_leaders", ""), *PARTS]
    do(period, *PARTS[1:])
    do(period, PARTS[0])
    assert owed() == [*PROFILES[1:], ("train_leaders", ""), TOGETHER]
    do(period, TOGETHER)
    do(period, PROFILES[1])
    assert owed() == sorted([*MATCHES, ("train_leaders", "")])
    do(period, ("train_leaders", ""))
    assert owed() == LEADERS + MATCHES
    do(period, *MATCHES, *LEADERS)
    assert owed() == []
    assert pipeline.Refresh.of(period).is_complete()
    assert {as_of for *_, as_of in done_steps} == {AS_OF}


def test_that_there_is_nothing_to_refresh_is_said_in_french_as_well():
    with pytest.raises(pipeline.NoProject) as refused:
        pipeline.begin_refresh(AS_OF)
    assert str(refused.value) == "There is no project to refresh."
    with translation.override("fr"):
        said = said_words(keep_of(refused.value), "")
    assert said == "Il n’y a aucun projet pour lequel calculer quoi que ce soit."


def test_a_kill_between_a_finish_and_what_follows_loses_nothing(projects):
    period = pipeline.begin_refresh(AS_OF)
    Run.objects.update(state=Run.State.DONE)  # finished, and nobody came to advance
    tasks.sweep()
    assert owed() == [*LEADERS, *PARTS]
    do(period, *PARTS)
    do(period, TOGETHER)
    tasks.sweep()
    assert not pipeline.advance(period)
    assert owed() == LEADERS + MATCHES


def test_a_refresh_left_long_ago_is_not_taken_up(projects):
    pipeline.begin_refresh(AS_OF, at=timezone.now() - timedelta(days=8))
    Run.objects.update(state=Run.State.DONE)
    tasks.sweep()
    assert owed() == []


def test_one_project_is_refreshed_alone(projects):
    assert (
        refresh(project="Borealis", as_of="2026-11-01")
        .splitlines()[-1]
        .startswith(f"Refreshed: {6 + len(SLICES + PARTS)} steps, facts up to 2026-11-01 (")
    )
    assert [(task, scope) for task, scope, _ in done_steps] == [
        ("profiles", "borealis"),
        *SLICES,
        ("train_leaders", ""),
        ("lulls", ""),
        *(("train_part", name) for name in part_names()),
        ("leaders", "borealis"),
        TOGETHER,
        ("matches", "borealis"),
    ]
    assert done_steps[0][2] == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_foreground_refresh_needs_no_worker_and_tells_its_course(projects):
    lines = refresh().splitlines()
    parts = [("train_part", name) for name in part_names()]
    assert lines[0] == "  The models are learned anew: nothing has been learned yet."
    assert [line.split(" … ")[0].strip() for line in lines[1:-1]] == [
        " ".join(name).strip()
        for name in [
            *PROFILES,
            *SLICES,
            ("train_leaders", ""),
            ("lulls", ""),
            *parts,
            *LEADERS,
            TOGETHER,
            *MATCHES,
        ]
    ]
    assert owed() == []


def test_a_foreground_refresh_covers_what_a_killed_one_left_half_way(projects):
    killed = pipeline.begin_refresh(AS_OF)
    do(killed, PROFILES[0])
    ledger.claim(Run.objects.get(task="profiles", scope="borealis").pk, timezone.now())
    Run.objects.filter(state=Run.State.RUNNING).update(
        token="elsewhere.1.0", lease_until=timezone.now() + timedelta(seconds=2)
    )
    out = refresh()
    assert "profiles borealis: another process is at it, waiting" in out
    assert owed() == []
    assert ledger.sweep(timezone.now() + timedelta(minutes=1)) == 0


def test_a_failed_step_stops_what_is_behind_it_and_can_be_run_again(projects):
    broken.add(("profiles", "aurora"))
    with pytest.raises(CommandError) as caught:
        refresh()
    assert str(caught.value) == "profiles aurora failed: There is too little history."
    failed = Run.objects.get(state=Run.State.FAILED)
    assert (owed(), failed.error) == (PROFILES[:1], "There is too little history.")
    broken.clear()
    assert ledger.run_again(failed)
    tasks.work(failed.pk)
    assert owed() == MATCHES
    tasks.work(failed.pk)  # a second message for the same run
    assert owed() == MATCHES


def test_a_step_that_is_not_known_fails_with_its_name(projects):
    run = ledger.owe("divine", "", ledger.stamp(AS_OF), as_of=AS_OF)
    assert not pipeline.work_on(ledger.claim(run.pk, timezone.now()), retry=False)
    run.refresh_from_db()
    assert run.error == "There is no step “divine”."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"project": "nowhere"}, "There is no project “nowhere”."),
        ({}, "There is no project yet: take one in with `manage.py ingest git`."),
        ({"as_of": "soon"}, "“soon” is no date: write 2026-11-23 or 2026-11-23T10:00Z."),
        (
            {"as_of": "2026-02-30"},
            "“2026-02-30” is no date: write 2026-11-23 or 2026-11-23T10:00Z.",
        ),
    ],
)
def test_bad_input_is_one_clear_sentence_and_leaves_nothing_behind(options, sentence):
    with pytest.raises(CommandError) as caught:
        refresh(**options)
    assert str(caught.value) == sentence
    assert not Run.objects.exists()


def test_repositories_with_an_address_are_read_again_once_at_a_time(projects):
    for name, location in [
        ("web", "https://git.example/web"),
        ("ssh", "git@git.example:ssh"),
        ("here", "/srv/here"),
        ("none", ""),
    ]:
        Repository.objects.create(project=projects[0], name=name, location=location)
    tasks.begin_ingest()
    tasks.begin_ingest()
    scopes = [str(pk) for pk in Repository.objects.order_by("pk").values_list("pk", flat=True)]
    assert owed() == sorted(("ingest", scope) for scope in scopes[:2])
    assert len(ingests.owe_ingests(timezone.now() + timedelta(hours=1))) == 0
    for run in Run.objects.all():
        tasks.work(run.pk)
    assert len(ingests.owe_ingests(timezone.now() + timedelta(hours=1))) == 2


def test_a_worker_is_told_of_each_run_once(
    projects, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr("foundation.runs.wakeup.send", lambda run_ids: told.extend(run_ids))
    with django_capture_on_commit_callbacks(execute=True):
        pipeline.send(pipeline.begin_refresh(AS_OF))
    for run_id in told:
        with django_capture_on_commit_callbacks(execute=True):
            tasks.work(run_id)
    assert owed() == []
    assert sorted(told) == sorted(Run.objects.values_list("pk", flat=True))
