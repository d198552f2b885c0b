"""Drawn pairs on their way to the parts: files of plain numbers, one a slice of the queries.

One pass over the features serves all draws, and workers share that pass: each run makes a slice
of it. A file that is missing, damaged or of other facts costs time only: the same pairs are then
drawn by whoever needs them.
"""

from pathlib import Path

import numpy as np

from foundation.runs.models import Run
from matching.arrays import array_file
from matching.community import Community
from matching.ranking.lesson import NEGATIVES
from matching.ranking.training_pairs import TrainingPairs
from matching.ranking.training_parts import DRAWS, SLICES

FORMAT = 1
COLUMNS = ("X", "y", "owner")


def keep(run: Run, community: Community, folder: Path) -> dict:
    """Draw the slice that a run stands for and keep it; returns the run's result."""
    lesson, number = community.lesson, int(run.scope)
    if not lesson.is_enough:
        return {"pairs": 0}
    draws = lesson.draw_slice(number, SLICES)
    arrays = {
        f"{draw}/{name}": getattr(drawn, name)
        for draw, drawn in enumerate(draws)
        for name in COLUMNS
    }
    array_file.write(_file(folder, number), arrays, _about(community, number))
    return {"pairs": sum(len(drawn.y) for drawn in draws)}


def find(community: Community, folder: Path, draw: int) -> TrainingPairs | None:
    """Return the pairs of a draw from the files of all slices; None unless each is there."""
    try:
        slices = [_read(_file(folder, n), _about(community, n), draw) for n in range(SLICES)]
    except array_file.Unreadable:
        return None
    names = community.feature_names
    return TrainingPairs.joined([TrainingPairs(*each, names) for each in slices if each])


def forget(folder: Path) -> None:
    """Remove the files: whoever had to learn from them has done so."""
    for number in range(SLICES):
        _file(folder, number).unlink(missing_ok=True)


def _read(path: Path, wanted: dict, draw: int) -> list[np.ndarray]:
    """Return a draw's columns, none of a slice that holds no query; see `array_file.Unreadable`."""
    with array_file.opened(path) as (file, about):
        if about != wanted:
            raise array_file.Unreadable("These pairs were drawn from something else.")
        return [file[f"{draw}/{name}"] for name in COLUMNS if f"{draw}/{name}" in file]


def _about(community: Community, number: int) -> dict:
    """What pairs are drawn from, and how: those of another recipe are not found."""
    return {
        "format": FORMAT,
        "data_hash": community.history.data_hash,
        "features": list(community.feature_names),
        "changes": len(community.lesson.past),
        "seed": community.lesson.seed,
        "negatives": NEGATIVES,
        "slice": [number, SLICES, DRAWS],
    }


def _file(folder: Path, number: int) -> Path:
    return folder / f"pairs-{number}.npz"
