"""What the recommendations ask of mentors: how the load is spread, and what spreading it costs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.history import DAY, History, Ragged
from matching.evaluation.summaries import rounded
from matching.lists.load import (
    WEIGHTS,
    WINDOW,
    Lists,
    Replayed,
    curve_points,
    loaded_projects,
    replays,
)
from matching.measures import load
from matching.pairing.pool import ACTIVE_DAYS


def could_be_asked(history: History, projects: np.ndarray, as_of: int) -> int:
    """Return how many people were a candidate of the protocol's at any moment from `as_of` on."""
    since = as_of - ACTIVE_DAYS * DAY
    wrote = (history.author >= 0) & (history.at >= since) & np.isin(history.project, projects)
    reviewed = history.review_at >= since
    reviewed &= np.isin(history.project[history.review_change], projects)
    other = (history.other_at >= since) & np.isin(history.other_project, projects)
    people = (history.author[wrote], history.review_person[reviewed], history.other_person[other])
    return len(np.unique(np.concatenate(people)))


@dataclass(frozen=True)
class Loads:
    """What is asked of people by queries in time order, at `at` (seconds).

    `people` could have been asked: who never is counts as 0 in the Gini.
    """

    at: np.ndarray
    people: int

    def of_first(self, first: np.ndarray, rows: np.ndarray | slice = slice(None)) -> dict:
        """Return the load if everybody who was ranked first (-1: nobody) were asked."""
        first, at = first[rows], self.at[rows]
        some = first >= 0
        return rounded(load(first[some], at[some], WINDOW, self.people))

    def of_history(self, truth: Ragged, rows: np.ndarray | slice = slice(None)) -> dict:
        """Return the load of those who really answered, one row of `truth` a query."""
        told = truth.take(np.arange(len(self.at))[rows])
        return rounded(load(told.ids, self.at[rows][told.owners], WINDOW, self.people))


@dataclass(frozen=True)
class SharedLoad:
    """Lists with their load shared as the product shares it, replayed once at every weight.

    `divided` says of each project whether it shares at all, `weight` is the one that serves.
    """

    lists: Lists
    divided: np.ndarray
    weight: float

    @cached_property
    def replayed(self) -> dict[float, Replayed]:
        return replays(self.lists, self.divided, {*WEIGHTS, self.weight})

    @property
    def first(self) -> np.ndarray:
        """Return who stands first on each list at the weight that serves (-1: nobody)."""
        return self.replayed[self.weight].first

    def projects(self) -> list[int]:
        """Return the projects (rows) over which the load is averaged."""
        return loaded_projects(self.lists, self.divided, self.replayed[0.0])

    def curve(self, slices: dict[str, np.ndarray]) -> dict[str, list[dict]]:
        """Return one point a weight for each slice (positions in `lists`) that is not empty.

        The weights are not rounded: the one that serves is found by its own.
        """
        points = {
            name: curve_points(self.lists, self.divided, self.replayed, rows)
            for name, rows in slices.items()
            if len(rows)
        }
        return {
            name: [rounded(one) | {"weight": one["weight"]} for one in found]
            for name, found in points.items()
        }
