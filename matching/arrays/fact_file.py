"""Facts on disk: one file of plain arrays that runs no code, and what it was read from.

A cache, no more: whoever finds it missing, of another format or not of these tables reads the
facts again. It is replaced whole, so that any number of workers may write it; they take turns,
since two at once would read the same rows.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from pathlib import Path

import numpy as np

from matching.arrays.array_file import Unreadable, opened, packed, unpacked, write
from matching.arrays.facts import Facts
from matching.arrays.history import Ragged

FORMAT = 2


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Hold the only turn of reading into a file; it ends with its process, however that ends.

    Where no lock can be made nobody waits: a file that may only be read is read all the same.
    """
    with ExitStack() as held:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(path.with_suffix(".lock"), os.O_RDONLY | os.O_CREAT, 0o666)
            held.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def save(path: Path, facts: Facts, about: dict) -> None:
    """Write facts and a note about them."""
    arrays = {}
    for field in fields(Facts):
        value = getattr(facts, field.name)
        if isinstance(value, Ragged):
            arrays[f"{field.name}.ptr"], arrays[f"{field.name}.ids"] = value.ptr, value.ids
        else:
            arrays[field.name] = packed(value) if isinstance(value, tuple) else value
    write(path, arrays, about | {"format": FORMAT})


def load(path: Path) -> tuple[Facts, dict] | None:
    """Return the facts and the note about them, or None where there is nothing to be had."""
    try:
        with opened(path) as (file, about):
            if about.pop("format", None) != FORMAT:
                return None
            return Facts(**{field.name: _value(file, field) for field in fields(Facts)}), about
    except Unreadable:
        return None


def _value(file, field):
    if field.type == "Ragged" or field.type is Ragged:
        return Ragged(file[f"{field.name}.ptr"], file[f"{field.name}.ids"])
    found = file[field.name]
    return found if field.type is np.ndarray else tuple(unpacked(found))
