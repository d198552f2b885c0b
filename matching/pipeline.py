"""The refresh as stages: what must be done before what, and the runs that are owed for it.

A refresh is all runs of one period. Nothing remembers how far it has come but the ledger itself:
``advance`` may be called by anybody, at any time, any number of times.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Case, When
from django.utils import timezone
from django.utils.module_loading import import_string

from foundation.activity.turns import await_intakes
from foundation.people.merging import resolution_is_due, resolve_people
from foundation.projects.models import Project
from foundation.runs import ledger
from foundation.runs.models import Run
from foundation.runs.work import Step, carry_out
from foundation.said import Told
from matching.cadence import training_due
from matching.freshness import MARK, facts_mark, stale_projects
from matching.ranking.training_parts import part_names, slice_names

# Named, not imported: a worker is up long before scikit-learn is, and tests bring their own.
STEPS = "matching.refresh.STEPS"
# A refresh that was left half-way for longer is not taken up again: newer ones have passed it.
TAKEN_UP_WITHIN = timedelta(days=7)


class NoProject(Told):
    """There is nothing to refresh."""


@dataclass(frozen=True)
class Stage:
    """One task of the refresh: for every project, or for the scopes it names (once for all: "")."""

    task: str
    after: tuple[str, ...] = ()
    named: tuple[str, ...] | None = None


ONCE = ("",)
# Training reads facts, not profiles: the long steps begin at once, the longest first.
STAGES = (
    Stage("profiles"),
    Stage("draw_pairs", named=slice_names()),
    Stage("train_leaders", named=ONCE),
    Stage("train_part", after=("draw_pairs",), named=part_names()),
    Stage("lulls", named=ONCE),
    Stage("train_mentors", after=("train_part",), named=ONCE),
    Stage("matches", after=("profiles", "train_mentors")),
    Stage("leaders", after=("train_leaders",)),
)
FIRST, LAST = STAGES[0], ("matches", "leaders")
TRAINING = {"draw_pairs", "train_part", "train_leaders", "train_mentors"}
# What is done for all projects at once takes longest.
LONGEST = {stage.task for stage in STAGES if stage.named is not None}
# Under this name the runs of a refresh tell whether it learns, or lets the models serve on.
LEARNS = "learns"
BY_TASK = {stage.task: stage for stage in STAGES}


@dataclass(frozen=True)
class Refresh:
    """What the ledger holds of one refresh."""

    rows: tuple[Run, ...]

    @classmethod
    def of(cls, period: str) -> "Refresh":
        rows = Run.objects.filter(period=period, task__in=BY_TASK).order_by("pk")
        return cls(tuple(rows.only("task", "scope", "period", "state", "as_of", "result")))

    @cached_property
    def states(self) -> dict[tuple[str, str], str]:
        return {(row.task, row.scope): row.state for row in self.rows}

    def scopes(self, stage: Stage) -> list[str]:
        """The stage's scopes: the first stage says which projects belong to this refresh."""
        if stage.named is not None:
            return list(stage.named)
        return [row.scope for row in self.rows if row.task == FIRST.task]

    def has(self, stage: Stage) -> bool:
        return all((stage.task, scope) in self.states for scope in self.scopes(stage))

    def is_done(self, stage: Stage) -> bool:
        states = [self.states.get((stage.task, scope)) for scope in self.scopes(stage)]
        return all(state == Run.State.DONE for state in states)

    @cached_property
    def stages(self) -> list[Stage]:
        """What belongs to this refresh: all of it, unless the models were to serve on."""
        learns = all(row.result.get(LEARNS, True) for row in self.rows if row.task == FIRST.task)
        return [stage for stage in STAGES if learns or stage.task not in TRAINING]

    def is_complete(self) -> bool:
        return all(self.is_done(stage) for stage in self.stages)

    def next_stages(self) -> list[Stage]:
        """The stages that are not owed yet and need not wait any longer."""
        there = {stage.task for stage in self.stages}
        return [
            stage
            for stage in self.stages
            if not self.has(stage)
            and all(self.is_done(BY_TASK[name]) for name in there.intersection(stage.after))
        ]

    def unfinished(self) -> list[Run]:
        return [row for row in self.rows if row.state in (Run.State.WAITING, Run.State.RUNNING)]

    def failed(self) -> list[Run]:
        return [row for row in self.rows if row.state == Run.State.FAILED]


def begin_refresh(
    as_of: datetime,
    projects: Collection[str] | None = None,
    *,
    at: datetime | None = None,
    learns: bool | None = None,
) -> str:
    """Owe what can begin for the projects (slugs; all by default) and return the period.

    ``at`` is when the refresh begins, now by default: begun twice for one moment, it is one.
    ``learns`` says whether models are learned anew; by default they are when it is due.
    Raises NoProject.
    """
    known = dict(Project.objects.order_by("slug").values_list("slug", "pk"))
    slugs = [slug for slug in known if projects is None or slug in projects]
    if not slugs:
        raise NoProject("There is no project to refresh.")
    if resolution_is_due():
        resolve_people()  # an intake was killed before it came to that, or a setting changed
    period = ledger.stamp(at or timezone.now())
    if learns is None:
        learns = bool(training_due(as_of))
    note = {MARK: facts_mark(), LEARNS: learns}
    # What is read from now on holds all that the mark says; what comes later lies above it.
    await_intakes([known[slug] for slug in slugs])
    ledger.owe_each(FIRST.task, slugs, period, as_of=as_of, note=note)
    advance(period)
    return period


def begin_due_refresh(now: datetime) -> str | None:
    """The hourly beat: begin a refresh of what is not fresh, if none is under way.

    It begins at the full minute, so that two beats begin the same one.
    """
    under_way = Run.objects.unfinished().filter(task__in=BY_TASK).exists()
    stale = [] if under_way else stale_projects(LAST, now)
    if not stale:
        return None
    return begin_refresh(now, stale, at=now.replace(second=0, microsecond=0))


def advance(period: str) -> bool:
    """Owe the stages whose predecessors are all done; False when there was nothing to owe."""
    refresh = Refresh.of(period)
    if not refresh.scopes(FIRST):  # a step that was asked for by itself: nothing follows it
        return False
    if all(refresh.is_done(BY_TASK[name]) for name in LAST):  # whatever stages it once had
        return False
    first = refresh.rows[0]
    note = {name: first.result.get(name) for name in (MARK, LEARNS)}
    stages = refresh.next_stages()
    for stage in stages:
        ledger.owe_each(stage.task, refresh.scopes(stage), period, as_of=first.as_of, note=note)
    return bool(stages)


def advance_all(now: datetime) -> None:
    """Go on with every refresh that a kill stopped between a finish and what follows it."""
    recent = Run.objects.filter(task=FIRST.task, period__gte=ledger.stamp(now - TAKEN_UP_WITHIN))
    for period in recent.values_list("period", flat=True).distinct():
        if advance(period):
            send(period)


def send(period: str, since: datetime | None = None) -> None:
    """Wake workers up for all that is owed in a refresh, or only for what was owed ``since``.

    Whoever was told already need not be told again: each message costs a look into the ledger.
    """
    owed = Run.objects.filter(period=period, task__in=BY_TASK).claimable(timezone.now())
    if since is not None:
        owed = owed.filter(queued_at__gte=since)
    order = Case(When(task__in=LONGEST, then=0), default=1)
    ledger.wake(*owed.order_by(order, "pk").values_list("pk", flat=True))


def longest_first(runs: Iterable[Run]) -> list[Run]:
    """Return runs in the order in which they are best begun by several at once."""
    return sorted(runs, key=lambda run: run.task not in LONGEST)


def work_on(run: Run, *, retry: bool = True) -> bool:
    """Do a claimed run; True when it is done. What follows is then owed, but nobody woken."""
    if not carry_out(run, _step, retry=retry):
        return False
    alike = Run.objects.filter(period=run.period, task=run.task)
    if not alike.unfinished().exists():  # a stage ends with its last run
        advance(run.period)
    return True


def _step(run: Run) -> dict:
    steps: dict[str, Step] = import_string(getattr(settings, "RUN_STEPS", STEPS))
    if run.task not in steps:
        raise LookupError(f"There is no step “{run.task}”.")
    return steps[run.task](run)
