"""The lesson of a large history: projects are asked one after the other, each with its own luck.

So a slice of the draws files the events of its own projects only, and what is drawn in a project
does not depend on how many slices there are.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import queries_of_changes
from matching.ranking.lesson import NEGATIVES, Lesson, parted
from matching.ranking.training_pairs import TrainingPairs, draw_each
from matching.ranking.training_parts import DRAWS

QUERY = 60
"""Changes whose events are filed in the time that one query takes, roughly."""


class LessonByProject(Lesson):
    """What `Lesson` is, its `features` being `FeaturesByProject`."""

    def draw_slice(self, number: int, slices: int) -> list[TrainingPairs]:
        """Return what each draw keeps of some of the projects, nothing if that is none."""
        begin, end = parted(self._cost, slices)[number : number + 2].tolist()
        return self._drawn_in(range(begin, end), range(DRAWS))

    def _draw_each(self, numbers: Sequence[int]) -> dict[int, TrainingPairs]:
        everywhere = range(len(self.features.history.projects))
        return dict(zip(numbers, self._drawn_in(everywhere, numbers), strict=True))

    def _drawn_in(self, projects: Iterable[int], numbers: Sequence[int]) -> list[TrainingPairs]:
        each = [self.teaching(number) for number in numbers]
        asked = np.unique(np.concatenate(each))
        of_project = self.features.history.project[asked]
        parts = ((one, asked[of_project == one]) for one in projects)
        found = [self._drawn_of(*part, each, numbers) for part in parts if len(part[1])]
        return [TrainingPairs.joined(parts) for parts in zip(*found, strict=True)]

    def _drawn_of(
        self, project: int, asked: np.ndarray, each: list[np.ndarray], numbers: Sequence[int]
    ) -> list[TrainingPairs]:
        """Return the pairs of one project for each draw, whose queries keep their numbers in it."""
        history = self.features.history
        rows = [np.flatnonzero(np.isin(asked, changes)) for changes in each]
        seeds = [(self.seed + number, project) for number in numbers]
        tables = self.features.tables(queries_of_changes(history, asked), RETURNING_DAYS)
        drawn = draw_each(tables, history.reviewers.take(asked), rows, seeds, NEGATIVES)
        return [
            TrainingPairs(one.X, one.y, np.searchsorted(changes, asked[mine])[one.owner], one.names)
            for one, mine, changes in zip(drawn, rows, each, strict=True)
        ]

    @cached_property
    def _cost(self) -> np.ndarray:
        """Return for each project roughly how long its queries take."""
        history = self.features.history
        asked = np.unique(np.concatenate([self.teaching(number) for number in range(DRAWS)]))
        queries = np.bincount(history.project[asked], minlength=len(history.projects))
        changes = np.bincount(history.project, minlength=len(history.projects))
        return np.where(queries > 0, changes + QUERY * queries, 0)
