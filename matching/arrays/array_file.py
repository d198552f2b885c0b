"""Files of plain arrays and a note about them, which run no code; each is replaced whole."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from foundation.whole_file import replacing

UNREADABLE = (OSError, ValueError, KeyError, zipfile.BadZipFile)
"""What reading a file raises that is missing, damaged or of another kind."""


def write(path: Path, arrays: Mapping[str, np.ndarray], about: dict) -> None:
    """Write arrays and a note: a reader sees all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        np.savez(file, about=packed(about), **arrays)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Mapping[str, np.ndarray], dict]]:
    """The arrays of a file, each read when it is asked for, and its note; see `UNREADABLE`."""
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        yield file, unpacked(file["about"])


def packed(value) -> np.ndarray:
    """Return what can be said in JSON as an array."""
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def unpacked(values: np.ndarray):
    """Return what `packed` was given, with lists for tuples."""
    return json.loads(values.tobytes().decode())
