"""The file system as a message broker, safe against kills.

Kombu's own writes a message under its final name: a worker that reads it half-written, or after
the writer was killed, ends with an error. Here a message is whole or not there, and one that
cannot be read is dropped: it was only a wake-up.
"""

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
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
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


def _taken(path: Path) -> str:
    """The text of a message that no other worker will see: the one who renames it has it."""
    mine = path.rename(path.with_name(f"{path.name}.taken"))
    text = mine.read_text(encoding="utf-8", errors="replace")
    mine.unlink()
    return text
