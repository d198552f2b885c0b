"""One claimed run from its step to its end."""

import logging
from collections.abc import Callable

from foundation.runs import ledger
from foundation.runs.heartbeat import beating
from foundation.runs.models import Run
from foundation.said import Told

logger = logging.getLogger("releve.runs")

Step = Callable[[Run], dict]


class CannotBeDone(Told):
    """A step says in a sentence why it will not work, however often it is tried."""


def carry_out(run: Run, step: Step, *, retry: bool = True) -> bool:
    """Do a claimed run's step under a heartbeat and note how it ended; True when it is done.

    ``retry`` lets a failed step be tried again later, but not after ``CannotBeDone``. Asked to
    stop (Ctrl-C, a stopping worker), it gives the run back and lets the request through.
    """
    try:
        with beating(run):
            result = step(run)
    except Exception as error:
        logger.exception("%s failed.", run)
        ledger.fail(run, error, retry=retry and not isinstance(error, CannotBeDone))
        return False
    except BaseException:
        ledger.release(run)
        raise
    return ledger.finish(run, result or {})
