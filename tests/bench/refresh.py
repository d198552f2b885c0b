"""A refresh of everything after the ingest: profiles, two models, matches, signals."""

import io

from django.core.management import call_command

from foundation.activity.reading import open_source
from foundation.runs.models import Run
from tests.bench.house import (
    ingest,
    migrate,
    peak_megabytes,
    places,
    register,
    say,
    timed,
    verdict,
)


def main() -> None:
    migrate()
    ingest(register([open_source(path) for path in places()]))
    seconds, _ = timed(lambda: call_command("refresh", stdout=io.StringIO()))
    for task in dict.fromkeys(Run.objects.order_by("pk").values_list("task", flat=True)):
        spent = sum(run.seconds or 0 for run in Run.objects.filter(task=task))
        say(f"  {task}", f"{spent:.1f} s")
    say("refresh of everything", f"{seconds:.1f} s", verdict(seconds <= 90, "≤ 90 s"))
    peak = peak_megabytes()
    say("peak memory", f"{peak:.0f} MB", verdict(peak <= 1_500, "≤ 1,500 MB"))


if __name__ == "__main__":
    main()
