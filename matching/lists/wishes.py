"""What a mentee asked for beside the work: common hours. A nudge between mentors held for alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet

from foundation.people.models import Profile
from foundation.people.tongues import folded
from matching.lists.nudges import Nudge
from mentorship.models import MentorOffer, MentorRequest

# In natural logarithms: all hours in common are worth a chance 1.35 times as high, no more.
HOURS_WEIGHT = 0.3
LANGUAGE_WEIGHT = 0.3


@dataclass(frozen=True)
class Wishes:
    """The mentee's hours, in UTC (empty: not said), and spoken languages, folded to codes."""

    hours: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.hours or self.languages)

    @classmethod
    def of(cls, request: MentorRequest) -> "Wishes":
        """The wishes of a request; its hours are meant in the asker's own time zone."""
        zone = request.person.user.time_zone if request.person.user else "UTC"
        offset = datetime.now(UTC).astimezone(ZoneInfo(zone)).utcoffset()
        shift = round(offset.total_seconds() / 3_600)
        length = (request.ends_at - request.starts_at) % 24 or 24
        hours = {(request.starts_at + hour - shift) % 24 for hour in range(length)}
        return cls(frozenset(hours), folded(request.languages))

    def weigh(self, mentors: Sequence[int]) -> list[list[Nudge]]:
        """The nudges of each mentor (primary keys), in their order."""
        if not self:
            return [[] for _ in mentors]
        clocks = usual_hours(Profile.objects.filter(person__in=mentors))
        spoken = dict(
            MentorOffer.objects.filter(person__in=mentors).values_list("person", "languages")
        )
        return [self.nudges(clocks.get(m), folded(spoken.get(m, ""))) for m in mentors]

    def nudges(self, clock: np.ndarray | None, spoken: frozenset[str]) -> list[Nudge]:
        """What a mentor's deeds by hour (UTC; None: not known) and languages are worth."""
        found = []
        if self.hours and clock is not None:
            share = float(clock[sorted(self.hours)].sum() / clock.sum())
            found.append(Nudge("hour_overlap", HOURS_WEIGHT * share, round(share, 2)))
        common = sorted(self.languages & spoken)
        if common:
            evidence = {"languages": common}
            found.append(Nudge("shared_language", LANGUAGE_WEIGHT, len(common), evidence))
        return found


NO_WISHES = Wishes()


def usual_hours(profiles: QuerySet[Profile]) -> dict[int, np.ndarray]:
    """Person → deeds by hour of the day (UTC), over all projects; the silent are left out."""
    clocks: dict[int, np.ndarray] = {}
    for person, hours in profiles.values_list("person", "hours_utc"):
        clocks[person] = clocks.get(person, np.zeros(24)) + np.array(hours)
    return {person: clock for person, clock in clocks.items() if clock.sum() > 0}
