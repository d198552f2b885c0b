"""Facts on disk: one file of plain arrays that runs no code, and what it was read from.

A cache, no more: whoever finds it missing, of another format or not of these tables reads the
facts again. It is replaced whole, so that any number of workers may write it.
"""

import json
import os
import tempfile
import zipfile
from dataclasses import fields
from pathlib import Path

import numpy as np

from matching.facts import Facts
from matching.history import Ragged

FORMAT = 2


def save(path: Path, facts: Facts, about: dict) -> None:
    """Write facts and a note about them."""
    arrays = {"about": _packed(json.dumps(about | {"format": FORMAT}))}
    for field in fields(Facts):
        value = getattr(facts, field.name)
        if isinstance(value, Ragged):
            arrays[f"{field.name}.ptr"], arrays[f"{field.name}.ids"] = value.ptr, value.ids
        elif isinstance(value, tuple):
            arrays[field.name] = _packed(json.dumps(value))
        else:
            arrays[field.name] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        np.savez(file, **arrays)
    os.replace(name, path)


def load(path: Path) -> tuple[Facts, dict] | None:
    """Return the facts and the note about them, or None where there is nothing to be had."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            about = json.loads(_unpacked(file["about"]))
            if about.pop("format") != FORMAT:
                return None
            return Facts(**{field.name: _value(file, field) for field in fields(Facts)}), about
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _value(file, field):
    if field.type == "Ragged" or field.type is Ragged:
        return Ragged(file[f"{field.name}.ptr"], file[f"{field.name}.ids"])
    found = file[field.name]
    return found if field.type is np.ndarray else tuple(json.loads(_unpacked(found)))


def _packed(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(values: np.ndarray) -> str:
    return values.tobytes().decode()
