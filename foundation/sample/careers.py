"""How much somebody does, and is trusted with, in a project as the months go by."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAYS_PER_MONTH = 30.4375

Curve = tuple[tuple[float, float], ...]

# Share of the full rate, by months since the stint began.
PACE: dict[str, Curve] = {
    "core": ((0, 1.0),),
    "left": ((0, 1.0),),
    "regular": ((0, 1.0),),
    "newcomer": ((0, 1.0),),
    "intern": ((0, 1.0),),
    "sweep": ((0, 1.0),),
    "riser": ((0, 0.1), (4, 0.22), (8, 0.55), (12, 1.0)),
    "rising": ((0, 0.12), (3, 0.2), (6, 0.42), (11, 1.0)),
    "fading": ((0, 0.2), (4, 1.0), (6, 0.7), (9, 0.0)),
}
# Share of the full weight as a reviewer and in further areas, likewise.
TRUST: dict[str, Curve] = {
    "core": ((0, 1.0),),
    "left": ((0, 1.0),),
    "regular": ((0, 0.0), (8, 1.0)),
    "riser": ((0, 0.0), (4, 0.06), (8, 0.4), (13, 1.0)),
    "rising": ((0, 0.0), (3, 0.08), (6, 0.4), (11, 1.0)),
}
NOBODY: Curve = ((0, 0.0),)
FAREWELL_MONTHS = 1.5


@dataclass(frozen=True)
class Stint:
    """One person's time in one project.

    ``since`` and ``until`` count months before the end of the sample; ``rate`` is changes a
    week at full strength; ``areas``, ``widens`` (areas that come with trust) and ``reviews``
    map area slugs to weights.
    """

    person: str
    project: str
    career: str
    rate: float
    since: float = 36.0
    until: float = 0.0
    areas: dict[str, float] = field(default_factory=dict)
    widens: dict[str, float] = field(default_factory=dict)
    reviews: dict[str, float] = field(default_factory=dict)

    def pace(self, months_left: float) -> float:
        """Changes a week at that many months before the end."""
        return self.rate * self._share(PACE[self.career], months_left)

    def trust(self, months_left: float) -> float:
        """Between 0 (a stranger, or gone) and 1 (fully trusted)."""
        return self._share(TRUST.get(self.career, NOBODY), months_left)

    def area_weights(self, months_left: float) -> dict[str, float]:
        """Where the person works at that time."""
        trust = self.trust(months_left)
        return self.areas | {area: weight * trust for area, weight in self.widens.items()}

    def _share(self, curve: Curve, months_left: float) -> float:
        if not self.until <= months_left <= self.since:
            return 0.0
        leaving = self.career == "left" or (self.career == "regular" and self.until > 0)
        farewell = min(1.0, (months_left - self.until) / FAREWELL_MONTHS) if leaving else 1.0
        return farewell * interpolate(curve, self.since - months_left)


@dataclass(frozen=True)
class Calendar:
    """The time that the sample covers, half open and in UTC."""

    starts_at: datetime
    ends_at: datetime

    def months_left(self, moment: datetime) -> float:
        """Months from the moment to the end."""
        return (self.ends_at - moment) / timedelta(days=DAYS_PER_MONTH)

    def at(self, months_left: float) -> datetime:
        """The moment that lies so many months before the end, not before the start."""
        return max(self.starts_at, self.ends_at - timedelta(days=months_left * DAYS_PER_MONTH))


def interpolate(curve: Curve, x: float) -> float:
    """The piecewise linear curve at x; flat beyond its ends."""
    before = curve[0]
    for knot in curve:
        if x <= knot[0]:
            width = knot[0] - before[0]
            share = (x - before[0]) / width if width else 1.0
            return before[1] + max(0.0, share) * (knot[1] - before[1])
        before = knot
    return before[1]
