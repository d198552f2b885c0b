"""A refresh after one hundredth of new facts, beside the refresh of everything."""

import io
from datetime import timedelta

from django.core.management import call_command
from django.db.models import Max

from foundation.activity.models import Change
from foundation.activity.reading import open_source
from foundation.runs.models import Run
from tests.bench.house import ingest, migrate, places, register, say, timed, verdict
from tests.bench.ingest import git, without_newest


def main() -> None:
    migrate()
    paths = places()
    clones = [without_newest(path) for path in paths]
    ingest(register([open_source(clone) for clone in clones]))
    full = refresh("refresh of everything")
    for path, clone in zip(paths, clones, strict=True):
        git(clone, "update-ref", "HEAD", git(path, "rev-parse", "HEAD"))
    count = ingest(register([open_source(clone) for clone in clones]))
    again = refresh(f"refresh after {count} new commits")
    share = again / full
    say("  of a full one", f"{share:.1%}", verdict(share <= 0.05, "≤ 5 %"))
    share = refresh("refresh with nothing new") / full
    say("  of a full one", f"{share:.1%}")


def refresh(what: str) -> float:
    """Seconds of a refresh as of the last fact, a minute later each time."""
    last = Change.objects.filter(kind="commit").aggregate(last=Max("landed_at"))["last"]
    quiet, begun = io.StringIO(), Run.objects.count()
    moment = (last + timedelta(minutes=1)).isoformat()
    seconds, _ = timed(lambda: call_command("refresh", as_of=moment, stdout=quiet))
    say(what, f"{seconds:.2f} s")
    rows = list(Run.objects.order_by("pk")[begun:])
    for task in dict.fromkeys(row.task for row in rows):
        spent = sum(row.seconds or 0 for row in rows if row.task == task)
        told = [row.result for row in rows if row.task == task]
        mentees = sum(result.get("mentees", 0) for result in told)
        note = f", {mentees} mentees" if task == "matches" else ""
        say(f"  {task}{note}", f"{spent:.2f} s")
    return seconds


if __name__ == "__main__":
    main()
