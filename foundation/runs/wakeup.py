"""The message that wakes a worker up. It may be lost, doubled or late: nothing depends on it."""

import logging
from collections.abc import Iterable

from kombu.exceptions import KombuError

from foundation.celery import app

logger = logging.getLogger("releve.runs")

WORK = "matching.work"
# Whoever wakes may be answering a page: one short try, without a pool that would try for longer.
SECONDS = 1
ONE_TRY = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_timeout": SECONDS,
    "socket_connect_timeout": SECONDS,
}


def send(run_ids: Iterable[int]) -> int:
    """Publish one message a run; how many were sent before the broker, if at all, gave out."""
    sent = 0
    try:
        with app.connection_for_write(
            connect_timeout=SECONDS, transport_options=ONE_TRY
        ) as connection:
            for run_id in run_ids:
                app.send_task(WORK, args=[run_id], connection=connection, retry=False)
                sent += 1
    except (KombuError, OSError) as error:
        logger.warning("The broker is out of reach, the sweeper will wake up later: %s", error)
    return sent


def waiting() -> int:
    """How many messages no worker has taken yet; 0 where the broker does not say."""
    queue = app.conf.task_default_queue
    with app.connection_for_read(connect_timeout=SECONDS, transport_options=ONE_TRY) as connection:
        silent = (KombuError, OSError, *connection.connection_errors, *connection.channel_errors)
        try:
            return connection.default_channel.queue_declare(queue, passive=True).message_count
        except silent:
            return 0
