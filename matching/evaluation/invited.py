"""What became of those who could be invited: flagged to stewards, or left out by lot.

The backtest cannot tell a flag that came true from one that made itself true; the two beside each
other can.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matching.arrays.history import DAY, History
from matching.emerging.landmark_surroundings import YEAR_DAYS
from matching.emerging.landmarks import FEWEST_COMMITS
from matching.emerging.project_log import core_of

YEAR = YEAR_DAYS * DAY


class Invited(NamedTuple):
    """A person (primary key) who could be invited to a project since a moment (seconds)."""

    person: int
    project: str
    since: int
    is_unflagged: bool


def outcomes(history: History, invited: Iterable[Invited], until: int) -> dict:
    """Return of both how many they are, and how many of them were core in the year that followed.

    Of several times that somebody could be invited to a project the first counts. Whose year is not
    over, or too quiet for a core, is left out; `waiting` says of how many people that holds.
    """
    found = {name: {"n": 0, "became_core": 0} for name in ("flagged", "unflagged")}
    first = {}
    for one in sorted(invited, key=lambda one: one.since):
        first.setdefault((one.person, one.project), one)
    waiting = 0
    for one in first.values():
        core = _core_after(history, one) if one.since + YEAR <= until else None
        if core is None:
            waiting += 1
            continue
        arm = found["unflagged" if one.is_unflagged else "flagged"]
        arm["n"] += 1
        arm["became_core"] += one.person in core
    return {**found, "waiting": waiting}


def _core_after(history: History, one: Invited) -> set | None:
    """Return the people (keys) who were core in the year; None if it was too quiet for a core."""
    if one.project not in history.projects:
        return None
    of_year = (history.at >= one.since) & (history.at < one.since + YEAR) & (history.author >= 0)
    here = of_year & (history.project == history.projects.index(one.project)) & ~history.is_merge
    made = np.bincount(history.author[here], minlength=history.n_people)
    if made.sum() < FEWEST_COMMITS:
        return None
    return {history.people[row] for row in np.flatnonzero(core_of(made))}
