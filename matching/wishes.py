"""What a mentee asked for beside the work: common hours. A nudge between mentors held for alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import QuerySet

from foundation.people.models import Profile
from mentorship.models import MentorOffer, MentorRequest

# In natural logarithms: all hours in common are worth a chance 1.35 times as high, no more.
HOURS_WEIGHT = 0.3
LANGUAGE_WEIGHT = 0.3


@dataclass(frozen=True)
class Extra:
    """What the wishes add to one mentor: a weight in natural logarithms, and its reasons."""

    weight: float = 0.0
    reasons: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Wishes:
    """The mentee's hours, in UTC (empty: not said), and spoken languages, folded."""

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

    def weigh(self, mentors: Sequence[int]) -> list[Extra]:
        """One ``Extra`` a mentor (primary keys), in their order."""
        if not self:
            return [Extra()] * len(mentors)
        clocks = usual_hours(Profile.objects.filter(person__in=mentors))
        spoken = dict(
            MentorOffer.objects.filter(person__in=mentors).values_list("person", "languages")
        )
        return [self._extra(clocks.get(m), folded(spoken.get(m, ""))) for m in mentors]

    def _extra(self, clock: np.ndarray | None, spoken: frozenset[str]) -> Extra:
        weight, reasons = 0.0, []
        if self.hours and clock is not None:
            share = float(clock[sorted(self.hours)].sum() / clock.sum())
            weight += HOURS_WEIGHT * share
            if share >= 0.25:
                reasons.append(_reason("hour_overlap", HOURS_WEIGHT * share, round(share, 2)))
        common = sorted(self.languages & spoken)
        if common:
            weight += LANGUAGE_WEIGHT
            evidence = {"languages": common}
            reasons.append(_reason("shared_language", LANGUAGE_WEIGHT, len(common), evidence))
        return Extra(weight, reasons)


NO_WISHES = Wishes()


def _reason(code: str, contribution: float, value, evidence: dict | None = None) -> dict:
    return {
        "feature": code,
        "contribution": round(contribution, 4),
        "value": value,
        "evidence": evidence or {},
    }


def folded(languages: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in languages.split(",") if word.strip())


def usual_hours(profiles: QuerySet[Profile]) -> dict[int, np.ndarray]:
    """Person → deeds by hour of the day (UTC), over all projects; the silent are left out."""
    clocks: dict[int, np.ndarray] = {}
    for person, hours in profiles.values_list("person", "hours_utc"):
        clocks[person] = clocks.get(person, np.zeros(24)) + np.array(hours)
    return {person: clock for person, clock in clocks.items() if clock.sum() > 0}
