"""Places and pauses: limits that no ranking moves."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from foundation.people.models import Person
from mentorship.models import Exposure, Match, MentorOffer

ASSUMED = MentorOffer._meta.get_field("places").default  # of who said nothing


def open_mentorships() -> Counter:
    """Mentor (primary key) → mentees they work with, over all projects."""
    pairs = Exposure.objects.open_mentorships().order_by().values_list("mentor", "mentee")
    return Counter(mentor for mentor, _ in pairs.distinct())


def has_place_for(mentor: int, mentee: int) -> bool:
    """Does a mentor have a place for somebody (primary keys)? Whom they work with has one."""
    working = Exposure.objects.open_mentorships().filter(mentor=mentor)
    mentees = set(working.values_list("mentee", flat=True))
    offer = MentorOffer.objects.filter(person=mentor).first()
    return mentee in mentees or len(mentees) < (offer.places if offer else ASSUMED)


def room(people: Collection[int], now: datetime) -> dict[int, int]:
    """Mentor (primary key) → places left today; below 0 where they work with more than they said.

    Whoever paused, said no, hides or left has none at all and is not in it.
    """
    shown = Person.objects.filter(pk__in=people, is_hidden=False, erased_at=None)
    offers = MentorOffer.objects.filter(person__in=people)
    return _left(shown.values_list("pk", flat=True), offers, open_mentorships(), now)


def full_mentors(now: datetime) -> frozenset[int]:
    """Mentors (primary keys) who paused, said no, or have no place left."""
    offers, taken = list(MentorOffer.objects.all()), open_mentorships()
    known = taken.keys() | {offer.person_id for offer in offers}
    left = _left(known, offers, taken, now)
    return frozenset(person for person in known if left.get(person, 0) <= 0)


def _left(
    people: Iterable[int], offers: Iterable[MentorOffer], taken: Counter, now: datetime
) -> dict[int, int]:
    """The places that are left with each of these; who is closed is not in it."""
    said = {offer.person_id: offer for offer in offers}
    return {
        person: (said[person].places if person in said else ASSUMED) - taken[person]
        for person in people
        if person not in said or said[person].is_open(now.date())
    }


def with_room(matches: QuerySet[Match], now: datetime) -> QuerySet[Match]:
    """Matches whose mentors have room today: as ``full_mentors`` decides, in the same query."""
    mentees = (
        Exposure.objects.open_mentorships()
        .filter(mentor=OuterRef("mentor"))
        .order_by()
        .values("mentor")
        .annotate(n=Count("mentee", distinct=True))
        .values("n")
    )
    return (
        matches.exclude(mentor__mentor_offer__never=True)
        .exclude(mentor__mentor_offer__paused_until__gt=now.date())
        .alias(
            taken=Coalesce(Subquery(mentees), Value(0)),
            places=Coalesce(F("mentor__mentor_offer__places"), Value(ASSUMED)),
        )
        .filter(taken__lt=F("places"))
    )
