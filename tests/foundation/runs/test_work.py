"""A claimed run from its step to its end, under a heartbeat."""

import threading
import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from foundation.runs import ledger
from foundation.runs.heartbeat import beating
from foundation.runs.models import Run
from foundation.runs.work import carry_out

AS_OF = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def run():
    owed = ledger.owe("profiles", "aurora", ledger.stamp(AS_OF), as_of=AS_OF)
    return ledger.claim(owed.pk, timezone.now())


def stored(run):
    return Run.objects.get(pk=run.pk)


def heartbeats():
    return [thread for thread in threading.enumerate() if "heartbeat" in thread.name]


@pytest.mark.django_db
def test_a_step_gets_the_run_and_its_result_is_kept(run):
    assert carry_out(run, lambda given: {"scope": given.scope, "as_of": given.as_of.isoformat()})
    assert (stored(run).state, stored(run).result) == (
        Run.State.DONE,
        {"scope": "aurora", "as_of": AS_OF.isoformat()},
    )
    assert heartbeats() == []


@pytest.mark.django_db
def test_a_failing_step_waits_for_its_next_attempt_or_fails_at_once(run):
    def step(given):
        raise ValueError("There is no history yet.")

    assert not carry_out(run, step)
    assert (stored(run).state, stored(run).error) == (
        Run.State.WAITING,
        "There is no history yet.",
    )
    again = ledger.claim(run.pk, stored(run).lease_until)
    assert not carry_out(again, step, retry=False)
    assert stored(run).state == Run.State.FAILED
    assert "in step" in stored(run).result["traceback"]


@pytest.mark.django_db
def test_who_is_interrupted_gives_the_run_back(run):
    def step(given):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(run, step)
    assert stored(run).state == Run.State.WAITING
    assert heartbeats() == []


@pytest.mark.django_db(transaction=True)
def test_a_step_longer_than_the_lease_keeps_its_run(run, settings):
    settings.RUN_LEASE_SECONDS = 1
    Run.objects.update(token=(token := "elsewhere.1.0"), lease_until=timezone.now())
    run.token = token  # a worker that cannot be seen from here
    with beating(run):
        time.sleep(1.5)
        assert ledger.recover(timezone.now()) == 0
    assert ledger.finish(run, {})


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_ends_when_the_run_is_lost(run, settings, caplog):
    settings.RUN_LEASE_SECONDS = 1
    with beating(run):
        Run.objects.update(token="another")
        for thread in heartbeats():
            thread.join(timeout=30)
        assert heartbeats() == []
    assert caplog.messages == [f"{run} was taken over by another worker."]
