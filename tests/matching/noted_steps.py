"""Steps of a refresh that only note what they are called for, and what is owed meanwhile."""

from datetime import UTC, datetime
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from foundation.runs import ledger
from foundation.runs.models import Run
from matching import pipeline
from matching.ranking.training_parts import part_names, slice_names

AS_OF = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
PROFILES = [("profiles", "aurora"), ("profiles", "borealis")]
PARTS = [("train_part", name) for name in sorted(part_names())]
SLICES = [("draw_pairs", name) for name in slice_names()]
BEGINNING = [*SLICES, ("lulls", ""), *PROFILES, ("train_leaders", "")]
TRAINING = [*SLICES, ("lulls", ""), ("train_leaders", ""), *PARTS]
TOGETHER = ("train_mentors", "")
MATCHES = [("matches", "aurora"), ("matches", "borealis")]
LEADERS = [("leaders", "aurora"), ("leaders", "borealis")]

done_steps: list[tuple] = []
broken: set[tuple] = set()


def step(run):
    """Notes what it is called for; says so where it is broken."""
    if (run.task, run.scope) in broken:
        raise ValueError("There is too little history.")
    done_steps.append((run.task, run.scope, run.as_of))
    return {"facts": len(run.scope)}


STEPS = dict.fromkeys([*pipeline.BY_TASK, "ingest"], step)


def forget():
    """Begin anew: nothing was noted, nothing is broken."""
    done_steps.clear()
    broken.clear()


def owed(period=None):
    rows = Run.objects.exclude(state=Run.State.DONE)
    return sorted(rows.filter(**{"period": period} if period else {}).values_list("task", "scope"))


def do(period, *which):
    for task, scope in which:
        run = Run.objects.get(task=task, scope=scope, period=period)
        assert pipeline.work_on(ledger.claim(run.pk, timezone.now()))


def refresh(**options):
    out = StringIO()
    call_command("refresh", stdout=out, **options)
    return out.getvalue()


def everything(period, *, learns=True):
    training = [*TRAINING, TOGETHER] if learns else [("lulls", "")]
    do(period, *PROFILES, *training, *MATCHES, *LEADERS)
