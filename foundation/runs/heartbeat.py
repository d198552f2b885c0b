"""While a step works, a small thread keeps telling the ledger that its worker lives."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from foundation.runs import ledger
from foundation.runs.models import Run

logger = logging.getLogger("releve.runs")

BEATS_A_LEASE = 4


@contextmanager
def beating(run: Run) -> Iterator[None]:
    """Extend the run's lease until the block ends."""
    stop = threading.Event()
    name = f"heartbeat of run {run.pk}"
    thread = threading.Thread(target=_beat, args=(run, stop), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(run: Run, stop: threading.Event) -> None:
    every = ledger.lease().total_seconds() / BEATS_A_LEASE
    try:
        while not stop.wait(every):
            if not _extend(run):
                return
    finally:
        connection.close()


def _extend(run: Run) -> bool:
    """False when the run is lost; a database that is busy or away is tried again next time."""
    try:
        ours = ledger.extend(run, timezone.now())
    except DatabaseError as error:
        logger.warning("%s: no heartbeat, %s", run, error)
        connection.close()
        return True
    if not ours:
        logger.warning("%s was taken over by another worker.", run)
    return ours
