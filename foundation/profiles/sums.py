"""Sums over facts, by person: tallies, and lines of expertise."""

import numpy as np

from foundation.profiles.deeds import NOBODY, UNDATED, Deeds, Sort
from foundation.profiles.lines import Lines
from foundation.profiles.tallies import Tallies


class Sums:
    """What deeds add to the profiles of people.

    ``told_again`` are keys of activities that tell a review which another one tells as well.
    """

    def __init__(self, told_again: np.ndarray):
        self.tallies, self.lines = Tallies(), Lines()
        self.told_again = told_again

    def add(self, deeds: Deeds, *, only: np.ndarray | None = None) -> None:
        """Add deeds, of everybody or of ``only`` these people."""
        told = deeds.take((deeds.sort != Sort.SILENT) & (deeds.at != UNDATED))
        reviewed = told.counterpart[told.sort == Sort.REVIEW]
        named = np.unique(np.concatenate([told.person, reviewed]))
        self.tallies.name(_among(named[named != NOBODY], only))
        counted = (told.person != NOBODY) & ~np.isin(told.key, self.told_again)
        if only is not None:
            counted &= np.isin(told.person, only)
        counted = told.take(counted)
        self.tallies.add(counted)
        speaks = counted.are_own | (counted.sort == Sort.REVIEW) & ~counted.are_own_reviews
        self.lines.add(counted.take(speaks))


def _among(people: np.ndarray, only: np.ndarray | None) -> np.ndarray:
    return people if only is None else np.intersect1d(people, only)
