"""Geometry of the plots of a report: numbers in, places on an SVG out, as ``charts`` does.

Across, places are percentages; down, they are pixels. Everything but the numbers of a scale, which
the templates write in the reader's language, is text already.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

TOP = 46  # room above the plot for the name of its scale and the label of its highest line
LEFT, RIGHT = 9.0, 96.0  # percent: labels of the scale stand left of the plot
ROW = 42  # pixels of a row with a whisker: its name, and the whisker below or beside it
FOOT = 26  # room below for the scale
SIDE = 360  # pixels of a square plot with its scale, which fits a telephone
MOST_TICKS = 6


@dataclass(frozen=True)
class Tick:
    """A number of a scale and where it stands: ``place`` is across or down."""

    place: str
    value: float


@dataclass(frozen=True)
class Whisker:
    """A named point with its interval, and a second point to compare it with."""

    name: str
    name_y: str
    y: str
    below: str  # where the row ends
    point: str
    low: str | None
    high: str | None
    other: str | None


@dataclass(frozen=True)
class Whiskers:
    """Rows of points with intervals over one scale."""

    height: str
    base: str
    rows: tuple[Whisker, ...]
    ticks: tuple[Tick, ...]
    zero: str | None


@dataclass(frozen=True)
class Measured:
    """What a whisker shows: a value, its interval, and what it is compared with; None: unknown."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    other: float | None = None

    def numbers(self) -> list[float]:
        known = (self.value, self.low, self.high, self.other)
        return [number for number in known if number is not None]


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    part: int  # which of the curves


@dataclass(frozen=True)
class Segment:
    x1: str
    y1: str
    x2: str
    y2: str
    part: int


@dataclass(frozen=True)
class Label:
    """The name of a curve, at its end: above the highest, below the others."""

    text: str
    x: str
    y: str


@dataclass(frozen=True)
class Curves:
    """Dots joined in their order, one or more curves over two scales.

    ``mark`` is where a line stands upright, beside a place that is meant.
    """

    width: str
    height: str
    base: str
    label_y: str
    dots: tuple[Dot, ...]
    segments: tuple[Segment, ...]
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    labels: tuple[Label, ...]
    diagonal: Segment | None
    mark: str | None


@dataclass(frozen=True)
class Scale:
    """Maps numbers from ``low`` to ``high`` onto places from ``start`` to ``stop``."""

    low: float
    high: float
    start: float
    stop: float
    step: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)

    def numbers(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + place * self.step, 10) for place in range(count + 1)]


def scale(values: Sequence[float], start: float, stop: float) -> Scale:
    """A scale with round ends around the values, at most ``MOST_TICKS`` steps long."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high <= low:
        low, high = low - 0.5, low + 0.5
    step = 10.0 ** math.floor(math.log10((high - low) / MOST_TICKS))
    while math.ceil(high / step - 1e-9) - math.floor(low / step + 1e-9) > MOST_TICKS:
        step *= 2.5 if f"{step:e}".startswith("2") else 2
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Scale(low, high, start, stop, step)


def whiskers(
    rows: Sequence[Measured], *, from_zero: bool = False, ends: Sequence[float] = ()
) -> Whiskers:
    """One row below the other; ``from_zero`` keeps zero on the scale and draws its line, ``ends``
    are kept on it as well: a scale of shares goes no further than all, even where all are alike.
    """
    numbers = [number for row in rows for number in row.numbers()]
    across = scale([*numbers, *ends, *([0.0] if from_zero else [])], 1.0, 99.0)
    height = ROW * len(rows)
    return Whiskers(
        height=str(height + FOOT),
        base=str(height),
        rows=tuple(_whisker(row, place * ROW, across) for place, row in enumerate(rows)),
        ticks=tuple(Tick(_percent(across.place(n)), n) for n in across.numbers()),
        zero=_percent(across.place(0.0)) if from_zero else None,
    )


def _whisker(row: Measured, top: float, across: Scale) -> Whisker:
    def place(value: float | None) -> str | None:
        return None if value is None else _percent(across.place(value))

    return Whisker(
        name=row.name,
        name_y=f"{top + 16:.0f}",
        y=f"{top + 29:.0f}",
        below=f"{top + ROW:.0f}",
        point=place(row.value),
        low=place(row.low),
        high=place(row.high),
        other=place(row.other),
    )


def curves(
    lines: Sequence[Sequence[tuple[float, float]]],
    *,
    square: bool = False,
    from_zero: bool = False,
    mark: float | None = None,
    names: Sequence[str] = (),
    height: int = 240,
) -> Curves:
    """Curves of (across, up) points.

    ``square`` shows 0 to 1 both ways, as long up as across, and the diagonal; ``from_zero`` keeps
    zero on both scales, so that a small difference looks small; ``mark`` stands upright across all
    curves; ``names`` are written at their ends.
    """
    if square:
        height = round(TOP + SIDE * (RIGHT - LEFT) / 100)
    ends = [0.0, 1.0] if square else [0.0] if from_zero else []
    xs = [x for line in lines for x, _ in line] + ends
    ys = [y for line in lines for _, y in line] + ends
    across, up = scale(xs, LEFT, RIGHT), scale(ys, height, TOP)
    places = [[(across.place(x), up.place(y)) for x, y in line] for line in lines]
    return Curves(
        width=str(SIDE) if square else "100%",
        height=str(height + FOOT + 18),
        base=str(height),
        label_y=str(height + FOOT + 14),
        dots=tuple(_dots(places)),
        segments=tuple(_segments(places)),
        across=tuple(Tick(_percent(across.place(n)), n) for n in across.numbers()),
        down=tuple(Tick(f"{up.place(n):.1f}", n) for n in up.numbers()),
        labels=tuple(_labels(names, [line[-1] for line in places])),
        diagonal=_segment((LEFT, height), (RIGHT, TOP), 0) if square else None,
        mark=None if mark is None else _percent(across.place(mark)),
    )


def _dots(places: Sequence[Sequence[tuple[float, float]]]) -> Iterator[Dot]:
    for part, line in enumerate(places):
        yield from (Dot(_percent(x), f"{y:.1f}", part) for x, y in line)


def _labels(names: Sequence[str], ends: Sequence[tuple[float, float]]) -> Iterator[Label]:
    by_height = sorted(zip(names, ends, strict=False), key=lambda named: named[1][1])
    for place, (name, (x, y)) in enumerate(by_height):
        yield Label(name, _percent(x), f"{y + 20 if place else y - 12:.1f}")


def _segments(places: Sequence[Sequence[tuple[float, float]]]) -> Iterator[Segment]:
    for part, line in enumerate(places):
        yield from (_segment(one, two, part) for one, two in pairwise(line))


def _segment(one: tuple[float, float], two: tuple[float, float], part: int) -> Segment:
    return Segment(_percent(one[0]), f"{one[1]:.1f}", _percent(two[0]), f"{two[1]:.1f}", part)


def _percent(value: float) -> str:
    return f"{value:.3f}%"
