"""``backtest <task>``: how good the suggestions are, on the newest part of the past."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.runs.backtest_report import as_file
from matching.backtest import TASKS, backtest
from matching.evaluation.report_table import lines
from matching.management.whole_file import check_folder, write_whole


class Command(BaseCommand):
    help = "Test the rankers of mentors or the leader model on the newest part of the past."

    def add_arguments(self, parser):
        parser.add_argument("task", choices=TASKS)
        parser.add_argument("--projects", help="short names, separated by commas; all by default")
        parser.add_argument("--file", help="for programs: one JSON object a line")
        parser.add_argument("--json", metavar="FILE", help="write the whole report there as well")
        parser.add_argument("--html", metavar="FILE", help="write a page to read and pass on there")

    def handle(self, *, task, projects, file, json: str | None, html: str | None, **options):
        for out in filter(None, (json, html)):
            check_folder(Path(out))
        names = [name.strip() for name in projects.split(",")] if projects else None
        try:
            report = backtest(task, timezone.now(), names, file)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for line in lines(report):
            self.stdout.write(line)
        if json:
            write_whole(Path(json), as_json(report))
        if html:
            write_whole(Path(html), as_file(report))
        written = " and ".join(filter(None, (json, html)))
        self.stdout.write(
            f"\n{task}: {len(report['methods'])} methods on {len(report['projects'])} projects, "
            f"data {report['data_hash'][:12]}" + (f", written to {written}" if written else "")
        )


def as_json(report: dict) -> str:
    return json.dumps(report, indent=1, sort_keys=True)
