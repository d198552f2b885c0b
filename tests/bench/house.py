"""What the sections share: a migrated house, the histories in it, and how a figure is printed."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Max

from foundation.activity.intake import take_in_git
from foundation.activity.models import Change
from foundation.activity.reading import follow, open_source, project_called, repository_for
from foundation.activity.sources.git_repository import GitRepository
from foundation.projects.models import Repository
from foundation.sample.community import build
from tests.bench.histories import find_histories


def migrate() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def places() -> list[Path]:
    """The histories as bare repositories, unpacked where they are bundles."""
    found = find_histories().places
    if not found:
        community = build(settings.VAR_DIR / "sample")
        return [project.repository for project in community.projects]
    return [open_source(place).path for place in found]


def register(sources: list[GitRepository]) -> list[tuple[Repository, GitRepository]]:
    return [(repository_for(project_called(slug(s)), s), s) for s in sources]


def slug(source: GitRepository) -> str:
    """``executorch`` of ``executorch-1a2b3c.git``: the clone's folder names its history."""
    return source.name.rpartition("-")[0].lower() or source.name.lower()


def ingest(pairs: list[tuple[Repository, GitRepository]]) -> int:
    """Take everything in and settle who is who; the number of new changes."""
    intakes = [take_in_git(repository, source) for repository, source in pairs]
    follow(dict(pairs))
    return sum(intake.changes for intake in intakes)


def fill() -> None:
    """Make the database, and take all histories in."""
    migrate()
    ingest(register([open_source(path) for path in places()]))


def after_all() -> datetime:
    """A moment when every change has landed: the day after the last one."""
    return Change.objects.aggregate(last=Max("landed_at"))["last"] + timedelta(days=1)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def say(what: str, seen: str, bar: str = "") -> None:
    print(f"  {what:<58}{seen:>24}   {bar}", flush=True)


def verdict(is_met: bool, bar: str) -> str:
    return f"{'met' if is_met else 'MISSED'}: {bar}"
