"""Whether what is shown still says what the facts say."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Max, Sum

from foundation.activity.models import Activity, Change
from foundation.people.models import StaleProfile
from foundation.projects.models import Project
from foundation.runs.models import Run
from mentorship.models import MentorRequest

# Weights decay and signals expire even where nothing happens.
FRESH = timedelta(days=1)
# Under this name the result of a run tells which facts it was begun on; no step returns it.
MARK = "facts_mark"


def facts_mark() -> dict:
    """A mark that changes when there are new facts, or a new request for a mentor."""
    return {
        "activities": Activity.objects.aggregate(last=Max("pk"))["last"],
        "requests": MentorRequest.objects.aggregate(last=Max("pk"))["last"],
    }


def withdrawn_mark() -> tuple:
    """A mark that changes when changes leave the history or come back to it.

    Their number alone stays the same where as many leave as come back.
    """
    gone = Change.objects.withdrawn()
    return tuple(gone.aggregate(Count("pk"), Sum("pk"), Max("withdrawn_at")).values())


def stale_projects(tasks: Collection[str], now: datetime) -> list[str]:
    """Slugs of the projects for which one of the tasks has not been done on their present facts."""
    to_rebuild = set(StaleProfile.objects.values_list("project__slug", flat=True))
    marks = _marks(tasks, now)
    activities, requests = _latest_facts(marks)
    return [
        slug
        for slug in Project.objects.order_by("slug").values_list("slug", flat=True)
        if slug in to_rebuild
        or slug not in marks
        or activities.get(slug, 0) > (marks[slug]["activities"] or 0)
        or requests.get(slug, 0) > (marks[slug]["requests"] or 0)
    ]


def _marks(tasks: Collection[str], now: datetime) -> dict[str, dict]:
    """For each project that has had all of the tasks done lately, the mark they were begun on."""
    done = Run.objects.filter(task__in=tasks, state=Run.State.DONE, finished_at__gt=now - FRESH)
    latest: dict[tuple[str, str], dict] = {}
    for task, scope, result in done.order_by("period").values_list("task", "scope", "result"):
        if result.get(MARK):
            latest[task, scope] = result[MARK]
    scopes = {scope for _, scope in latest}
    return {
        scope: min(
            (latest[task, scope] for task in tasks), key=lambda mark: mark["activities"] or 0
        )
        for scope in scopes
        if all((task, scope) in latest for task in tasks)
    }


def _latest_facts(marks: dict[str, dict]) -> tuple[dict[str, int], dict[str, int]]:
    """For each project the last activity and request that came after the oldest of the marks."""
    since = {
        name: min((mark[name] or 0 for mark in marks.values()), default=0)
        for name in ("activities", "requests")
    }
    told = Activity.objects.filter(pk__gt=since["activities"]).order_by()
    asked = MentorRequest.objects.filter(pk__gt=since["requests"]).order_by()
    of_project, slug = "change__repository__project__slug", "project__slug"
    return (
        dict(told.values_list(of_project).annotate(last=Max("pk"))),
        dict(asked.values_list(slug).annotate(last=Max("pk"))),
    )
