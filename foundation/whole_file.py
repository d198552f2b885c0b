"""A file that is written whole: a reader sees all of it or what was there before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file to write to; at the end it takes the place of ``path``.

    Whatever is raised meanwhile (a full disk), nothing of it is left behind. Who may read it is
    for the umask to say, as with any file; one of `tempfile` would be for its owner alone.
    """
    part = path.with_name(f"{path.name}.{token_hex(4)}")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
