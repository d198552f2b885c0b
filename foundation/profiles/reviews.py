"""The reviews of a whole project: which tellings count, and how many reviews people received."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import QuerySet

from foundation.activity.models import Activity
from foundation.activity.reviews import KINDS, UNNUMBERED, Tellings, told_again
from foundation.activity.tellings import read_for_whom
from foundation.columns import columns
from foundation.projects.models import Project

NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class ReviewsOf:
    """Every telling of a review in a project, for whose work, and which of them tell one again."""

    tellings: Tellings
    whom: np.ndarray
    is_again: np.ndarray

    @classmethod
    def project(cls, project: Project) -> "ReviewsOf":
        activities = Activity.objects.filter(change__repository__project=project)
        tellings, whom = read_for_whom(activities)
        return cls(tellings, whom, told_again(tellings))

    @cached_property
    def told_again(self) -> np.ndarray:
        """Keys of the activities that do not count."""
        return self.tellings.key[self.is_again]

    def people_told_otherwise_by(self, fresh: Iterable[QuerySet[Activity]]) -> set[int]:
        """Whose older reviews count or do not count because of these new activities."""
        new = [columns(activities.filter(kind__in=KINDS), "pk")[0] for activities in fresh]
        old = np.flatnonzero(~np.isin(self.tellings.key, np.concatenate([NONE, *new])))
        before = told_again(self.tellings.take(old))
        people = self.tellings.person[old][before != self.is_again[old]]
        return set(people[people > 0].tolist())

    def received(self) -> dict[int, int]:
        """How many reviews each person received; those of one's own work do not count."""
        counted = ~self.is_again & (self.whom != UNNUMBERED) & (self.whom != self.tellings.person)
        people, counts = np.unique(self.whom[counted], return_counts=True)
        return dict(zip(people.tolist(), counts.tolist(), strict=True))
