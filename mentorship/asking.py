"""Asking for a mentor, and no longer asking."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery

from foundation.people.models import Person
from foundation.projects.models import Project
from foundation.runs import ledger
from foundation.runs.models import Run
from mentorship.models import Cohort, CohortPlacement, MentorOffer, MentorRequest

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


def reopen(placement: CohortPlacement, *, now: datetime) -> bool:
    """Open the request that a place met; False where there is none, or a newer one."""
    asked = MentorRequest.objects.filter(person=placement.mentee_id, project=placement.project_id)
    newest = asked.order_by("pk").last()
    if newest is None or newest.placement_id != placement.pk:
        return False
    try:
        with transaction.atomic():
            asked.filter(pk=newest.pk).update(closed_at=None, placement=None)
    except IntegrityError:  # they ask anew at this very moment
        return False
    _owe_matches(placement.project, now)
    return True


@transaction.atomic
def close_met(cohort: Cohort, *, now: datetime) -> None:
    """Close the requests that a cohort has met.

    What somebody asked for in other projects stays as it is. All lists of these projects are made
    anew: mentors have fewer places.
    """
    places = cohort.placements.filter(mentor__isnull=False).order_by()
    own = places.filter(mentee=OuterRef("person"), project=OuterRef("project")).values("pk")
    met = MentorRequest.objects.open().filter(Exists(own))
    met.update(closed_at=now, placement=Subquery(own))
    projects = Project.objects.filter(pk__in=places.values("project"))
    slugs = list(projects.values_list("slug", flat=True))
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
