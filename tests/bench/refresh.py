"""A refresh of everything after the ingest: profiles, two models, matches, signals."""

import io

from django.conf import settings
from django.core.management import call_command

from foundation.people.models import LeaderSignal
from foundation.runs.models import Run
from mentorship.models import Match
from tests.bench.house import (
    after_all,
    fill,
    say,
    timed,
    verdict,
)
from tests.bench.memory import helpers_peak_megabytes, peak_megabytes


def main() -> None:
    fill()
    # As of the day after the last change, so that there are newcomers to find mentors for.
    last = after_all()
    say("  facts up to", f"{last:%Y-%m-%d}")
    quiet = io.StringIO()
    seconds, _ = timed(lambda: call_command("refresh", as_of=last.isoformat(), stdout=quiet))
    for task in dict.fromkeys(Run.objects.order_by("pk").values_list("task", flat=True)):
        spent = sum(run.seconds or 0 for run in Run.objects.filter(task=task))
        say(f"  {task}", f"{spent:.1f} s")
    say(
        f"refresh of everything, {settings.REFRESH_PROCESSES} processes",
        f"{seconds:.1f} s",
        verdict(seconds <= 90, "≤ 90 s"),
    )
    say("  mentees, matches, signals", f"{_mentees()}, {Match.objects.count()}, {_signals()}")
    own, helpers = peak_megabytes(), helpers_peak_megabytes()
    peak = own + helpers * (settings.REFRESH_PROCESSES > 1)
    say("peak memory of all processes", f"{peak:.0f} MB", verdict(peak <= 1_500, "≤ 1,500 MB"))


def _mentees() -> int:
    return Match.objects.values("mentee").distinct().count()


def _signals() -> int:
    return LeaderSignal.objects.count()


if __name__ == "__main__":
    main()
