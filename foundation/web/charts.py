"""Geometry of the charts: numbers in, places on an SVG out. Pure; the wording is the templates'.

Across, places are percentages, so that a chart fills any width while its text keeps its size;
down, they are pixels. Everything is text already: no locale may turn a point into a comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

TOP = 14  # room above the highest bar for the label of its line
STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    part: int  # which part of a stack: 0 is the lowest


@dataclass(frozen=True)
class Line:
    y: str
    text: str


@dataclass(frozen=True)
class Tick:
    x: str
    day: date
    is_minor: bool  # left out on narrow screens


@dataclass(frozen=True)
class Columns:
    """Bars over time, with lines across and days below."""

    height: str
    base: str
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]


def nice_ceiling(value: float) -> float:
    """The next round number (few of them odd, so that halves are whole) at or above ``value``."""
    scale = 1.0
    while scale * 10 <= value:
        scale *= 10
    return next(step * scale for step in STEPS if step * scale >= value)


def columns(
    stacks: Sequence[Sequence[float]],
    days: Sequence[date],
    *,
    ticks: Sequence[int],
    height: int = 200,
    gap: float = 0.25,
) -> Columns:
    """Columns of stacked parts, oldest first.

    Parameters
    ----------
    stacks : for each column its parts, the lowest first
    days : for each column the day it begins
    ticks : which columns carry a label below; every second of them is minor
    height : of the plot in pixels, without the labels below
    gap : share of a column's width that stays empty
    """
    top = nice_ceiling(max((sum(stack) for stack in stacks), default=0) or 1)
    step = 100 / max(len(stacks), 1)
    return Columns(
        height=str(height + 26),
        base=str(height),
        bars=tuple(_bars(stacks, step, gap, top, height)),
        lines=tuple(_lines(top, height)),
        ticks=tuple(
            Tick(f"{(place * step):.3f}%", days[place], bool(order % 2))
            for order, place in enumerate(ticks)
        ),
    )


def _bars(stacks, step, gap, top, height):
    for place, stack in enumerate(stacks):
        below = 0.0
        for part, value in enumerate(stack):
            if value > 0:
                yield _bar(place * step, step, gap, below, value, part, top, height)
            below += value


def _bar(x, step, gap, below, value, part, top, height) -> Bar:
    scale = (height - TOP) / top
    return Bar(
        x=f"{x + step * gap / 2:.3f}%",
        y=f"{height - (below + value) * scale:.1f}",
        width=f"{step * (1 - gap):.3f}%",
        height=f"{max(value * scale, 1):.1f}",
        part=part,
    )


def _lines(top: float, height: int):
    for share in (0.5, 1):
        value = top * share
        if value == int(value):
            yield Line(y=f"{height - share * (height - TOP):.1f}", text=f"{int(value)}")


@dataclass(frozen=True)
class Interval:
    """A probability with its interval on a line from 0 to 1."""

    low: str
    width: str
    point: str
    left: int  # whole percents, for the wording
    middle: int
    right: int


def interval(low: float, middle: float, high: float) -> Interval:
    return Interval(
        low=f"{low * 100:.2f}%",
        width=f"{max(high - low, 0.005) * 100:.2f}%",
        point=f"{middle * 100:.2f}%",
        left=round(low * 100),
        middle=round(middle * 100),
        right=round(high * 100),
    )
