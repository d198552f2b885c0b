"""What a profile page shows of a person, read from derived rows only: no fact is touched."""

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime

from foundation.people.hours import day_in_utc, shared_hours
from foundation.people.models import Affiliation, Expertise, Person, Profile
from foundation.people.weeks import monday_of, week_of
from foundation.web.charts import Columns, columns

WEEKS = 104
SHOWN_LINES = 8
MANY_LINES = 60
UMBRELLA_SHARE = 0.9
DAY_STARTS, DAY_ENDS = 9, 18  # of a viewer who said nothing else


@dataclass(frozen=True)
class ShownLine:
    """A line of expertise; ``share`` is its weight against the person's heaviest of that kind."""

    line: Expertise
    share: str


@dataclass(frozen=True)
class InProject:
    profile: Profile
    kinds: dict[str, list[ShownLine]]


@dataclass(frozen=True)
class Week:
    monday: date
    deeds: int


@dataclass(frozen=True)
class Overlap:
    """The viewer's day, hour by hour in the viewer's own time: is the other usually there?"""

    hours: tuple[tuple[int, bool], ...]
    count: int


@dataclass(frozen=True)
class Portrait:
    person: Person
    projects: list[InProject]
    weeks: list[Week]
    chart: Columns | None
    overlap: Overlap | None
    affiliations: list[Affiliation]
    hidden_lines: list[Expertise]


def portrait(person: Person, *, viewer, now: datetime) -> Portrait:
    """Everything the page of ``person`` shows to ``viewer``; lines hidden only to their owner."""
    is_own = person.user_id is not None and person.user_id == viewer.pk
    profiles = list(person.profiles.select_related("project").order_by("-last_at", "pk"))
    lines = list(person.expertise.select_related("project").order_by("kind", "name"))
    shown = [line for line in lines if not line.is_hidden]
    weeks = _weeks(profiles, now)
    return Portrait(
        person=person,
        projects=[InProject(profile, _by_kind(shown, profile)) for profile in profiles],
        weeks=weeks,
        chart=_chart(weeks),
        overlap=None if is_own else _overlap(profiles, viewer, now),
        affiliations=_affiliations(person),
        hidden_lines=[line for line in lines if line.is_hidden] if is_own else [],
    )


def _by_kind(lines: list[Expertise], profile: Profile) -> dict[str, list[ShownLine]]:
    return {
        kind.value: shown_lines(
            [k for k in lines if k.kind == kind and k.project_id == profile.project_id]
        )
        for kind in Expertise.Kind
    }


def shown_lines(lines: list[Expertise]) -> list[ShownLine]:
    """The heaviest lines of one kind, without folders that only repeat the folders inside them."""
    heaviest = sorted(lines, key=lambda line: (-_weight(line), line.name))[:MANY_LINES]
    kept = [line for line in heaviest if not _is_umbrella(line, heaviest)][:SHOWN_LINES]
    top = max((_weight(line) for line in kept), default=0) or 1
    return [ShownLine(line, f"{100 * _weight(line) / top:.1f}%") for line in kept]


def _weight(line: Expertise) -> float:
    # Stored weights share one scale, so they compare without being decayed first.
    return line.authored + line.reviewed


def _is_umbrella(line: Expertise, others: list[Expertise]) -> bool:
    if line.kind != Expertise.Kind.AREA:
        return False
    inside = [_weight(other) for other in others if other.name.rpartition("/")[0] == line.name]
    return sum(inside) >= UMBRELLA_SHARE * _weight(line) > 0


def _weeks(profiles: list[Profile], now: datetime) -> list[Week]:
    """Deeds in each of the last two years' weeks, over all projects."""
    last = week_of(now.date())
    counts = dict.fromkeys(range(last - WEEKS + 1, last + 1), 0)
    for profile in profiles:
        for week, deeds in profile.weeks.items():
            if int(week) in counts:
                counts[int(week)] += deeds
    return [Week(monday_of(week), deeds) for week, deeds in counts.items()]


def _chart(weeks: list[Week]) -> Columns | None:
    if not any(week.deeds for week in weeks):
        return None
    days = [week.monday for week in weeks]
    return columns(
        [(week.deeds,) for week in weeks],
        days,
        ticks=[place for place, day in enumerate(days) if day.month % 3 == 1 and day.day <= 7],
        height=120,
        gap=0.3,
    )


def _overlap(profiles: list[Profile], viewer, now: datetime) -> Overlap | None:
    counts = [sum(hours) for hours in zip(*(p.hours_utc for p in profiles), strict=True)]
    day = day_in_utc(DAY_STARTS, DAY_ENDS, zoneinfo.ZoneInfo(viewer.time_zone), now)
    shared = shared_hours(counts, day)
    if shared is None:
        return None
    hours = tuple((DAY_STARTS + step, there) for step, there in enumerate(shared))
    return Overlap(hours, sum(shared))


def _affiliations(person: Person) -> list[Affiliation]:
    """What the person declared; only without that, what the addresses suggest."""
    known = list(person.affiliations.order_by("-until", "organisation"))
    declared = [affiliation for affiliation in known if affiliation.is_declared]
    return declared or known
