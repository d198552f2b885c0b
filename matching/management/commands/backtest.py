"""``backtest mentors|leaders``: how good the suggestions are, on the newest part of the past."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.backtest import TASKS, backtest

SLICES = ("newcomers", "first_change", "all", "two_years")
COLUMNS = {
    "mentors": ("n", "mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5"),
    "leaders": (
        *("n", "auc", "ap", "p_at_5", "p_at_5_best", "p_at_10", "brier", "base_rate_brier"),
        *("calibration_slope", "base_rate"),
    ),
}


class Command(BaseCommand):
    help = "Test the mentor ranker or the leader model on the newest part of the history."

    def add_arguments(self, parser):
        parser.add_argument("task", choices=TASKS)
        parser.add_argument("--projects", help="short names, separated by commas; all by default")
        parser.add_argument("--json", metavar="FILE", help="write the whole report there as well")

    def handle(self, *, task, projects, json: str | None, **options):
        if json and not Path(json).absolute().parent.is_dir():
            raise CommandError(f"Cannot write {json}: there is no such folder.")
        slugs = [slug.strip() for slug in projects.split(",")] if projects else None
        try:
            report = backtest(task, timezone.now(), slugs)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for name in SLICES:
            self._table(task, report, name)
        if json:
            write_json(Path(json), report)
        self.stdout.write(
            f"{task}: {len(report['methods'])} methods on {len(report['projects'])} projects, "
            f"data {report['data_hash'][:12]}" + (f", written to {json}" if json else "")
        )

    def _table(self, task, report, name):
        rows = {m: slices[name] for m, slices in report["methods"].items() if name in slices}
        if not rows:
            return
        columns = [c for c in COLUMNS[task] if any(c in row for row in rows.values())]
        self.stdout.write(f"\n{name}")
        self.stdout.write(f"  {'method':<20}" + "".join(f"{c:>11}" for c in columns))
        for method, row in rows.items():
            cells = "".join(f"{_cell(row.get(c)):>11}" for c in columns)
            self.stdout.write(f"  {method:<20}{cells}")


def _cell(value) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def write_json(path: Path, report: dict) -> None:
    """Write the whole file or nothing of it."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(json.dumps(report, indent=1, sort_keys=True))
        part.replace(path)
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
