"""Files of plain arrays and a note about them, which run no code; each is replaced whole."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from foundation.whole_file import replacing


class Unreadable(Exception):
    """A file that is missing, damaged or of another kind."""


class Arrays(Mapping[str, np.ndarray]):
    """The arrays of a file, each read when it is asked for; `Unreadable` then, too."""

    def __init__(self, raw: BinaryIO) -> None:
        with _readable():
            self._file = np.load(raw, allow_pickle=False)
            self._names = tuple(self._file.files)

    def __getitem__(self, name: str) -> np.ndarray:
        with _readable():
            found = self._file[name]
            if not isinstance(found, np.ndarray):
                raise TypeError(f"{name} is no array.")
            return found

    def __contains__(self, name) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def write(path: Path, arrays: Mapping[str, np.ndarray], about: dict) -> None:
    """Write arrays and a note: a reader sees all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        np.savez(file, about=packed(about), **arrays)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Arrays, dict]]:
    """The arrays of a file and its note; `Unreadable` where they are not to be had."""
    with _readable():
        raw = path.open("rb")
    with raw:
        arrays = Arrays(raw)
        about = unpacked(arrays["about"])
        if not isinstance(about, dict):
            raise Unreadable(f"{path.name} holds another note.")
        yield arrays, about


def packed(value) -> np.ndarray:
    """Return what can be said in JSON as an array."""
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def unpacked(values: np.ndarray):
    """Return what `packed` was given, with lists for tuples; `Unreadable` of anything else."""
    with _readable():
        return json.loads(values.tobytes().decode())


@contextmanager
def _readable() -> Iterator[None]:
    """Damaged bytes make the libraries that read them raise nearly everything: that is one thing.

    Whoever asks then does without the file, so that nobody has to delete it by hand.
    """
    try:
        yield
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
