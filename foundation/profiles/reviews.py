"""The reviews of a whole project: which tellings count, and how many reviews people received."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import QuerySet

from foundation.activity.models import Activity
from foundation.activity.reviews import KINDS, Tellings, told_again
from foundation.activity.tellings import read_tellings
from foundation.profiles.newcomers import write_counts
from foundation.projects.models import Project


@dataclass(frozen=True)
class ReviewsOf:
    """Every telling of a review in a project, and which of them tell one again."""

    tellings: Tellings
    is_again: np.ndarray

    @classmethod
    def project(cls, project: Project) -> "ReviewsOf":
        tellings = read_tellings(Activity.objects.filter(change__repository__project=project))
        return cls(tellings, told_again(tellings))

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


def update_reviews_received(project: Project, told_again: frozenset[int]) -> None:
    """Write ``Profile.reviews_received`` of everybody in the project, where it changed."""
    reviews = Activity.objects.filter(
        change__repository__project=project,
        change__withdrawn_at__isnull=True,
        kind__in=KINDS,
        at__isnull=False,
        counterpart__person__isnull=False,
    ).values_list("pk", "identity__person", "counterpart__person")
    received = Counter(
        author
        for key, reviewer, author in reviews.iterator(chunk_size=5_000)
        if key not in told_again and reviewer != author
    )
    write_counts(project, "reviews_received", received)
