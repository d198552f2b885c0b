"""``refresh``: profiles, models, matches and leaders, from the facts as they stand."""

import time
from argparse import SUPPRESS
from contextlib import suppress
from datetime import UTC

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from foundation.projects.models import Project
from foundation.runs.models import Run
from matching import foreground, helping, pipeline
from matching.cadence import training_due


class Command(BaseCommand):
    help = "Compute profiles, models, matches and leaders anew, here or in the background."

    def add_arguments(self, parser):
        parser.add_argument("--project", help="short name; all projects by default")
        parser.add_argument("--as-of", help="a day or moment (ISO 8601, UTC); now by default")
        parser.add_argument(
            "--background", action="store_true", help="only ask for it: a worker does it"
        )
        parser.add_argument(
            "--train", action="store_true", help="learn the models anew, even if that is not due"
        )
        parser.add_argument("--join", metavar="PERIOD", help=SUPPRESS)
        parser.add_argument("--leader", type=int, default=0, help=SUPPRESS)

    def handle(self, *, project, as_of, background, train, join, leader, **options):
        if join:
            with suppress(KeyboardInterrupt):  # the run was given back
                helping.help_with(join, leader)
            return
        began = time.monotonic()
        moment = _moment(as_of) if as_of else timezone.now()
        why = "that was asked for" if train else training_due(moment)
        period = _begin(moment, project, learns=bool(why))
        self._say_why(why)
        if background:
            pipeline.send(period)
            self.stdout.write(f"Refresh {period} is asked for; the page of runs shows its course.")
            return
        # Learning is long; what is left without it is done before a process is up.
        helpers = settings.REFRESH_PROCESSES - 1 if why else 0
        try:
            with helping.helped(period, helpers):
                count = foreground.run_here(period, self._tell, self._wait)
        except foreground.RefreshFailed as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - began
        self.stdout.write(
            f"Refreshed: {count} steps, facts up to {moment:%Y-%m-%d} ({seconds:.1f} s)"
        )

    def _say_why(self, why):
        if why:
            self.stdout.write(f"  The models are learned anew: {why}.")
        else:
            self.stdout.write("  The models serve on, they are young enough (--train learns anew).")

    def _tell(self, run):
        name = _name(run)
        if run.state == Run.State.RUNNING:
            self.stdout.write(f"  {name} …", ending="")
            self.stdout.flush()
        else:
            self.stdout.write(f" {run.get_state_display()} ({run.seconds or 0:.1f} s)")

    _waits_for = None

    def _wait(self, run):
        if self._waits_for != run.pk:
            self._waits_for = run.pk
            self.stdout.write(f"  {_name(run)}: another process is at it, waiting")


def _begin(moment, project, *, learns):
    known = Project.objects.called(project) if project else None
    if project and known is None:
        raise CommandError(f"There is no project “{project}”.")
    try:
        return pipeline.begin_refresh(moment, [known.slug] if known else None, learns=learns)
    except pipeline.NoProject as error:
        raise CommandError(
            "There is no project yet: take one in with `manage.py ingest git`."
        ) from error


def _name(run):
    return f"{run.task} {run.scope}".strip()


def _moment(text):
    try:
        day = parse_date(text)
        moment = parse_datetime(f"{text}T00:00:00" if day else text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"“{text}” is no date: write 2026-11-23 or 2026-11-23T10:00Z.")
    moment = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    if moment > timezone.now():
        raise CommandError(f"“{text}” is in the future: nothing is known of that yet.")
    return moment
