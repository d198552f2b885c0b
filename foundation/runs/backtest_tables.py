"""The rows of a report's tables: what a backtest's JSON says, in the order a page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext

from foundation.runs.backtest_words import (
    METHOD_WORDS,
    PROJECT,
    SLICE_WORDS,
    failure_words,
    in_order,
    method_words,
    pool_words,
    slice_words,
)

OURS = ("served", "served_shared", "shipped")
BASE = "recency"
RANK_COLUMNS = ("mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5", "mrr_over_recency")
CHANCE_COLUMNS = ("auc", "ap", "p_at_5", "p_at_10", "brier", "calibration_slope")
LOAD_COLUMNS = ("gini", "largest_share", "peak")


@dataclass(frozen=True)
class Cell:
    """A figure with its interval, or a text; a value of None is shown as a dash."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    digits: int = 3
    text: str = ""
    is_percent: bool = False


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[Cell, ...]
    is_ours: bool = False


def count(value: int | None) -> Cell:
    return Cell(value, digits=0)


def figure(part: Mapping, metric: str) -> Cell:
    """One metric of a slice of a report, with its interval if it has one."""
    low, high = part.get("ci", {}).get(metric) or (None, None)
    return Cell(part.get(metric), low, high)


def methods(report: dict) -> list[tuple[str, dict]]:
    """The methods of a report, what is served first."""
    found = report["methods"]
    return [(name, found[name]) for name in in_order(found, METHOD_WORDS)]


def method_rows(report: dict, name: str, columns: Iterable[str]) -> list[Row]:
    """Every method on one slice, what is served first; [] if no method has that slice."""
    return [
        Row(method_words(method), tuple(figure(found[name], c) for c in columns), method in OURS)
        for method, found in methods(report)
        if name in found
    ]


def slice_names(report: dict) -> list[str]:
    """The slices of a report that hold a question, without the single projects."""
    found = next(iter(report["methods"].values()), {})
    asked = (
        name
        for name, part in found.items()
        if isinstance(part, dict) and part.get("n") and not name.startswith(PROJECT)
    )
    return in_order(asked, SLICE_WORDS)


def slice_rows(report: dict, metric: str = "mrr") -> list[Row]:
    """Every slice: n, what is served, recency, and the gap between them."""
    served, base = report["methods"].get("served", {}), report["methods"].get(BASE, {})
    return [
        Row(
            slice_words(name),
            (
                count(served[name]["n"]),
                figure(served[name], metric),
                figure(base.get(name, {}), metric),
                figure(served[name], f"{metric}_over_recency"),
            ),
        )
        for name in slice_names(report)
        if name in served
    ]


def gap_rows(report: dict) -> list[Row]:
    """Every project: n, what is served, the best simple ranking there, the gap, who serves."""
    sources = report.get("sources", {})
    return [
        Row(
            slug,
            (
                count(gap["n"]),
                Cell(gap["mrr"]),
                Cell(gap["best_mrr"], text=method_words(gap["best"])),
                Cell(gap["gap"], *gap["ci"]),
                Cell(text=source_words(sources.get(slug, ""))),
            ),
        )
        for slug, gap in sorted(report.get("gaps", {}).get("served", {}).items())
    ]


def source_words(source: str) -> str:
    return method_words("served") if source == "model" else method_words(source)


def mean_rows(report: dict) -> list[Row]:
    """Every method: mean and median over the projects."""
    return [
        Row(
            method_words(method),
            tuple(figure(found["per_project"], name) for name in ("mean_mrr", "median_mrr")),
            method in OURS,
        )
        for method, found in methods(report)
        if "per_project" in found
    ]


def load_rows(report: dict) -> list[Row]:
    """What really happened, then every method: how the load of newcomers' changes is spread."""
    loads = report.get("load", {}).get("newcomers", {})
    return [
        Row(method_words(name), _load_cells(loads[name]), name in OURS)
        for name in in_order(loads, METHOD_WORDS)
    ]


def _load_cells(found: dict) -> tuple[Cell, ...]:
    gini, share, peak = (found[name] for name in LOAD_COLUMNS)
    return Cell(gini), Cell(share), count(peak)


def curve_rows(report: dict, name: str) -> list[Row]:
    """Every weight of the load in the score: what it costs and what it eases.

    [] for a report of old, whose curve was not that of the weight that serves.
    """
    load = report.get("load", {})
    if "weight" not in load:
        return []
    points = load["curve"].get(name, [])
    serving = point_of(points, load["weight"]) if points else None
    return [_curve_row(point, point is serving) for point in points]


def point_of(points: list[dict], weight: float) -> dict:
    """The point of a curve at a weight, or the nearest: reports of old rounded their points."""
    return min(points, key=lambda point: abs(point["weight"] - weight))


def _curve_row(point: dict, serves: bool) -> Row:
    weight = number_format(f"{point['weight']:g}")
    name = gettext("%(weight)s, which serves") % {"weight": weight} if serves else weight
    figures = (Cell(point[column]) for column in ("mrr", "hit_at_1", "gini", "largest_share"))
    peak = Cell(point["peak"], digits=1)
    return Row(name, (*figures, peak, share(point["peak_fall"])), serves)


def share(value: float | None) -> Cell:
    """A part of something, in percent."""
    return Cell(None if value is None else 100 * value, is_percent=True)


def reliability_rows(points: Iterable[dict]) -> list[Row]:
    return [
        Row("", (Cell(point["expected"]), Cell(point["seen"]), count(point["n"])))
        for point in points
    ]


def project_rows(report: dict, columns: Iterable[str]) -> list[Row]:
    """Every project's figures of what is served, with n."""
    found = report["methods"].get("served", {})
    return [
        Row(slice_words(name), (count(part["n"]), *(figure(part, c) for c in columns)))
        for name, part in sorted(found.items())
        if name.startswith(PROJECT)
    ]


def failure_rows(report: dict) -> list[Row]:
    """Methods and projects of which nothing, or less, can be said, and why."""
    failures = report.get("failures", {})
    named = [(method_words(m), code) for m, code in failures.get("methods", {}).items()]
    named += failures.get("projects", {}).items()
    return [Row(name, (Cell(text=failure_words(code)),)) for name, code in named]


def miss_rows(report: dict) -> list[Row]:
    """Both pools: how large, how often a true mentor is in them, and what was missed."""
    misses = report.get("failures", {}).get("queries", {})
    return [
        Row(
            pool_words(label),
            (
                Cell(pool["newcomers"]["mean_size"], digits=0),
                Cell(pool["newcomers"]["covered"]),
                Cell(pool["first_change"]["covered"]),
                count(misses.get(label, {}).get("mentor_outside_pool")),
                count(misses.get(label, {}).get("no_candidate")),
            ),
            label in OURS,
        )
        for label, pool in sorted(report.get("pool", {}).items(), reverse=True)
    ]
