"""The reviews of a whole project: which tellings count, and how many reviews people received."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import QuerySet

from foundation.activity.models import Activity
from foundation.activity.reviews import KINDS, UNNUMBERED, Tellings, told_again
from foundation.activity.tellings import read_for_whom
from foundation.projects.models import Project


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
    def told_again(self) -> frozenset[int]:
        """Keys of the activities that do not count."""
        return frozenset(self.tellings.key[self.is_again].tolist())

    def people_told_otherwise_by(self, fresh: Mapping[int, QuerySet[Activity]]) -> set[int]:
        """Whose older reviews count or do not count because of these new activities."""
        new = [
            key
            for activities in fresh.values()
            for key in activities.filter(kind__in=KINDS).values_list("pk", flat=True)
        ]
        old = np.flatnonzero(~np.isin(self.tellings.key, np.array(new, np.int64)))
        before = told_again(self.tellings.take(old))
        people = self.tellings.person[old][before != self.is_again[old]]
        return set(people[people > 0].tolist())

    def received(self) -> dict[int, int]:
        """How many reviews each person received; those of one's own work do not count."""
        counted = ~self.is_again & (self.whom != UNNUMBERED) & (self.whom != self.tellings.person)
        people, counts = np.unique(self.whom[counted], return_counts=True)
        return dict(zip(people.tolist(), counts.tolist(), strict=True))
