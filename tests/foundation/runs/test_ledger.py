"""The run ledger: whatever is owed is done once, whoever tries and whoever is killed."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.runs import ledger, owner
from foundation.runs.models import Run

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ELSEWHERE = "otherbox.1.0000000000"


def owed(task="profiles", scope="aurora", at=NOW, **note):
    return ledger.owe(task, scope, ledger.stamp(at), as_of=NOW, note=note)


def claimed(now=NOW, **which):
    return ledger.claim(owed(**which).pk, now)


def states():
    return dict(Run.objects.order_by("pk").values_list("period", "state"))


def lost_at_home():
    """A token of a process of this machine that has ended."""
    process = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    table = owner.new_token().partition(".")[0]
    return f"{table}.{int(process.stdout)}.0000000000"


def test_a_period_is_text_whose_order_is_the_order_of_time():
    moments = [NOW + timedelta(milliseconds=n) for n in (0, 1, 999, 1000, 59_999, 60_000)]
    stamps = [ledger.stamp(moment) for moment in moments]
    assert stamps[:2] == ["2026-11-23T10:00:00.000Z", "2026-11-23T10:00:00.001Z"]
    assert stamps == sorted(set(stamps))


def test_what_is_owed_twice_is_written_down_once():
    assert owed().pk == owed().pk
    ledger.owe_each("profiles", ["aurora", "borealis"], ledger.stamp(NOW), as_of=LATER)
    assert list(Run.objects.order_by("scope").values_list("scope", "as_of")) == [
        ("aurora", NOW),
        ("borealis", LATER),
    ]


def test_a_run_is_claimed_by_one_only():
    run = owed()
    first, second = ledger.claim(run.pk, NOW), ledger.claim(run.pk, NOW)
    assert (first.state, first.attempts, first.lease_until) == (
        Run.State.RUNNING,
        1,
        NOW + ledger.lease(),
    )
    assert second is None


def test_a_run_that_is_gone_is_not_claimed():
    assert ledger.claim(404, NOW) is None


def test_a_task_and_scope_runs_once_at_a_time_over_all_periods():
    first, second = claimed(), owed(at=LATER)
    assert ledger.claim(second.pk, NOW) is None
    assert claimed(scope="borealis") is not None
    ledger.finish(first, {})
    assert ledger.claim(second.pk, NOW).pk == second.pk


def test_the_database_itself_refuses_a_second_running_one():
    claimed()
    second = owed(at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=second.pk).update(state=Run.State.RUNNING)


def test_finishing_keeps_the_note_and_the_result():
    run = claimed(facts=7)
    assert ledger.finish(run, {"rows": 3})
    run.refresh_from_db()
    assert (run.state, run.result, run.token, run.lease_until, run.error) == (
        Run.State.DONE,
        {"facts": 7, "rows": 3},
        "",
        None,
        "",
    )


def test_a_worker_that_lost_its_lease_changes_nothing_any_more():
    zombie = claimed()
    ledger.recover(NOW + ledger.lease() + timedelta(seconds=1))
    successor = ledger.claim(zombie.pk, LATER)
    assert not ledger.finish(zombie, {"rows": 1})
    assert not ledger.fail(zombie, ValueError("too late"))
    assert not ledger.release(zombie)
    assert not ledger.extend(zombie, LATER)
    with pytest.raises(ledger.LeaseLost):
        ledger.hold(zombie)
    ledger.hold(successor)
    assert ledger.finish(successor, {"rows": 2})


def test_a_silent_worker_far_away_is_given_its_whole_lease():
    run = claimed()
    Run.objects.update(token=ELSEWHERE)
    assert ledger.recover(NOW + ledger.lease()) == 0
    assert ledger.recover(NOW + ledger.lease() + timedelta(seconds=1)) == 1
    run.refresh_from_db()
    assert (run.state, run.token, run.attempts) == (Run.State.WAITING, "", 1)


def test_a_heartbeat_keeps_the_run():
    run = claimed()
    assert ledger.extend(run, NOW + timedelta(seconds=60))
    assert ledger.recover(NOW + ledger.lease() + timedelta(seconds=1)) == 0


def test_a_dead_worker_of_this_machine_is_not_waited_for():
    run = claimed()
    Run.objects.update(token=lost_at_home())
    assert ledger.recover(NOW) == 1
    assert ledger.claim(run.pk, NOW).attempts == 2


def test_a_process_that_died_before_its_parent_asked_is_gone():
    run = claimed()
    with subprocess.Popen([sys.executable, "-c", ""]) as child:  # waited for at the end only
        token = run.token.replace(f".{os.getpid()}.", f".{child.pid}.")
        while not owner.is_gone(token):
            time.sleep(0.01)  # until it ended: nothing may wait for it, or it would be no zombie
        assert child.returncode is None


def test_a_living_worker_of_this_machine_keeps_its_run():
    run = claimed()
    assert not owner.is_gone(run.token)
    assert not owner.is_gone(ELSEWHERE)
    assert not owner.is_gone("")
    assert str(os.getpid()) in run.token
    assert ledger.recover(NOW) == 0


def test_a_run_that_kills_its_workers_is_given_up(settings):
    settings.RUN_MAX_ATTEMPTS = 2
    run = owed()
    for _ in range(2):
        ledger.claim(run.pk, NOW)
        ledger.recover(LATER)
    run.refresh_from_db()
    assert (run.state, run.error) == (
        Run.State.FAILED,
        "The worker died or fell silent 2 times while it did this.",
    )


def test_a_failed_step_rests_and_is_tried_again():
    run = claimed()
    ledger.fail(run, ValueError("The history cannot be read."))
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.WAITING, "The history cannot be read.")
    assert ledger.claim(run.pk, timezone.now()) is None
    rested = timezone.now() + timedelta(seconds=ledger.REST_SECONDS)
    assert ledger.claim(run.pk, rested).attempts == 2


def test_a_step_that_fails_every_time_is_given_up_and_can_be_run_again(settings):
    settings.RUN_MAX_ATTEMPTS = 1
    run = claimed()
    assert not ledger.run_again(run)
    ledger.fail(run, KeyError("profiles"))
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.FAILED, "KeyError: 'profiles'")
    assert run.result["traceback"] == "KeyError: 'profiles'\n"
    assert ledger.run_again(run)
    again = ledger.claim(run.pk, NOW)
    assert again.attempts == 1
    ledger.finish(again, {})
    again.refresh_from_db()
    assert (again.state, again.error, again.result) == (Run.State.DONE, "", {})


def test_an_error_tells_no_password():
    run = claimed()
    ledger.fail(run, ValueError("cannot fetch https://me:secret@git.example/x: refused"))
    run.refresh_from_db()
    assert run.error == "cannot fetch https://…@git.example/x: refused"
    assert "secret" not in str(run.result)


def test_a_worker_asked_to_stop_gives_its_run_back_without_a_blemish():
    run = claimed()
    assert ledger.release(run)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.error) == (Run.State.WAITING, 0, "")


def test_an_old_run_does_not_undo_a_newer_one():
    old, claimed_late, new = owed(), owed(at=NOW + timedelta(minutes=1)), owed(at=LATER)
    ledger.finish(ledger.claim(new.pk, NOW), {})
    assert ledger.claim(claimed_late.pk, NOW) is None
    ledger.close_outdated(NOW)
    assert list(Run.objects.order_by("pk").values_list("pk", "state", "result")) == [
        (old.pk, Run.State.DONE, {"outdated": True}),
        (claimed_late.pk, Run.State.DONE, {"outdated": True}),
        (new.pk, Run.State.DONE, {}),
    ]


def test_the_sweeper_wakes_what_can_be_claimed_and_nothing_else():
    claimable = owed(scope="claimable")
    lost = claimed(scope="lost", now=NOW - timedelta(days=1))
    claimed(scope="blocked", now=timezone.now())
    owed(scope="blocked", at=LATER)
    ledger.fail(claimed(scope="resting"), ValueError("once"))
    ledger.finish(claimed(scope="done"), {})
    assert ledger.sweep(timezone.now()) == 0  # all were owed a moment ago: their wake-up is coming
    Run.objects.update(queued_at=NOW - timedelta(days=1))
    assert ledger.sweep(timezone.now()) == 2
    lost.refresh_from_db()
    claimable.refresh_from_db()
    assert {lost.state, claimable.state} == {Run.State.WAITING}


def test_a_sweep_sends_no_flood():
    scopes = [f"p{n}" for n in range(ledger.WAKE_UPS_A_SWEEP + 50)]
    ledger.owe_each("profiles", scopes, ledger.stamp(NOW), as_of=NOW)
    assert ledger.sweep(timezone.now() + timedelta(minutes=1)) == ledger.WAKE_UPS_A_SWEEP


def test_finished_runs_of_long_ago_are_forgotten():
    ledger.finish(claimed(), {})
    owed(at=LATER)
    assert ledger.forget(timezone.now()) == 0
    assert ledger.forget(timezone.now() + timedelta(days=91)) == 1
    assert states() == {ledger.stamp(LATER): Run.State.WAITING}
