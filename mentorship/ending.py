"""How mentorships end: one by itself, or all that a place in a cohort began."""

from datetime import datetime

from django.db import transaction

from foundation.people.models import Person
from mentorship import asking
from mentorship.models import CohortPlacement, Exposure


@transaction.atomic
def end(placement: CohortPlacement, *, now: datetime) -> bool:
    """A place has ended, for its mentor and its co-mentors; False when it had ended already.

    Nothing else ends: neither what a mentor began by their own word, nor what another cohort began.
    """
    begun = placement.mentorships.open_mentorships()
    list(begun.in_turn())  # first the log, then the place: an erasure goes the same way
    mine = CohortPlacement.objects.running().filter(pk=placement.pk)
    if not mine.update(ended_at=now):
        return False
    begun.update(finished_at=now)
    return True


def finish(exposure: Exposure, *, now: datetime) -> bool:
    """The mentorship has ended, and its place is free again; False when it was not open.

    Where a place was theirs, co-mentors have nobody left to help: it ends for them as well. A
    co-mentor ends their own part only.
    """
    place = CohortPlacement.objects.running().led_by(exposure).first()
    if place is not None:
        return end(place, now=now)
    return bool(Exposure.objects.open_mentorships().filter(pk=exposure.pk).update(finished_at=now))


def leave(mentor: Person, *, now: datetime) -> None:
    """A mentor is gone: their places end, and the wishes that these met are open again."""
    for place in CohortPlacement.objects.running().filter(mentor=mentor).select_related("project"):
        end(place, now=now)
        asking.reopen(place, now=now)
