"""Asking for a mentor, and no longer asking."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from foundation.people.models import Person
from foundation.projects.models import Project
from foundation.runs import ledger
from foundation.runs.models import Run
from mentorship.models import MentorOffer, MentorRequest

MATCHES = "matches"  # the task that answers a request
IN_BATCH = 500


@transaction.atomic
def ask(
    person: Person,
    project: Project,
    *,
    now: datetime,
    skills: str = "",
    interests: str = "",
    languages: str = "",
    starts_at: int = 9,
    ends_at: int = 18,
    rank: int = 1,
) -> MentorRequest:
    """Ask for a mentor in a project, or change what was asked; matches follow in a moment."""
    request, _ = MentorRequest.objects.update_or_create(
        person=person,
        project=project,
        closed_at=None,
        defaults={
            "skills": skills,
            "interests": interests,
            "languages": languages,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "rank": rank,
        },
    )
    _owe_matches(project, now)
    return request


def _owe_matches(project: Project, now: datetime) -> None:
    run = ledger.owe(MATCHES, project.slug, ledger.stamp(now), as_of=now)
    ledger.wake(run.pk)


@transaction.atomic
def withdraw(request: MentorRequest, *, now: datetime) -> bool:
    """Ask no longer; False when the request was closed already."""
    standing = MentorRequest.objects.open().filter(pk=request.pk)
    if not standing.update(closed_at=now):
        return False
    _owe_matches(request.project, now)
    return True


@transaction.atomic
def reopen(*, person: int, project: int, closed_at: datetime, now: datetime) -> bool:
    """Open the request that a cohort met at a moment; False where there is none, or a newer one."""
    own = MentorRequest.objects.filter(person=person, project=project)
    if own.open().exists() or not own.filter(closed_at=closed_at).update(closed_at=None):
        return False
    _owe_matches(Project.objects.get(pk=project), now)
    return True


@transaction.atomic
def close_met(placed: Collection[tuple[int, int]], *, now: datetime) -> None:
    """Close the requests that a cohort has met; (project, person) as primary keys.

    What somebody asked for in other projects stays as it is. All lists of these projects are made
    anew: mentors have fewer places.
    """
    projects = {project for project, _ in placed}
    asked = MentorRequest.objects.open().filter(project__in=projects)
    rows = asked.values_list("pk", "project", "person")
    met = [pk for pk, *pair in rows if tuple(pair) in placed]
    for start in range(0, len(met), IN_BATCH):
        MentorRequest.objects.filter(pk__in=met[start : start + IN_BATCH]).update(closed_at=now)
    slugs = list(Project.objects.filter(pk__in=projects).values_list("slug", flat=True))
    period = ledger.stamp(now)
    ledger.owe_each(MATCHES, slugs, period, as_of=now)
    owed = Run.objects.filter(task=MATCHES, period=period, scope__in=slugs)
    ledger.wake(*owed.values_list("pk", flat=True))


def set_limits(
    person: Person, *, places: int, paused_until: date | None, never: bool, languages: str = ""
) -> MentorOffer:
    """A mentor's own limits: how many, not before when, or not at all; and the languages spoken."""
    limits = {
        "places": places,
        "paused_until": paused_until,
        "never": never,
        "languages": languages,
    }
    offer, _ = MentorOffer.objects.update_or_create(person=person, defaults=limits)
    return offer
