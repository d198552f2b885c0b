"""Lines of expertise, added up: a person's weight and number of deeds in each area and so on."""

from collections.abc import Iterator

import numpy as np

from foundation.profiles.decay import stored_weight
from foundation.profiles.deeds import Deeds
from foundation.profiles.grouped import Grouped
from foundation.profiles.names import Names

IN_PART = 20_000
Line = tuple[int, str, str, float, float, int, int, int]


class Lines:
    """By person, kind and name: weight authored and reviewed, changes, reviews, and the last."""

    def __init__(self):
        self._names = Names()
        self._sums = Grouped(
            authored=np.add, reviewed=np.add, changes=np.add, reviews=np.add, last=np.maximum
        )

    def add(self, deeds: Deeds) -> None:
        """Add deeds, each to every name that its change speaks of."""
        deed, number, share = self._spoken(deeds)
        weight = np.array([stored_weight(at) for at in deeds.at.tolist()])[deed] * share
        own = deeds.are_own[deed]
        self._sums.add(
            (deeds.person[deed] << 32) + number,
            authored=np.where(own, weight, 0.0),
            reviewed=np.where(own, 0.0, weight),
            changes=own.astype(np.int32),
            reviews=(~own).astype(np.int32),
            last=deeds.at[deed],
        )

    def parts(self) -> Iterator[list[Line]]:
        """The lines, by person, kind and name, some thousands at a time."""
        names = self._names.by_number()
        rank = np.empty(len(names), np.int64)
        rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        person, number = self._sums.keys >> 32, self._sums.keys & 0xFFFF_FFFF
        order = np.lexsort((rank[number], person))
        for start in range(0, len(order), IN_PART):
            rows = order[start : start + IN_PART]
            columns = [self._sums[name][rows].tolist() for name in self._sums.rules]
            called = (names[one] for one in number[rows].tolist())
            yield [
                (who, *name, *sums)
                for who, name, *sums in zip(person[rows].tolist(), called, *columns, strict=True)
            ]

    def _spoken(self, deeds: Deeds) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Deed by deed what its change speaks of: the deed's row, a name's number and share."""
        is_first = np.r_[True, np.diff(deeds.change) != 0][: len(deeds.change)]
        changes = deeds.take(is_first)
        lengths, numbers, shares = self._names.of(
            zip(changes.subject, changes.paths, changes.path_count.tolist(), strict=True)
        )
        change = np.cumsum(is_first) - 1
        names = lengths[change]
        deed = np.repeat(np.arange(len(names)), names)
        starts = (np.cumsum(lengths) - lengths)[change] - (np.cumsum(names) - names)
        place = np.arange(len(deed)) + starts[deed]
        return deed, numbers[place], shares[place]
