"""Opens files of one JSON object a line, compressed or not, with an end to what is read."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from foundation.activity.sources.errors import SourceError

MOST_BYTES = 64 << 30
GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def open_events(place: str | Path, *, max_bytes: int = MOST_BYTES) -> Iterator["EventLines"]:
    """Open a file of events, or standard input for ``-``; compressed ones are seen by content.

    Reading more than `max_bytes` (after decompression) raises SourceError, as do a missing and a
    damaged file.
    """
    if str(place) == "-":
        yield EventLines(sys.stdin.buffer, "standard input", max_bytes)
        return
    with opened(Path(place)) as raw:
        yield EventLines(raw, str(place), max_bytes)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading, or say in one sentence why not."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise SourceError("%(place)s does not exist; check the path.", place=path) from None
    except IsADirectoryError:
        raise SourceError("%(place)s is a folder; give a file of events.", place=path) from None
    except OSError as error:
        raise SourceError(
            "%(place)s cannot be read: %(why)s.", place=path, why=error.strerror
        ) from None


class EventLines:
    """A binary stream of lines, decompressed if need be, that ends in an error after `limit` bytes.

    Parameters
    ----------
    raw : a buffered binary file
    name : what the operator called it, for messages
    limit : how many bytes may be read, after decompression
    """

    def __init__(self, raw: BinaryIO, name: str, limit: int):
        is_packed = raw.peek(2)[:2] == GZIP_MAGIC
        self._file = gzip.GzipFile(fileobj=raw) if is_packed else raw
        self._name, self._left, self._limit = name, limit, limit

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, at most `size` bytes of it."""
        try:
            line = self._file.readline(size)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise SourceError(
                "%(place)s is damaged or cut short; fetch it again.", place=self._name
            ) from None
        self._left -= len(line)
        if self._left < 0:
            raise SourceError(
                "%(place)s holds more than %(bytes)s bytes; split it and ingest the parts"
                " one by one.",
                place=self._name,
                bytes=self._limit,
            )
        return line
