"""The file system as a message broker, safe against kills.

Kombu's own writes a message under its final name: a worker that reads it half-written, or after
the writer was killed, ends with an error. Here a message is whole or not there, and one that
cannot be read is dropped: it was only a wake-up. The same wake-up waits at most once, so that
senders without a worker cannot fill the folder.
"""

import hashlib
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import filesystem
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


class Transport(filesystem.Transport):
    Channel = Channel


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
