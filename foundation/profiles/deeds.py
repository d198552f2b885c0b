"""Activities as arrays, a part at a time: what profiles add up."""

from collections.abc import Iterator
from enum import IntEnum
from itertools import islice
from typing import NamedTuple

import numpy as np
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from foundation.activity.reviews import KINDS as REVIEWS
from foundation.seconds import Seconds

IN_PART = 10_000
NOBODY = 0
UNDATED = -(2**62)
OWN = frozenset({"authored", "coauthored"})
HELP = frozenset(
    ["tested", "helped", "mentored", "suggested", "reported", "commented", "review_comment"]
)
# Told by others or by machines: no line in a profile.
SILENT = frozenset({"merged", "landed", "signed_off", "pushed"})


class Sort(IntEnum):
    """What an activity counts as."""

    OTHER = 0
    AUTHORED = 1
    COAUTHORED = 2
    REVIEW = 3
    HELP = 4
    SILENT = 5


SORT_OF = {
    "authored": Sort.AUTHORED,
    "coauthored": Sort.COAUTHORED,
    **dict.fromkeys(REVIEWS, Sort.REVIEW),
    **dict.fromkeys(HELP, Sort.HELP),
    **dict.fromkeys(SILENT, Sort.SILENT),
}


class Deeds(NamedTuple):
    """Some activities in the order of their changes, and what those say: arrays of one length.

    Who did it (``person``), for whom (``counterpart``) and whose change it is (``author``) are
    ``NOBODY`` where that is not known; ``at`` is in seconds. Of a sweep ``paths`` are only the
    first; ``path_count`` says how many it touched, 0 where that is not known.
    """

    key: np.ndarray
    person: np.ndarray
    counterpart: np.ndarray
    author: np.ndarray
    at: np.ndarray
    change: np.ndarray
    path_count: np.ndarray
    sort: np.ndarray
    subject: np.ndarray
    paths: np.ndarray

    def take(self, rows: np.ndarray) -> "Deeds":
        """Those that a mask names."""
        return self if rows.all() else Deeds(*(column[rows] for column in self))

    @property
    def are_own(self) -> np.ndarray:
        """Which are work on a change of one's own."""
        return (self.sort == Sort.AUTHORED) | (self.sort == Sort.COAUTHORED)

    @property
    def are_own_reviews(self) -> np.ndarray:
        """Which are reviews of what the reviewer wrote."""
        return (self.sort == Sort.REVIEW) & (self.person == self.author)


def read_deeds(activities: QuerySet) -> Iterator[Deeds]:
    """These activities, as far as their changes still stand."""
    rows = (
        activities.filter(change__withdrawn_at__isnull=True)
        .order_by("change", "pk")
        .values_list(
            "pk",
            Coalesce("identity__person", NOBODY),
            Coalesce("counterpart__person", NOBODY),
            Coalesce("change__author__person", NOBODY),
            Coalesce(Seconds("at"), UNDATED),
            F("change"),
            Coalesce("change__path_count", 0),
            "kind",
            "change__subject",
            "change__paths",
        )
        .iterator(chunk_size=5_000)
    )
    while part := list(islice(rows, IN_PART)):
        *numbers, kinds, subjects, paths = zip(*part, strict=True)
        yield Deeds(
            *(np.array(column, np.int64) for column in numbers),
            np.array([SORT_OF.get(kind, Sort.OTHER) for kind in kinds], np.int8),
            np.array(subjects, object),
            np.array(paths, object),
        )
