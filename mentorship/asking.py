"""Asking for a mentor, and no longer asking."""

from datetime import date, datetime

from django.db import transaction

from foundation.people.models import Person
from foundation.projects.models import Project
from foundation.runs import ledger
from mentorship.models import MentorOffer, MentorRequest

MATCHES = "matches"  # the task that answers a request


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
