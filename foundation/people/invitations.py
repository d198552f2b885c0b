"""Who was flagged to stewards, and whom the lot left out: the log that keeps leader models honest.

Whoever is invited may come to lead because of it. A random share of those who could be invited is
therefore shown to no steward for a year, and what becomes of both is compared when it is over.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings

from foundation.people.models import Invitation, LeaderSignal
from foundation.projects.models import Project


def note_invitations(project: Project, *, now: datetime) -> None:
    """Log whom stewards can read of in a project from now on, and until when they could.

    The caller's transaction holds the run, and the people whose signals are there.
    """
    signals = LeaderSignal.objects.filter(project=project).current(now)
    signals = signals.for_stewards(need_consent=settings.LEADERS_NEED_CONSENT).nearest()
    log = Invitation.objects.standing().filter(project=project)
    standing = {row[:2]: row[2] for row in log.values_list("person", "is_unflagged", "pk")}
    fresh = [
        _invitation(signal, now)
        for signal in signals.select_related("model").order_by("person")
        if standing.pop((signal.person_id, signal.is_unflagged), None) is None
    ]
    Invitation.objects.filter(pk__in=standing.values()).update(ended_at=now)
    Invitation.objects.bulk_create(fresh)


def invited_before(project: Project, people: Collection[int], moment: datetime) -> set[int]:
    """Those of these (primary keys) who could be invited to a project at a moment already."""
    log = Invitation.objects.filter(project=project, person__in=people, offered_at__lte=moment)
    return set(log.values_list("person", flat=True))


def _invitation(signal: LeaderSignal, now: datetime) -> Invitation:
    return Invitation(
        person_id=signal.person_id,
        project_id=signal.project_id,
        horizon=signal.horizon,
        probability=signal.probability,
        model_version=signal.model.version,
        is_unflagged=signal.is_unflagged,
        offered_at=now,
    )


def forget(now: datetime) -> int:
    """Delete what ended before the house forgets it; how many rows."""
    before = now - timedelta(days=settings.EXPOSURE_DAYS)
    return Invitation.objects.filter(ended_at__lt=before).delete()[0]
