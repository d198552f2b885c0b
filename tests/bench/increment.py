"""A refresh after one hundredth of new facts, beside the refresh of everything."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from foundation.activity.reading import open_source
from foundation.runs.models import Run
from tests.bench.house import ingest, migrate, places, register, say, timed, verdict
from tests.bench.ingest import git, without_newest

HOUR = timedelta(hours=1)


def main() -> None:
    migrate()
    paths = places()
    clones = [without_newest(path) for path in paths]
    last = max(newest(path) for path in paths)
    ingest(register([open_source(clone) for clone in clones]))
    full = refresh("refresh of everything", last)
    for path, clone in zip(paths, clones, strict=True):
        git(clone, "update-ref", "HEAD", git(path, "rev-parse", "HEAD"))
    count = ingest(register([open_source(clone) for clone in clones]))
    small = refresh(f"refresh after {count} new commits, within the hour", last + HOUR)
    say_share(small, full, 0.05)
    say_share(refresh("refresh with nothing new", last + 2 * HOUR), full)
    say_share(refresh("refresh two days later: all suggestions anew", last + 48 * HOUR), full)


def say_share(part: tuple[float, float], whole: tuple[float, float], bar: float = 0) -> None:
    """By the clock, and by the work: a full refresh has two processes."""
    clock, work = (one / all_ for one, all_ in zip(part, whole, strict=True))
    for what, share in (("by the clock", clock), ("in seconds of all steps", work)):
        judged = verdict(share <= bar, f"≤ {bar:.0%}") if bar else ""
        say(f"  of a full one, {what}", f"{share:.1%}", judged)


def newest(path: Path) -> datetime:
    """The moment after the last commit."""
    return datetime.fromtimestamp(int(git(path, "log", "-1", "--format=%ct")) + 60, tz=UTC)


def refresh(what: str, as_of: datetime) -> tuple[float, float]:
    """Seconds of a refresh by the clock, and of its steps together."""
    quiet, begun = io.StringIO(), Run.objects.count()
    seconds, _ = timed(lambda: call_command("refresh", as_of=as_of.isoformat(), stdout=quiet))
    say(what, f"{seconds:.2f} s")
    rows = list(Run.objects.order_by("pk")[begun:])
    for task in dict.fromkeys(row.task for row in rows):
        spent = sum(row.seconds or 0 for row in rows if row.task == task)
        told = [row.result for row in rows if row.task == task]
        mentees = sum(result.get("mentees", 0) for result in told)
        note = f", {mentees} mentees" if task == "matches" else ""
        say(f"  {task}{note}", f"{spent:.2f} s")
    return seconds, sum(row.seconds or 0 for row in rows)


if __name__ == "__main__":
    main()
