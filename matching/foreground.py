"""A refresh done here and now, in this process: the same ledger, no broker, no worker needed."""

import time
from collections.abc import Callable

from django.utils import timezone

from foundation.runs import ledger
from foundation.runs.models import Run
from matching import pipeline

LOOK_AGAIN_SECONDS = 0.2


class RefreshFailed(Exception):
    """A step failed; the message says which, and why."""


def run_here(period: str, tell: Callable[[Run], object], wait: Callable[[Run], object]) -> int:
    """Do all runs of a refresh and return their number; what workers take up is waited for.

    ``tell`` hears of every run that begins or ends here, ``wait`` of one that somebody else is at.
    Raises RefreshFailed when nothing more can be done because a step failed.
    """
    pipeline.advance(period)
    while True:
        ledger.recover(timezone.now())
        refresh = pipeline.Refresh.of(period)
        if refresh.is_complete():
            ledger.close_outdated(timezone.now())
            return len(refresh.rows)
        if _do_all(refresh, tell):
            continue
        if refresh.failed() and not refresh.unfinished():
            raise RefreshFailed(_first_failure(refresh))
        _wait(refresh, wait)


def _do_all(refresh: pipeline.Refresh, tell: Callable[[Run], object]) -> bool:
    """Do all runs that are to be had, in their order; False when there is none."""
    done = [_do(owed, tell) for owed in refresh.unfinished()]
    return any(done)


def _do(owed: Run, tell: Callable[[Run], object]) -> bool:
    run = ledger.claim(owed.pk, timezone.now())
    if run is None:
        return False
    tell(run)
    pipeline.work_on(run, retry=False)
    run.refresh_from_db()
    tell(run)
    return True


def _wait(refresh: pipeline.Refresh, wait: Callable[[Run], object]) -> None:
    for run in refresh.unfinished()[:1]:
        wait(run)
    time.sleep(LOOK_AGAIN_SECONDS)
    pipeline.advance(refresh.rows[0].period)  # in case whoever was at it did not come to that


def _first_failure(refresh: pipeline.Refresh) -> str:
    run = refresh.failed()[0]
    return f"{run.task} {run.scope}".strip() + f" failed: {run.error}"
