"""``load_curve``: what sharing the load costs and spares here, for a choice of LOAD_WEIGHT."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.projects.models import Project
from matching.evaluation.load_protocol import NEWEST, TUNED_ON, curve_of
from matching.features import load_history

COLUMNS = ("weight", "mrr", "hit_at_1", "mrr_divided", "gini", "largest_share", "peak", "peak_fall")


class Command(BaseCommand):
    help = "Print the accuracy-load curve of the served ranker on newcomers of the past."

    def add_arguments(self, parser):
        parser.add_argument("--projects", help="short names, separated by commas; all by default")
        parser.add_argument(
            "--newest", action="store_true", help="the newest 30 %%: to report, never to choose by"
        )
        parser.add_argument("--json", metavar="FILE", help="write the curve there as well")

    def handle(self, *, projects, newest, json: str | None, **options):
        if json and not Path(json).absolute().parent.is_dir():
            raise CommandError(f"Cannot write {json}: there is no such folder.")
        slugs = Project.objects.spelled(map(str.strip, projects.split(","))) if projects else None
        try:
            report = curve_of(load_history(timezone.now(), slugs), NEWEST if newest else TUNED_ON)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("".join(f"{name:>14}" for name in COLUMNS))
        for point in report["curve"]:
            self.stdout.write("".join(f"{point[name]:>14.3f}" for name in COLUMNS))
        if json:
            _write(Path(json), report)
        self.stdout.write(
            f"{report['n']} newcomers' changes, load shared in {len(report['projects'])} projects, "
            f"data {report['data_hash'][:12]}; LOAD_WEIGHT is {settings.LOAD_WEIGHT:g}"
        )


def _write(path: Path, report: dict) -> None:
    try:
        path.write_text(json.dumps(report, indent=1, sort_keys=True))
    except OSError as error:
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
