"""A backtest's report as lines for a terminal: what is served first, intervals, gaps, misses."""

from collections.abc import Iterable, Iterator

from foundation.runs.backtest_tables import point_of

HEADLINES = {
    "mentors": ("newcomers", "first_change", "lagged", "mentored", "all"),
    "leaders": ("all", "two_years"),
    "programs": (
        "new_to_project_outside",
        "new_to_project",
        "project_unseen",
        "project_seen",
        "answerable",
        "all",
    ),
}
COLUMNS = {
    "mentors": ("mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5", "mrr_over_recency"),
    "programs": ("mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5"),
    "leaders": ("auc", "ap", "p_at_5", "p_at_10", "brier", "base_rate", "calibration_slope"),
}
WITH_INTERVAL = ("mrr", "mrr_over_recency", "auc", "ap")
HEADINGS = {"mrr_over_recency": "over recency", "calibration_slope": "slope"}
NAME = 22
DASH = "–"


def lines(report: dict) -> Iterator[str]:
    """Yield the report's lines."""
    columns = COLUMNS.get(report["task"]) or _figures(report)
    for name in _headlines(report):
        yield from _slice_lines(report, name, columns)
    yield from _slices(report)
    yield from _gaps(report)
    yield from _loads(report)
    yield from _misses(report)
    yield from _invited(report.get("invited", {}))


def _figures(report: dict) -> tuple[str, ...]:
    """Return the figures that the slices of an unknown kind of report hold."""
    parts = [part for found in report["methods"].values() for part in found.values()]
    names = [n for part in parts if isinstance(part, dict) for n, v in part.items() if _is_plain(v)]
    return tuple(dict.fromkeys(names))


def _is_plain(value: object) -> bool:
    return isinstance(value, float)


def _headlines(report: dict) -> list[str]:
    first = next(iter(report["methods"].values()), {})
    wanted = HEADLINES.get(report["task"], ())
    known = [name for name in wanted if first.get(name, {}).get("n")]
    return known or [n for n, part in first.items() if isinstance(part, dict) and part.get("n")]


def _slice_lines(report: dict, name: str, columns: Iterable[str]) -> Iterator[str]:
    rows = {m: found[name] for m, found in report["methods"].items() if name in found}
    shown = [c for c in columns if any(part.get(c) is not None for part in rows.values())]
    yield f"\n{name} (n = {next(iter(rows.values()))['n']})"
    yield _row("method", [_heading(column) for column in shown])
    for method, part in rows.items():
        yield _row(method, [_figure(part, column) for column in shown])


def _heading(column: str) -> str:
    said = HEADINGS.get(column, column)
    return said + " [95 %]" if column in WITH_INTERVAL else said


def _figure(part: dict, column: str) -> str:
    low, high = part.get("ci", {}).get(column) or (None, None)
    if column not in WITH_INTERVAL or low is None:
        return _number(part.get(column))
    return f"{_number(part.get(column))} [{_number(low)}, {_number(high)}]"


def _slices(report: dict) -> Iterator[str]:
    """Yield every slice of mentors but the projects: served beside recency."""
    served, base = (report["methods"].get(name, {}) for name in ("served", "recency"))
    if report["task"] != "mentors" or not served:
        return
    yield "\nslices"
    yield _row("slice", ["n", "served [95 %]", "recency", "gap [95 %]"])
    for name, part in served.items():
        if part.get("n") and not name.startswith("project:"):
            other = _number(base.get(name, {}).get("mrr"))
            gap = _figure(part, "mrr_over_recency")
            yield _row(name, [str(part["n"]), _figure(part, "mrr"), other, gap])


def _gaps(report: dict) -> Iterator[str]:
    for method, found in report.get("gaps", {}).items():
        yield f"\nnewcomers by project: {method} against the best simple ranking there"
        yield _row("project", ["n", method, "best", "its mrr", "gap [95 %]"])
        for slug, gap in found.items():
            low, high = gap["ci"]
            shown = f"{_number(gap['gap'])} [{_number(low)}, {_number(high)}]"
            own, best = _number(gap["mrr"]), _number(gap["best_mrr"])
            yield _row(slug, [str(gap["n"]), own, gap["best"], best, shown])
        over = report["methods"].get(method, {}).get("per_project", {})
        if over:
            yield f"  mean {_number(over['mean_mrr'])}, median {_number(over['median_mrr'])}"


def _loads(report: dict) -> Iterator[str]:
    loads = report.get("load")
    if not loads:
        return
    yield "\nload of newcomers' questions, if the first were always asked"
    yield _row("method", ["gini", "largest_share", "peak in 30 days"])
    for method, found in loads["newcomers"].items():
        shares = [_number(found["gini"]), _number(found["largest_share"])]
        yield _row(method, [*shares, f"{found['peak']:.0f}"])
    yield from _curves(loads)


def _curves(loads: dict) -> Iterator[str]:
    """Yield what sharing the load costs and spares, and what the weight that serves does."""
    for name, points in loads["curve"].items():
        yield f"\nserved with its load shared, {name}"
        yield _row("weight of load", ["mrr", "hit_at_1", "gini", "peak in 30 days", "falls by"])
        serving = point_of(points, loads["weight"])
        for point in points:
            mark = " (serves)" if point is serving else ""
            found = [_number(point[column]) for column in ("mrr", "hit_at_1", "gini")]
            peak = [_number(point["peak"], 1), _percent(point["peak_fall"])]
            yield _row(f"{point['weight']:g}{mark}", [*found, *peak])
        if name == "newcomers":
            yield _at_the_weight_that_serves(points, serving, len(loads["projects"]))


def _at_the_weight_that_serves(points: list[dict], now: dict, projects: int) -> str:
    if not projects:
        return "  no project both shares its load and has a peak of four: nothing is spared"
    alone = point_of(points, 0)
    noun = "project that shares" if projects == 1 else "projects that share"
    return (
        f"  at LOAD_WEIGHT {now['weight']:g} the peak falls by {_percent(now['peak_fall'])}, from"
        f" {_number(alone['peak'], 1)} to {_number(now['peak'], 1)}, and MRR from"
        f" {_number(alone['mrr'])} to {_number(now['mrr'])} (loads: mean of {projects} {noun})"
    )


def _misses(report: dict) -> Iterator[str]:
    failures = report.get("failures", {})
    if "misses" in report:
        yield f"\nquestions whose right name nobody could know: {report['misses']}"
    pools = report.get("pool", {}) if report["task"] == "mentors" else {}
    for label, pool in pools.items():
        missed = failures.get("queries", {}).get(label, {}).get("mentor_outside_pool", 0)
        size, covered = pool["newcomers"]["mean_size"], pool["newcomers"]["covered"]
        yield (
            f"\n{label} pool: a true mentor of {_number(covered)} of the newcomers' questions, "
            f"mean size {_number(size, 0)}; of all questions {missed} have none in it"
        )
    for kind in ("methods", "projects"):
        by_reason: dict[str, list[str]] = {}
        for name, why in failures.get(kind, {}).items():
            by_reason.setdefault(why, []).append(name)
        for why, names in by_reason.items():
            yield f"{kind}, {why.replace('_', ' ')}: {', '.join(names)}"


def _invited(invited: dict) -> Iterator[str]:
    """Yield what became of those flagged to stewards, and of those left out, a year later."""
    names = {"flagged": "flagged to stewards", "unflagged": "left out by lot"}
    for arm, name in names.items():
        found = invited.get(arm, {})
        if found.get("n"):
            yield f"{name}: {found['became_core']} of {found['n']} became core within a year"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"  {name:<{NAME}}" + "".join(f"  {cell:>{_width(cell)}}" for cell in cells)


def _width(cell: str) -> int:
    return 24 if "[" in cell else 12


def _number(value: object, digits: int = 3) -> str:
    if value is None:
        return DASH
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{share:.0%}"
