"""Who was flagged to stewards, and whom the lot left out: the log that keeps leader models honest.

Whoever is invited may come to lead because of it. A random share of those who could be invited is
therefore shown to no steward for a year, and what becomes of both is compared when it is over.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import salted_hmac

from foundation.activity.tombstones import tombstone_key
from foundation.people.known import batches
from foundation.people.models import Invitation, LeaderSignal, Person
from foundation.people.models.leader import LeaderSignalQuerySet
from foundation.projects.models import Project

LEFT_OUT_FOR = timedelta(days=365)
"""Whoever the lot keeps from stewards is shown to them a year later."""
KEPT_AT_LEAST = 2 * LEFT_OUT_FOR
"""That year, and the one in which it shows what became of somebody."""


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


def readable(project: Project) -> LeaderSignalQuerySet:
    """The signals of a project that stewards may read."""
    signals = LeaderSignal.objects.filter(project=project, is_unflagged=False)
    return signals.for_stewards(need_consent=settings.LEADERS_NEED_CONSENT)


def left_out(project: Project, people: set[int], now: datetime) -> set[int]:
    """Those of these (primary keys) whom the lot keeps from stewards, in their first year.

    Nobody of whom stewards could read before: they would see whom it took. Whom it took stays left
    out until the year is over, whatever share it takes since; unless it takes nobody any more.
    """
    share = settings.UNFLAGGED_LEADERS
    if not share:
        return set()
    log = Invitation.objects.filter(project=project)
    known = log.filter(is_unflagged=False).values_list("person", flat=True)
    unknown = people.difference(known, readable(project).values_list("person", flat=True))
    since = dict(log.order_by("-offered_at").values_list("person", "offered_at"))
    taken = {one for one in unknown if one in since or lot_of(one) < share}
    return {one for one in taken if since.get(one, now) > now - LEFT_OUT_FOR}


def hand_over(taker: Mapping[int, int], now: datetime) -> None:
    """Bring the log of people who go to whoever takes their identities (both primary keys).

    Of two rows that stand for one project the older one stays.
    """
    for some in batches(taker):
        people = {*some, *(taker[person] for person in some)}
        list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk"))
        for row in Invitation.objects.filter(person__in=some).order_by("pk"):
            row.person_id = taker[row.person_id]
            same = Invitation.objects.filter(person=row.person_id, project=row.project_id)
            if row.ended_at is None and (other := same.standing().first()):
                later = max(row, other, key=lambda one: one.offered_at)
                later.ended_at = now
                later.save(update_fields=["ended_at"])
            row.save(update_fields=["person"])


def lot_of(person: int) -> float:
    """The lot of a person (primary key), from 0 to 1: always the same, and nobody can guess it."""
    drawn = salted_hmac(__name__, person, secret=tombstone_key(), algorithm="sha256").digest()
    return int.from_bytes(drawn) / 2**256


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
    """Delete what is known of a person in a project once all of it ended long ago; how many rows.

    The first row of somebody says with whom they are compared, and the lot asks for it.
    """
    before = now - max(timedelta(days=settings.EXPOSURE_DAYS), KEPT_AT_LEAST)
    same = Invitation.objects.filter(person=OuterRef("person"), project=OuterRef("project"))
    kept = same.filter(Q(ended_at=None) | Q(ended_at__gte=before))
    return Invitation.objects.filter(~Exists(kept)).delete()[0]
