"""The verbs of the run ledger, and the only writer of a run's state.

``owe`` → ``wake`` → ``claim`` → work under a heartbeat → ``finish`` or ``fail``. A state changes
by conditional UPDATE only, so that any number of workers may try, and any of them may be killed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from foundation.runs import owner, wakeup
from foundation.runs.failure import kept, sentence, tail
from foundation.runs.models import Run
from foundation.said import Said, keep

REST_SECONDS, LONGEST_REST_SECONDS = 5, 300
# A fresh run's own wake-up is still on its way; a second one would only be noise.
WAKE_UP_TAKES = timedelta(seconds=5)
WAKE_UPS_A_SWEEP = 100
KEPT = timedelta(days=90)


class LeaseLost(Exception):
    """The run was given to somebody else: nothing may be written for it any more."""


def stamp(moment: datetime) -> str:
    """The period that begins at a moment: UTC in milliseconds, so that text order is time order."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def owe(task: str, scope: str, period: str, *, as_of: datetime, note: dict | None = None) -> Run:
    """The run of a task in a period, written down once however often it is owed."""
    owe_each(task, [scope], period, as_of=as_of, note=note)
    return Run.objects.get(task=task, scope=scope, period=period)


def owe_each(
    task: str, scopes: Iterable[str], period: str, *, as_of: datetime, note: dict | None = None
) -> None:
    """Owe a task for several scopes in one statement: all of them or none are written.

    ``note`` stays in ``Run.result``, beside what the step returns.
    """
    now = timezone.now()
    Run.objects.bulk_create(
        [
            Run(
                task=task,
                scope=scope,
                period=period,
                as_of=as_of,
                queued_at=now,
                result=note or {},
            )
            for scope in scopes
        ],
        ignore_conflicts=True,
    )


def wake(*run_ids: int) -> None:
    """Tell a worker, once this transaction is committed. Never fails: the sweeper repairs it."""
    transaction.on_commit(lambda: wakeup.send(run_ids))


def claim(run_id: int, now: datetime) -> Run | None:
    """Take a waiting run for this process, or None when it is not to be had (any more)."""
    token = owner.new_token()
    try:
        with transaction.atomic():
            taken = (
                Run.objects.claimable(now)
                .filter(pk=run_id)
                .update(
                    state=Run.State.RUNNING,
                    token=token,
                    lease_until=now + lease(),
                    attempts=F("attempts") + 1,
                    started_at=now,
                    finished_at=None,
                )
            )
    except IntegrityError:  # another run of this task and scope is at it
        return None
    if not taken:
        return None
    run = Run.objects.get(pk=run_id)
    return None if _was_outdated(run) else run


def extend(run: Run, now: datetime) -> bool:
    """The heartbeat: hold the run for another lease; False when it is no longer ours."""
    return bool(_ours(run).update(lease_until=now + lease()))


def hold(run: Run) -> None:
    """Begin the transaction that writes a step's rows with this: a lost run then writes nothing.

    Where rows are locked, nobody else can take the run until that transaction ends.
    """
    if not extend(run, timezone.now()):
        raise LeaseLost(f"{run} was taken over by another worker.")


def finish(run: Run, result: dict) -> bool:
    """Done, with its note and result; False when it was no longer ours: nothing is changed then."""
    return _end(run, state=Run.State.DONE, error="", result=_note(run) | result)


def fail(run: Run, error: BaseException, *, retry: bool = True) -> bool:
    """Note the error; let the run rest and try again, or give up after the last attempt."""
    again = retry and run.attempts < settings.RUN_MAX_ATTEMPTS
    rest = min(REST_SECONDS * 2 ** (run.attempts - 1), LONGEST_REST_SECONDS)
    return _end(
        run,
        state=Run.State.WAITING if again else Run.State.FAILED,
        lease_until=timezone.now() + timedelta(seconds=rest) if again else None,
        error=sentence(error),
        result=_note(run) | {"traceback": tail(error), "said": kept(error)},
    )


def release(run: Run) -> bool:
    """Give a run back untouched: its worker was asked to stop."""
    return _end(run, state=Run.State.WAITING, attempts=max(run.attempts - 1, 0))


def run_again(run: Run) -> bool:
    """Let a failed run be tried afresh; False when it has not failed."""
    changed = Run.objects.filter(pk=run.pk, state=Run.State.FAILED).update(
        state=Run.State.WAITING, attempts=0, lease_until=None, queued_at=timezone.now()
    )
    if changed:
        wake(run.pk)
    return bool(changed)


def recover(now: datetime) -> int:
    """Put back the runs whose worker fell silent or is seen to be dead; how many those were."""
    return sum(
        _put_back(run)
        for run in Run.objects.running()
        if run.lease_until < now or owner.is_gone(run.token)
    )


def close_outdated(now: datetime) -> int:
    """Close waiting runs whose work a later period has done: an old run must not undo a new one."""
    return Run.objects.outdated().update(
        state=Run.State.DONE, finished_at=now, error="", result={"outdated": True}
    )


def sweep(now: datetime) -> int:
    """Repair what kills and lost messages left behind; how many runs were woken.

    Nobody is woken while messages wait that workers have not come to: those may be the same.
    """
    recover(now)
    close_outdated(now)
    if wakeup.waiting():
        return 0
    due = Run.objects.claimable(now).unblocked().filter(queued_at__lt=now - WAKE_UP_TAKES)
    run_ids = list(due.order_by("queued_at", "pk").values_list("pk", flat=True)[:WAKE_UPS_A_SWEEP])
    wake(*run_ids)
    return len(run_ids)


def forget(now: datetime) -> int:
    """Delete the finished runs of long ago; how many those were."""
    old = Run.objects.filter(finished_at__lt=now - KEPT).exclude(
        state__in=[Run.State.WAITING, Run.State.RUNNING]
    )
    return old.delete()[0]


def lease() -> timedelta:
    return timedelta(seconds=settings.RUN_LEASE_SECONDS)


def _note(run: Run) -> dict:
    """What was noted when the run was owed, without what an earlier attempt failed of."""
    return {key: value for key, value in run.result.items() if key not in ("traceback", "said")}


def _ours(run: Run):
    return Run.objects.running().filter(pk=run.pk, token=run.token)


def _end(run: Run, **values) -> bool:
    ended = {"token": "", "lease_until": None, "finished_at": timezone.now()}
    return bool(_ours(run).update(**(ended | values)))


def _was_outdated(run: Run) -> bool:
    """Close a run just claimed if a later period got there first.

    Asked after the claim: from then on no other run of this task and scope can begin.
    """
    later = Run.objects.filter(
        task=run.task, scope=run.scope, period__gt=run.period, state=Run.State.DONE
    )
    return later.exists() and finish(run, {"outdated": True})


def _put_back(run: Run) -> int:
    """Free a lost run for its next attempt, or give up; a heartbeat in between keeps it."""
    exhausted = run.attempts >= settings.RUN_MAX_ATTEMPTS
    lost = Said(
        "The worker died or fell silent %(count)s times while it did this.", {"count": run.attempts}
    )
    told = {"error": str(lost), "result": run.result | {"said": keep(lost)}} if exhausted else {}
    return (
        _ours(run)
        .filter(lease_until=run.lease_until)
        .update(
            state=Run.State.FAILED if exhausted else Run.State.WAITING,
            token="",
            lease_until=None,
            finished_at=timezone.now() if exhausted else None,
            **told,
        )
    )
