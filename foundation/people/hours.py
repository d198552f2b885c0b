"""Hours of the day at which two people could meet. Pure.

Somebody's usual hours are never shown by themselves: only what they share with the viewer's day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

ENOUGH_DEEDS = 20  # below this nothing is known of a person's day
USUAL_SHARE = 0.8


def usual_hours(counts: Sequence[int]) -> frozenset[int]:
    """The fewest hours (UTC) that hold four fifths of the deeds; empty when too few are known.

    Parameters
    ----------
    counts : deeds by hour of the day in UTC, 24 numbers
    """
    total = sum(counts)
    if total < ENOUGH_DEEDS:
        return frozenset()
    hours, held = set(), 0
    for hour in sorted(range(len(counts)), key=lambda hour: (-counts[hour], hour)):
        if held >= USUAL_SHARE * total:
            break
        hours.add(hour)
        held += counts[hour]
    return frozenset(hours)


def day_in_utc(starts: int, ends: int, zone: tzinfo, now: datetime) -> list[int]:
    """The hours (UTC) of a day that runs from ``starts`` to ``ends`` o'clock in ``zone``."""
    length = (ends - starts) % 24 or 24
    first = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    offset = first.utcoffset() or timedelta()
    shift = round(offset.total_seconds() / 3600)
    return [(starts + step - shift) % 24 for step in range(length)]


def shared_hours(counts: Sequence[int], day: Sequence[int]) -> list[bool] | None:
    """For each hour of the viewer's day, whether the other is usually there; None if unknown."""
    usual = usual_hours(counts)
    return [hour in usual for hour in day] if usual else None
