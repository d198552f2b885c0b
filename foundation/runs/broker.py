"""The two message brokers, made to survive what may happen to them.

The file system: Kombu's own transport writes a message under its final name, and a worker that
reads it half-written, or after its writer was killed, ends with an error. Here a message is whole
or not there, and one that cannot be read is dropped: it was only a wake-up. The same wake-up
waits at most once, so that senders without a worker cannot fill the folder. The table of who
listens, which Kombu writes in place as well, is whole too; half a one is written anew.

Redis: a worker whose connection broke tries to put unacknowledged messages back, or to acknowledge
them, over that very connection, and ends with an error. Here it does neither and connects again.
"""

import hashlib
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import filesystem, redis
from kombu.utils.json import dumps, loads

logger = logging.getLogger("releve.runs")


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        ending = f"_{_same_call(payload)}.{queue}.msg"
        if any(name.endswith(ending) for name in os.listdir(self.data_folder_out)):
            return
        name = f"{time.time_ns():020d}{ending}"
        part = Path(self.data_folder_out, f"{name}.part")
        part.write_text(dumps(payload), encoding="utf-8")
        part.rename(Path(self.data_folder_out, name))

    def _get(self, queue):
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            try:
                return loads(_taken(Path(self.data_folder_in, name)))
            except FileNotFoundError:
                continue  # another worker was quicker
            except ValueError:
                logger.warning("The message %s cannot be read and was dropped.", name)
        raise Empty()

    def get_table(self, exchange):
        try:
            return super().get_table(exchange)
        except ValueError:
            return []

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        listener = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        with Path(self.control_folder, "lock").open("w") as guard:
            filesystem.lock(guard, filesystem.LOCK_EX)
            table = self.get_table(exchange)
            if listener not in table:
                file = self._exchange_file(exchange)
                part = file.with_suffix(".part")
                part.write_text(dumps([listener, *table]), encoding="utf-8")
                part.replace(file)


class Transport(filesystem.Transport):
    Channel = Channel


class RedisChannel(redis.Channel):
    do_restore = False

    def basic_ack(self, delivery_tag, multiple=False):
        if not self.closed:
            super().basic_ack(delivery_tag, multiple)

    def basic_reject(self, delivery_tag, requeue=False):
        if not self.closed:
            super().basic_reject(delivery_tag, requeue)


class RedisTransport(redis.Transport):
    Channel = RedisChannel


def _same_call(payload: dict) -> str:
    """Equal for two messages that ask for the same task with the same arguments."""
    headers = payload.get("headers", {})
    if "task" not in headers:
        return uuid.uuid4().hex
    call = f"{headers['task']} {headers.get('argsrepr')} {headers.get('kwargsrepr')}"
    return hashlib.sha256(call.encode()).hexdigest()[:32]


def _taken(path: Path) -> str:
    """The text of a message that no other worker will see: the one who renames it has it."""
    mine = path.rename(path.with_name(f"{path.name}.taken"))
    text = mine.read_text(encoding="utf-8", errors="replace")
    mine.unlink()
    return text
