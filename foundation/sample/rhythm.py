"""When people work: their own hours and weekends, moods, bursts and holidays."""

from datetime import datetime, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from .careers import Calendar, Stint

WEEKDAYS = (18, 20, 20, 19, 16, 4, 3)  # weights from Monday on, of people who work on it
EVENINGS = (13, 13, 13, 12, 10, 20, 19)  # of people who do it in their free time
MOOD_MEMORY = 0.5
MOOD_SPREAD = 0.45
HOLIDAYS = (29, 30, 31, 51, 52)  # ISO weeks in which some people are away


def work_times(stint: Stint, zone: str, calendar: Calendar, rng: Random) -> list[datetime]:
    """When somebody finishes a change, in their own time zone; a stint begins with one."""
    local = ZoneInfo(zone)
    evening = rng.random() < 0.3
    away = set(rng.sample(HOLIDAYS, 2))
    monday = calendar.at(stint.since)
    mood, times = 0.0, [_moment(monday, local, evening, rng)]
    while monday < calendar.at(stint.until):
        mood = MOOD_MEMORY * mood + rng.gauss(0, MOOD_SPREAD) * (1 - MOOD_MEMORY**2) ** 0.5
        rate = stint.pace(calendar.months_left(monday)) * exp(mood - MOOD_SPREAD**2 / 2)
        if monday.isocalendar().week in away:
            rate *= 0.1
        times += [_moment(monday, local, evening, rng) for _ in range(poisson(rate, rng))]
        monday += timedelta(days=7)
    return [moment for moment in sorted(times) if moment >= calendar.starts_at]


def poisson(mean: float, rng: Random) -> int:
    """A Poisson number, by Knuth's products; for means below some hundreds."""
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def landing_time(authored: datetime, reviewed: bool, early: bool, rng: Random) -> datetime:
    """When a change is on the main line: minutes later unreviewed, else hours or days."""
    if not reviewed:
        return authored + timedelta(minutes=rng.uniform(1, 50))
    hours = rng.lognormvariate(3.4 if early else 2.8, 0.9)
    return authored + timedelta(hours=min(hours, 24 * 20))


def _moment(week: datetime, zone: ZoneInfo, evening: bool, rng: Random) -> datetime:
    """A moment in that week, within the person's usual hours."""
    day = rng.choices(range(7), weights=EVENINGS if evening else WEEKDAYS)[0]
    late = evening and day < 5
    hour = min(23.4, max(6.5, rng.gauss(20.5, 1.3) if late else rng.gauss(14.0, 2.8)))
    date = (week + timedelta(days=day)).date()
    whole, part = divmod(hour, 1)
    minute, second = int(part * 60), rng.randrange(60)
    return datetime(date.year, date.month, date.day, int(whole), minute, second, tzinfo=zone)
