"""What somebody is told of a long silence of their own, and how they say that all is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.people.models import Lull, LullPause, Person

FINE_LASTS = timedelta(days=90)


@dataclass(frozen=True)
class Care:
    """What one's own page says: the lull, or the wish not to be told; mostly neither."""

    lull: Lull | None
    pause: LullPause | None


def care_for(user, *, now: datetime) -> Care:
    """The lull that ``user`` may read: their own. Who wishes for peace is told nothing."""
    lull = Lull.objects.visible_to(user).current(now).select_related("person").first()
    pause = LullPause.objects.standing(now.date()).filter(person__user=user).first()
    return Care(lull, pause)


def rest(person: Person, *, now: datetime, for_good: bool = False) -> LullPause:
    """Be left in peace, for a season or for good. What was computed goes at once."""
    until = None if for_good else (now + FINE_LASTS).date()
    pause, _ = LullPause.objects.update_or_create(person=person, defaults={"until": until})
    Lull.objects.filter(person=person).delete()
    return pause


def end_rest(person: Person) -> None:
    """Be told again; what holds then comes with the next refresh."""
    LullPause.objects.filter(person=person).delete()
