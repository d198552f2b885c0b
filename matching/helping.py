"""Processes that help the one that leads a refresh: a machine has more than one core.

They take runs from the same ledger, as workers would, and end with the refresh or its leader.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.utils import timezone

from foundation.runs import ledger
from matching import pipeline

LOOK_AGAIN_SECONDS = 0.2
ENDS_WITHIN_SECONDS = 5


@contextmanager
def helped(period: str, count: int) -> Iterator[None]:
    """Let so many further processes do runs of a refresh as long as the block lasts."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "refresh"]
    command += ["--join", period, "--leader", str(os.getpid())]
    with ExitStack() as begun:
        for _ in range(count):
            helper = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            begun.callback(_end, helper)
        yield


def _end(helper: subprocess.Popen) -> None:
    """Wait for a helper; one that is still at work is asked to give its run back, then ended."""
    for urge in (lambda: None, lambda: helper.send_signal(signal.SIGINT), helper.kill):
        urge()
        try:
            helper.wait(ENDS_WITHIN_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue


def help_with(period: str, leader: int) -> None:
    """Do runs of a refresh until none is left, or the process that began this one is gone."""
    while os.getppid() == leader:
        refresh = pipeline.Refresh.of(period)
        unfinished = refresh.unfinished()
        if not unfinished and (refresh.is_complete() or refresh.failed()):
            return
        if not any(_do(run.pk) for run in pipeline.longest_first(unfinished)):
            time.sleep(LOOK_AGAIN_SECONDS)


def _do(pk: int) -> bool:
    run = ledger.claim(pk, timezone.now())
    if run is None:
        return False
    pipeline.work_on(run, retry=False)
    return True
