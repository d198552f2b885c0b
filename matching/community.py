"""The community as arrays, as it stood at a moment; read once for all steps of a refresh."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from functools import cached_property
from threading import Lock

import numpy as np
from django.db.models import Count, Max, Sum

from foundation.activity.models import Activity, Change
from foundation.people.models import Identity
from matching.arrays.history import History
from matching.arrays.memory import give_back, keep_apart
from matching.cadence import feature_names
from matching.features import load_history
from matching.freshness import withdrawn_mark
from matching.lists.load import shares_load
from matching.pairing.focus import FeaturesByProject, Part, is_large
from matching.pairing.pair_batch import ReviewEvents
from matching.pairing.pairs import PairFeatures
from matching.ranking.lesson import Lesson
from matching.ranking.lesson_by_project import LessonByProject

SEED = 0
_LOCK = Lock()
_LATEST: dict[tuple, "Community"] = {}


class Community:
    """A history, and the events of it, filed for features once somebody asks for them."""

    def __init__(
        self,
        as_of: datetime,
        history: History,
        features: PairFeatures | None = None,
        whole: "Community | None" = None,
    ) -> None:
        self.as_of, self.history, self.whole = as_of, history, whole or self
        self._features, self._filing = features, Lock()

    @property
    def features(self) -> PairFeatures:
        """The filed events; a refresh that finds nothing to say anew never needs them."""
        with self._filing:
            if self._features is None:
                self._features = PairFeatures(self.history)
            return self._features

    @property
    def seconds(self) -> int:
        return int(self.as_of.timestamp())

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features that this version computes, in their order; () without any change."""
        return feature_names() if self.whole.history.n_changes else ()

    @cached_property
    def shares_load(self) -> np.ndarray:
        """For each project whether its work is divided among enough people to share."""
        return shares_load(self.history, self.seconds)

    @cached_property
    def reviews(self) -> ReviewEvents:
        """The reviews, for whoever needs no more than these of what is filed."""
        return ReviewEvents.of(self.history)

    @cached_property
    def lesson(self) -> Lesson:
        """What the mentor ranker learns from; threads and steps of one worker share its draws."""
        changes = self.history.reviewed_changes()
        if is_large(self.history):
            by_project = FeaturesByProject(self.history)
            return LessonByProject.before(by_project, self.seconds, changes, SEED)
        return Lesson.before(self.features, self.seconds, changes, SEED)

    def around(self, slug: str, also: Iterable[Hashable] = ()) -> "Community":
        """What one project's lists are made from, and those of some more people (keys).

        It is the whole community unless that is large: see `matching.pairing.focus` for what is
        seen differently in a part.
        """
        history = self.history
        if not is_large(history) or slug not in history.projects:
            return self
        known = [row for row in map(history.person_row, also) if row >= 0]
        part = Part.around(history, history.projects.index(slug), known)
        return Community(self.as_of, part.history, whole=self)


def community_at(as_of: datetime) -> Community:
    """The facts known before ``as_of``. Threads of one worker share the latest one read."""
    with _LOCK:
        mark = (as_of, *facts_mark())
        if mark not in _LATEST:
            _LATEST.clear()  # two at once would double the memory
            _LATEST[mark] = Community(as_of, load_history(as_of))
            if is_large(_LATEST[mark].history):
                keep_apart()
            give_back()  # facts take as much as the history that is made of them
        return _LATEST[mark]


def facts_mark() -> tuple:
    """Changes whenever a fact is added or withdrawn, or somebody's facts become another's.

    Asked at every step: all but people are found by an index.
    """
    return (
        Change.objects.aggregate(last=Max("pk"))["last"],
        Activity.objects.aggregate(last=Max("pk"))["last"],
        *withdrawn_mark(),
        *Identity.objects.aggregate(Count("person"), Sum("person")).values(),
    )
