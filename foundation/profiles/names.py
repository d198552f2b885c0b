"""What changes speak of, by numbers: areas, languages and topics."""

from collections.abc import Iterable
from itertools import chain, zip_longest

import numpy as np

from foundation.profiles import evidence

KINDS = ("area", "language", "topic")


class Names:
    """All names that changes spoke of so far; their numbers are given as they come."""

    def __init__(self):
        self._kinds = [_OfKind(place, len(KINDS)) for place in range(len(KINDS))]

    def of(
        self, changes: Iterable[tuple[str, str, int]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How many names each change speaks of; then all their numbers, and their shares.

        A change is its subject, its paths (one a line) and how many they were.
        """
        lengths, numbers, shares = [], [], []
        for subject, paths, count in changes:
            touched = paths.split("\n") if paths else []
            before = len(numbers)
            for number_of, names in zip(self._kinds, _said(subject, touched, count), strict=True):
                numbers.extend(map(number_of.__getitem__, names))
                shares.extend(names.values())
            lengths.append(len(numbers) - before)
        return np.array(lengths, np.int64), np.array(numbers, np.int64), np.array(shares, float)

    def by_number(self) -> list[tuple[str, str]]:
        """Kind and name of each number; of no kind where there is none."""
        kinds = zip(KINDS, self._kinds, strict=True)
        columns = ([(kind, name) for name in of.names] for kind, of in kinds)
        return list(chain.from_iterable(zip_longest(*columns, fillvalue=("", ""))))


class _OfKind(dict):
    """Names of one kind → numbers, from ``first`` on by steps, so that no two kinds share one."""

    def __init__(self, first: int, step: int):
        self.first, self.step, self.names = first, step, []

    def __missing__(self, name: str) -> int:
        number = self[name] = self.first + self.step * len(self.names)
        self.names.append(name)
        return number


def _said(subject: str, paths: list[str], count: int) -> tuple[dict[str, float], ...]:
    """What one change says, in the order of ``KINDS``."""
    topics = evidence.topics(subject, paths)
    if not paths:
        return {}, {}, topics
    return evidence.areas(paths, count), evidence.languages(paths, count), topics
