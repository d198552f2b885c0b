"""Places and pauses: limits that no ranking moves."""

from collections import Counter
from collections.abc import Collection
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


def room(people: Collection[int], now: datetime) -> dict[int, int]:
    """Mentor (primary key) → places left today; below 0 where they work with more than they said.

    Whoever paused, said no, hides or left has none at all and is not in it.
    """
    offers = {offer.person_id: offer for offer in MentorOffer.objects.filter(person__in=people)}
    shown = Person.objects.filter(pk__in=people, is_hidden=False, erased_at=None)
    taken = open_mentorships()
    found = {}
    for person in shown.values_list("pk", flat=True):
        offer = offers.get(person)
        if offer is None or offer.is_open(now.date()):
            found[person] = (offer.places if offer else ASSUMED) - taken[person]
    return found


def full_mentors(now: datetime) -> frozenset[int]:
    """Mentors (primary keys) who paused, said no, or have no place left."""
    offers = {offer.person_id: offer for offer in MentorOffer.objects.all()}
    closed = {person for person, offer in offers.items() if not offer.is_open(now.date())}
    places = {person: offer.places for person, offer in offers.items()}
    taken = open_mentorships()
    full = {person for person, count in taken.items() if count >= places.get(person, ASSUMED)}
    return frozenset(closed | full)


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
