"""``ingest git <path|bundle|url> --project <slug>`` and ``ingest github-events <file|->``."""

import sys
import time

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import MaxLengthValidator, validate_slug
from django.utils.functional import SimpleLazyObject
from tqdm import tqdm

from foundation.activity.reading import (
    ingest_events,
    ingest_git,
    open_source,
    project_called,
    repository_for,
)
from foundation.activity.sources.errors import SourceError

LONGEST_SLUG = 50


class Command(BaseCommand):
    help = "Take in a git history or a file of GitHub events."

    def add_arguments(self, parser):
        kinds = parser.add_subparsers(dest="kind", required=True)
        git = kinds.add_parser("git", help="a repository: folder, bundle or URL")
        git.add_argument("location")
        git.add_argument("--project", required=True, help="short name; made when it is new")
        events = kinds.add_parser("github-events", help="GitHub events, one JSON record a line")
        events.add_argument("file", help="a file, .gz or not, or - for standard input")
        events.add_argument(
            "--project", help="the project that repositories which are not known shall join"
        )

    def handle(self, *, kind, **options):
        began = time.monotonic()
        try:
            if options.get("project") is not None:
                validate_slug(options["project"])
                MaxLengthValidator(LONGEST_SLUG)(options["project"])
            say = self._git(**options) if kind == "git" else self._events(**options)
        except ValidationError as error:
            raise CommandError(
                f"“{options['project']}” is no short name: use 1 to 50 letters, digits, - and _."
            ) from error
        except SourceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{say} ({time.monotonic() - began:.1f} s)")

    def _git(self, *, location, project, **_):
        source = open_source(location)
        head = source.require_head()
        repository = repository_for(project_called(project), source)
        total = source.count(head) if repository.head != head else 0
        with self._bar(total, "commits") as bar:
            intake, resolution = ingest_git(
                repository, source, progress=bar.update, on_wait=lambda: self._waits(repository)
            )
        for code, count in sorted(intake.oddities.items()):
            self.stdout.write(f"  survived: {code} × {count}")
        if source.is_shallow:
            self.stdout.write("  shallow: the history before its edge is not there to be read")
        return self._git_summary(repository, intake, resolution)

    def _waits(self, repository):
        self.stderr.write(f"Another intake of {repository} is running; waiting for its end.")

    def _git_summary(self, repository, intake, resolution):
        parts = [f"{intake.changes} new changes", f"{intake.activities} activities"]
        if intake.withdrawn or intake.returned:
            parts.append(f"{intake.withdrawn} withdrawn, {intake.returned} returned")
        if intake.elsewhere:
            parts.append(f"{intake.elsewhere} known from another repository of the project")
        if resolution:
            parts.append(f"{intake.identities} new identities, {resolution.people} people in all")
        return f"{repository.project.slug}/{repository.name}: {'; '.join(parts)}"

    def _events(self, *, file, project=None, **_):
        # A file that tells nothing must not leave a project behind.
        joined = SimpleLazyObject(lambda: project_called(project)) if project else None
        with self._bar(None, "events") as bar:
            intake, _resolution = ingest_events(file, project=joined, progress=bar.update)
        for number, reason in intake.bad_lines:
            self.stdout.write(f"  line {number}: {reason}")
        if intake.unknown:
            names = ", ".join(name for name, _ in intake.unknown.most_common(5))
            self.stdout.write(
                f"  left out: {intake.unknown.total()} events of repositories that are not known "
                f"({names}); name a --project for them to join"
            )
        return (
            f"{file}: {intake.events} events, {intake.activities} new activities; "
            f"{intake.bad} bad lines, {intake.skipped.total()} events of other kinds"
        )

    def _bar(self, total, unit):
        return tqdm(total=total, unit=f" {unit}", file=sys.stderr, disable=None, leave=False)
