"""Emerging leaders as people meet them: invitations for stewards, everything for oneself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from foundation.people.leader_reasons import leader_reasons
from foundation.people.models import Consent, LeaderSignal, Person, SignalView
from foundation.people.reasons import Reason
from foundation.runs.models import TrainedModel
from foundation.web.charts import Interval, interval

LOOK_LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Evidence:
    """A signal as it is read: reasons in words; the number only for those who may see it."""

    signal: LeaderSignal
    reasons: list[Reason]
    interval: Interval | None


def invitations(user, *, now: datetime) -> QuerySet[LeaderSignal]:
    """Whom this steward may invite: by project and name, so that no order of worth is shown.

    A person stands there once for each horizon; ``nearest()`` leaves one.
    """
    if not (user.is_authenticated and user.is_steward):
        return LeaderSignal.objects.none()
    return (
        LeaderSignal.objects.visible_to(user, need_consent=settings.LEADERS_NEED_CONSENT)
        .current(now)
        .exclude(person__user=user)
        .select_related("person", "project", "model")
        .order_by("project__name", "person__name", "person", "horizon")
    )


def is_nobody_believed() -> bool:
    """Whether simple counts told better than every model who comes to lead, so that none serves."""
    return TrainedModel.objects.are_all_beaten(TrainedModel.Task.LEADERS)


def look(signal: LeaderSignal, *, viewer) -> SignalView:
    """Note that the viewer reads the evidence; the person may see the note."""
    return SignalView.objects.create(
        viewer=viewer,
        person=signal.person,
        project=signal.project,
        saw_number=number_agreed(signal.person),
    )


def standing_look(signal: LeaderSignal, *, viewer, now: datetime) -> SignalView | None:
    """The viewer's note of the last half hour about this project, if there is one."""
    return SignalView.objects.filter(
        viewer=viewer, person=signal.person, project=signal.project, at__gt=now - LOOK_LASTS
    ).first()


def number_agreed(person: Person) -> bool:
    return Consent.objects.filter(
        person=person, purpose=Consent.Purpose.LEADER_NUMBER, withdrawn_at__isnull=True
    ).exists()


def evidence_of(signal: LeaderSignal, *, with_number: bool) -> Evidence:
    number = interval(signal.low, signal.probability, signal.high) if with_number else None
    return Evidence(signal, leader_reasons(signal), number)


def leading_page(person: Person, *, now: datetime) -> dict:
    """All of it, for the person: signals with numbers, the consent, and who looked."""
    signals = LeaderSignal.objects.filter(person=person).current(now)
    signals = signals.select_related("project", "person", "model")
    signals = signals.order_by("project__name", "project", "horizon")
    return {
        "person": person,
        "evidence": [evidence_of(signal, with_number=True) for signal in signals],
        "agreed": number_agreed(person),
        "looks": person.signal_views.select_related("viewer", "project")[:50],
        "needs_consent": settings.LEADERS_NEED_CONSENT,
        "is_nobody_believed": is_nobody_believed(),
    }
