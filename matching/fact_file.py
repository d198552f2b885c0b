"""Facts on disk: one file of plain arrays that runs no code, and what it was read from.

A cache, no more: whoever finds it missing, of another format or not of these tables reads the
facts again. It is replaced whole, so that any number of workers may write it.
"""

from dataclasses import fields
from pathlib import Path

import numpy as np

from matching.array_file import UNREADABLE, opened, packed, unpacked, write
from matching.facts import Facts
from matching.history import Ragged

FORMAT = 2


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
            if about.pop("format") != FORMAT:
                return None
            return Facts(**{field.name: _value(file, field) for field in fields(Facts)}), about
    except UNREADABLE:
        return None


def _value(file, field):
    if field.type == "Ragged" or field.type is Ragged:
        return Ragged(file[f"{field.name}.ptr"], file[f"{field.name}.ids"])
    found = file[field.name]
    return found if field.type is np.ndarray else tuple(unpacked(found))
