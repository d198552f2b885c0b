"""Whether what is shown still says what the facts say."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Max

from foundation.activity.models import Activity
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


def stale_projects(tasks: Collection[str], now: datetime) -> list[str]:
    """Slugs of the projects for which one of the tasks has not been done on the present facts."""
    to_rebuild = set(StaleProfile.objects.values_list("project__slug", flat=True))
    mark = facts_mark()
    done = Run.objects.filter(
        task__in=tasks, state=Run.State.DONE, finished_at__gt=now - FRESH
    ).values_list("task", "scope", "result")
    fresh = {(task, scope) for task, scope, result in done if result.get(MARK) == mark}
    return [
        slug
        for slug in Project.objects.order_by("slug").values_list("slug", flat=True)
        if slug in to_rebuild or not all((task, slug) in fresh for task in tasks)
    ]
