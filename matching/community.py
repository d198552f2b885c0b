"""The community as arrays, as it stood at a moment; read once for all steps of a refresh."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock

import numpy as np
from django.db.models import Count, Max, Sum

from foundation.activity.models import Activity, Change
from foundation.people.models import Identity
from matching.features import load_history
from matching.history import History
from matching.lesson import Lesson
from matching.pairs import PairFeatures
from matching.queries import queries_of_changes

SEED = 0
_LOCK = Lock()
_LATEST: dict[tuple, "Community"] = {}


@dataclass(frozen=True)
class Community:
    """A history and the events of it, filed for features."""

    as_of: datetime
    history: History
    features: PairFeatures

    @property
    def seconds(self) -> int:
        return int(self.as_of.timestamp())

    @cached_property
    def feature_names(self) -> tuple[str, ...]:
        """The features that this version computes, in their order; () without any change."""
        some = np.arange(min(self.history.n_changes, 1))
        return self.features.table(queries_of_changes(self.history, some)).names

    @cached_property
    def lesson(self) -> Lesson:
        """What the mentor ranker learns from; threads and steps of one worker share its draws."""
        changes = self.history.reviewed_changes()
        return Lesson.before(self.features, self.seconds, changes, SEED)


def community_at(as_of: datetime) -> Community:
    """The facts known before ``as_of``. Threads of one worker share the latest one read."""
    with _LOCK:
        mark = (as_of, *facts_mark())
        if mark not in _LATEST:
            _LATEST.clear()  # two at once would double the memory
            history = load_history(as_of)
            _LATEST[mark] = Community(as_of, history, PairFeatures(history))
        return _LATEST[mark]


def facts_mark() -> tuple:
    """Changes whenever a fact is added or withdrawn, or somebody's facts become another's.

    Asked at every step: the first three are read off an index.
    """
    return (
        Change.objects.aggregate(last=Max("pk"))["last"],
        Activity.objects.aggregate(last=Max("pk"))["last"],
        Change.objects.filter(withdrawn_at__isnull=False).count(),
        *Identity.objects.aggregate(Count("person"), Sum("person")).values(),
    )
