"""The protocol on the facts of the database: what ``manage.py backtest``, the benchmark and the
ledger run."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from foundation.people.models import Invitation
from foundation.projects.models import Project
from foundation.runs import backtests
from foundation.runs.models import Run
from foundation.runs.work import CannotBeDone
from matching.community import Community, community_at
from matching.evaluation.invited import Invited, outcomes
from matching.evaluation.leaders_protocol import backtest_leaders
from matching.evaluation.protocol import backtest_mentors
from matching.features import load_history
from matching.programs.protocol import backtest_programs
from matching.programs.records import read_program_file
from matching.registry import shelf

TASKS = (*backtests.SCOPES, "programs")


def backtest(
    task: str,
    as_of: datetime,
    projects: Sequence[str] | None = None,
    file: str | None = None,
) -> dict:
    """Return the report of a task, of some projects in any spelling. ValueError says what is
    missing for one.

    `file` holds the programs of the task `programs`, the only one that does not read the database.
    """
    if (task == "programs") != (file is not None):
        raise ValueError("A file of programs is needed for the task “programs”, and only there.")
    if file is not None:
        if projects:
            raise ValueError("The task “programs” is about all projects of its file.")
        return backtest_programs(read_program_file(Path(file)))

    slugs = Project.objects.spelled(projects) if projects else None
    return _report(task, Community(as_of, load_history(as_of)), slugs)


def backtest_step(run: Run) -> dict:
    """Do the backtest that a steward asked for (``scope`` names it) and keep its report."""
    if run.scope not in backtests.SCOPES:
        raise CannotBeDone("There is no backtest called %(name)s.", name=run.scope)
    try:
        report = _report(run.scope, community_at(run.as_of))
    except ValueError as error:
        raise CannotBeDone.of(error) from error
    row = backtests.keep(run, report)
    return {"report": row.pk, **row.headline}


def _report(task: str, community: Community, projects: Sequence[str] | None = None) -> dict:
    history = community.history
    if task == "mentors":
        features, weight = community.features, settings.LOAD_WEIGHT
        return backtest_mentors(history, projects, features=features, load_weight=weight)
    report = backtest_leaders(history, projects, elsewhere=shelf.leaders_elsewhere(history))
    invited = _invited(community.as_of, report["projects"])
    return report | {"invited": outcomes(history, invited, community.seconds)}


def _invited(before: datetime, projects: Sequence[str]) -> Iterator[Invited]:
    """Who could be invited to these projects (slugs) before a moment."""
    log = Invitation.objects.filter(offered_at__lt=before, project__slug__in=projects)
    rows = log.values_list("person", "project__slug", "offered_at", "is_unflagged")
    for person, slug, since, is_unflagged in rows.order_by("offered_at", "pk"):
        yield Invited(person, slug, int(since.timestamp()), is_unflagged)
