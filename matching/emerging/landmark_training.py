"""What the leader model learns from: past landmarks, and the beginnings of unfinished years.

The year after a landmark must be over before its label is known, so the newest year would teach
nothing. But its first months tell how near somebody came in them; on past landmarks one sees what
that says of a whole year. Those rows teach nearness only, never who became core.
"""

from dataclasses import dataclass

import numpy as np

from matching.arrays.history import DAY, History
from matching.emerging.landmark_surroundings import YEAR_DAYS
from matching.emerging.landmarks import (
    FOLLOWED_DAYS,
    Landmarks,
    build_landmarks,
    joined,
)
from matching.emerging.nearness import nearness_of

STEP_DAYS = 60
"""Landmarks to learn from stand closer than those of the test: more moments of one career."""
UNFINISHED_STEP_DAYS = 30
MOST_PEOPLE = 20_000
"""Of more who wrote, so many, drawn by a seed, are learned from: bounds time and memory."""


@dataclass(frozen=True)
class Training:
    """Landmarks with `nearness` to the core in the label's year, told or estimated.

    `is_asked` marks the rows that are just the question: not core yet, and the year is over.
    """

    landmarks: Landmarks
    nearness: np.ndarray
    is_asked: np.ndarray

    def __len__(self) -> int:
        return len(self.landmarks)

    @property
    def became_core(self) -> int:
        """Return how many of the rows asked about became core."""
        return int(self.landmarks.core_later[self.is_asked].sum())

    def take(self, rows: np.ndarray) -> "Training":
        """Return the chosen rows."""
        return Training(self.landmarks.take(rows), self.nearness[rows], self.is_asked[rows])


def training_of(
    history: History, known_by: int, projects: list[int] | None = None, *, horizon: int = 1
) -> Training:
    """Return what may be learned at `known_by` (seconds): nothing of it lies after that moment."""
    first = int(history.at[0]) + YEAR_DAYS * DAY if history.n_changes else known_by
    known_by = min(known_by, int(history.at[-1])) if history.n_changes else known_by
    begun = known_by - (horizon - 1) * YEAR_DAYS * DAY
    how = {"horizon": horizon, "with_core": True, "people": _learned_from(history, known_by)}
    whole, *unfinished = (
        build_landmarks(history, dates, projects, **how) for dates in _spans(begun, first)
    )
    nearness = [nearness_of(whole.later_ratio)]
    for rows, followed in zip(unfinished, (1, 0), strict=True):
        nearness.append(_estimate(whole, rows.ratios[:, followed], followed))
    landmarks = joined([whole, *unfinished])
    nearness = np.concatenate(nearness)
    is_whole = np.arange(len(landmarks)) < len(whole)
    told = np.flatnonzero(np.isfinite(nearness))
    return Training(landmarks, nearness, is_whole & ~landmarks.is_core).take(told)


def _learned_from(history: History, known_by: int) -> np.ndarray:
    """Return for everybody whether they are learned from: of those only who wrote by then.

    Nobody else has a row, so drawing from all would leave few where many only comment.
    """
    wrote = (history.author >= 0) & ~history.is_merge & (history.at < known_by)
    writers = np.unique(history.author[wrote])
    chosen = np.zeros(history.n_people, bool)
    chosen[np.random.default_rng(0).permutation(writers)[:MOST_PEOPLE]] = True
    return chosen


def _spans(begun: int, first: int) -> list[np.ndarray]:
    """Return the dates whose year, half-year, and quarter were over when years began at `begun`."""
    quarter, half, year = (begun - days * DAY for days in FOLLOWED_DAYS)
    ranges = ((first, year, STEP_DAYS), (year + 1, half, UNFINISHED_STEP_DAYS))
    ranges += ((half + 1, quarter, UNFINISHED_STEP_DAYS),)
    return [
        np.arange(last, max(start, first) - 1, -step * DAY, dtype=np.int64)[::-1]
        for start, last, step in ranges
    ]


def _estimate(whole: Landmarks, ratio: np.ndarray, followed: int) -> np.ndarray:
    """Return the nearness of a whole year from the ratio of its first days, NaN if unknown."""
    early = nearness_of(whole.ratios[:, followed])
    known = np.isfinite(early)
    if len(np.unique(early[known])) < 2:
        return np.full(len(ratio), np.nan)
    slope, intercept = np.polyfit(early[known], nearness_of(whole.later_ratio)[known], 1)
    return intercept + slope * nearness_of(ratio)
