"""A backtest's report as a page shows it: tables, and plots of the same figures."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext

from foundation.runs import backtest_tables as tables
from foundation.runs.backtest_tables import Row
from foundation.runs.backtest_words import PROJECT, slice_words, task_words
from foundation.web.plots import Curves, Measured, Whiskers, curves, whiskers

HEADLINES = ("newcomers", "first_change", "lagged", "mentored")
METRIC_NAMES = {
    "mrr": "MRR",
    "hit_at_1": "Hit@1",
    "hit_at_3": "Hit@3",
    "hit_at_5": "Hit@5",
    "ndcg_at_5": "NDCG@5",
}
CURVES = ("newcomers", "area_divided")


@dataclass(frozen=True)
class SliceTable:
    name: str
    n: int
    rows: list[Row]


@dataclass(frozen=True)
class CurveTable:
    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Knob:
    """What the weight that serves spares, and what it costs: the point of 0, and its own."""

    alone: dict
    serving: dict
    projects: int

    @property
    def weight(self) -> float:
        return self.serving["weight"]

    @property
    def fall(self) -> float:
        """By so many percent the peak falls."""
        return 100 * self.serving["peak_fall"]


@dataclass(frozen=True)
class Page:
    """What both kinds of report begin and end with."""

    task: str
    title: str
    report: dict
    tested_from: datetime | None
    failures: list[Row] = field(default_factory=list)

    @property
    def template(self) -> str:
        """The body that shows this kind of report."""
        known = self.task if self.task in ("mentors", "leaders") else "other"
        return f"runs/backtest_{known}.html"


@dataclass(frozen=True)
class MentorsPage(Page):
    headlines: list[SliceTable] = field(default_factory=list)
    slices: list[Row] = field(default_factory=list)
    slices_chart: Whiskers | None = None
    gaps: list[Row] = field(default_factory=list)
    gaps_chart: Whiskers | None = None
    means: list[Row] = field(default_factory=list)
    loads: list[Row] = field(default_factory=list)
    curve_tables: list[CurveTable] = field(default_factory=list)
    curve_chart: Curves | None = None
    knob: Knob | None = None
    reliability: list[Row] = field(default_factory=list)
    reliability_chart: Curves | None = None
    misses: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class LeadersPage(Page):
    base: dict = field(default_factory=dict)
    methods: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    projects_chart: Whiskers | None = None
    reliability: list[Row] = field(default_factory=list)
    reliability_chart: Curves | None = None


@dataclass(frozen=True)
class OtherPage(Page):
    columns: list[str] = field(default_factory=list)
    headlines: list[SliceTable] = field(default_factory=list)


def page_of(report: dict) -> Page:
    """The page of a report, whatever was tested."""
    make = {"mentors": _mentors, "leaders": _leaders}.get(report["task"], _other)
    start = {
        "task": report["task"],
        "title": task_words(report["task"]),
        "report": report,
        # Other kinds may split by something else than seconds.
        "tested_from": None if make is _other else _tested_from(report),
        "failures": tables.failure_rows(report),
    }
    return make(report, start)


def _tested_from(report: dict) -> datetime | None:
    since = report.get("split", {}).get("test_from")
    return None if since is None else datetime.fromtimestamp(since, UTC)


def _mentors(report: dict, start: dict) -> MentorsPage:
    points = report.get("reliability", {}).get("served", [])
    curve = {name: tables.curve_rows(report, name) for name in CURVES}
    return MentorsPage(
        **start,
        headlines=_slice_tables(report, HEADLINES, tables.RANK_COLUMNS),
        slices=tables.slice_rows(report),
        slices_chart=_slices_chart(report),
        gaps=tables.gap_rows(report),
        gaps_chart=_gaps_chart(report),
        means=tables.mean_rows(report),
        loads=tables.load_rows(report),
        curve_tables=[CurveTable(slice_words(name), rows) for name, rows in curve.items() if rows],
        curve_chart=_curve_chart(report),
        knob=_knob(report),
        reliability=tables.reliability_rows(points),
        reliability_chart=_reliability_chart(points),
        misses=tables.miss_rows(report),
    )


def _leaders(report: dict, start: dict) -> LeadersPage:
    points = report["methods"].get("served", {}).get("reliability", [])
    return LeadersPage(
        **start,
        base=next((found["all"] for _, found in tables.methods(report) if "all" in found), {}),
        methods=tables.method_rows(report, "all", tables.CHANCE_COLUMNS),
        projects=tables.project_rows(report, ("auc", "ap", "p_at_5", "base_rate")),
        projects_chart=_projects_chart(report),
        reliability=tables.reliability_rows(points),
        reliability_chart=_reliability_chart(points),
    )


def _other(report: dict, start: dict) -> OtherPage:
    """A report of a kind that has no page of its own: every figure that its slices share."""
    first = next(iter(report["methods"].values()), {})
    parts = [part for part in first.values() if isinstance(part, dict) and "n" in part]
    columns = list(dict.fromkeys(name for part in parts for name, v in part.items() if _plain(v)))
    names = tables.slice_names(report)
    heads = [METRIC_NAMES.get(name, name.replace("_", " ")) for name in columns]
    return OtherPage(**start, columns=heads, headlines=_slice_tables(report, names, columns))


def _plain(value: object) -> bool:
    return isinstance(value, float)


def _slice_tables(report: dict, names, columns) -> list[SliceTable]:
    first = next(iter(report["methods"].values()), {})
    return [
        SliceTable(slice_words(name), first[name]["n"], tables.method_rows(report, name, columns))
        for name in names
        if first.get(name, {}).get("n")
    ]


def _slices_chart(report: dict) -> Whiskers | None:
    served = report["methods"].get("served", {})
    base = report["methods"].get(tables.BASE, {})
    rows = [
        Measured(
            slice_words(name),
            served[name]["mrr"],
            *served[name]["ci"]["mrr"],
            base.get(name, {}).get("mrr"),
        )
        for name in tables.slice_names(report)
        if name in served
    ]
    return whiskers(rows, ends=(0.0, 1.0)) if rows else None


def _gaps_chart(report: dict) -> Whiskers | None:
    gaps = sorted(report.get("gaps", {}).get("served", {}).items())
    rows = [Measured(slug, gap["gap"], *gap["ci"]) for slug, gap in gaps]
    return whiskers(rows, from_zero=True) if rows else None


def _projects_chart(report: dict) -> Whiskers | None:
    served = report["methods"].get("served", {})
    rows = [
        Measured(slice_words(name), part["auc"], *part["ci"]["auc"])
        for name, part in sorted(served.items())
        if name.startswith(PROJECT) and part["auc"] is not None
    ]
    return whiskers(rows, ends=(0.5, 1.0)) if rows else None


def _knob(report: dict) -> Knob | None:
    """None where nothing is shared, and for reports of old."""
    load = report.get("load", {})
    points = load.get("curve", {}).get("newcomers", [])
    if not points or not load.get("projects"):
        return None
    alone, serving = (tables.point_of(points, weight) for weight in (0, load["weight"]))
    return Knob(alone, serving, len(load["projects"]))


def _curve_chart(report: dict) -> Curves | None:
    """What is left of peak and MRR at every weight, in percent of what they are without one."""
    knob = _knob(report)
    if knob is None or not knob.alone["mrr"]:
        return None
    points, mrr = report["load"]["curve"]["newcomers"], knob.alone["mrr"]
    lines = [
        [(point["weight"], 100 * (1 - point["peak_fall"])) for point in points],
        [(point["weight"], 100 * point["mrr"] / mrr) for point in points],
    ]
    names = [gettext("peak of 30 days"), gettext("MRR of newcomers")]
    return curves(lines, from_zero=True, mark=knob.weight, names=names)


def _reliability_chart(points: list[dict]) -> Curves | None:
    line = [(point["expected"], point["seen"]) for point in points]
    return curves([line], square=True) if line else None
