"""Every Celery task of the service: a message comes in, one verb is called.

A message carries at most the id of a run. Losing one costs time, a second one costs nothing.
"""

import logging

from celery import shared_task
from django.utils import timezone

from foundation.people import invitations
from foundation.runs import ledger
from matching import ingests, pipeline
from mentorship import exposure

logger = logging.getLogger("releve.runs")


@shared_task(name="matching.work")
def work(run_id: int) -> None:
    """Do a run, if it is still to be had."""
    run = ledger.claim(run_id, timezone.now())
    if run is None:
        return
    done = pipeline.work_on(run)
    run.refresh_from_db()
    if done:
        pipeline.send(run.period, since=run.finished_at)
    logger.info("%s: %s %s", run, run.state, run.error)


@shared_task(name="matching.sweep")
def sweep() -> None:
    """Repair what kills and lost messages left behind."""
    now = timezone.now()
    ledger.sweep(now)
    pipeline.advance_all(now)


@shared_task(name="matching.begin_refresh")
def begin_refresh() -> None:
    """Refresh everything, if there is something new."""
    now = timezone.now()
    ledger.forget(now)
    exposure.forget(now)
    invitations.forget(now)
    period = pipeline.begin_due_refresh(now)
    if period:
        pipeline.send(period)


@shared_task(name="matching.begin_ingest")
def begin_ingest() -> None:
    """Read all repositories again that came from an address."""
    ledger.wake(*ingests.owe_ingests(timezone.now()))
