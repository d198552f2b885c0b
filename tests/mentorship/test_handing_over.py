"""What people have as mentees and mentors follows their identities."""

import pytest

from foundation.people import merging
from foundation.people.claims import claim_by_verified_email
from foundation.people.models import Person
from mentorship.beginning import begin_each
from mentorship.models import CohortPlacement, CoMentor, Exposure, MentorOffer, PairRule
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def keel():
    return world.project()


@pytest.fixture
def people():
    return [world.person(name) for name in ("Mina", "Momo", "Moritz")]


def placed(mentee: Person, mentor: Person, on) -> CohortPlacement:
    """A place whose mentorship has begun."""
    at = world.days_ago(9)
    place = world.place(mentee, mentor, on, at=at)
    begin_each({(on.pk, mentee.pk, mentor.pk): place.pk}, now=at)
    return place


def are_one(gone: Person, stays: Person) -> None:
    """Whoever holds more identities stays."""
    steward = world.steward("sam@foundation.example")
    more = world.identity(stays, "more@elsewhere.example")
    for one, other in ((stays, more), (gone, stays)):
        right = other if other is more else world.own_identity(stays)
        asked = world.link(world.own_identity(one), right, rule="steward", state="suggested")
        merging.decide(asked, applied=True, by=steward)
    assert not Person.objects.filter(pk=gone.pk).exists()


def test_a_place_and_its_mentorship_stay_when_the_mentor_turns_out_to_be_somebody_else(
    keel, people
):
    mina, momo, moritz = people
    place = placed(mina, momo, keel)
    are_one(momo, moritz)
    place.refresh_from_db()
    assert (place.mentor, place.is_running) == (moritz, True)
    (working,) = Exposure.objects.open_mentorships()
    assert (working.mentee, working.mentor, working.placement) == (mina, moritz, place)


def test_an_account_takes_the_places_limits_and_rules_of_whom_it_turns_out_to_be(keel):
    mina, momo = world.person("Mina"), world.person("Momo", "momo@halyard.example")
    place = placed(mina, momo, keel)
    world.co_mentor(place.cohort, momo, world.project("rudder"))
    MentorOffer.objects.create(person=momo, places=3)
    rule = {"kind": "conflict", "mentee": mina, "mentor": momo, "made_at": world.NOW}
    PairRule.objects.create(**rule)
    account = world.user("momo@halyard.example")
    newly_made = Person.objects.create(name="Momo", user=account)
    claim_by_verified_email(account)
    place.refresh_from_db()
    assert place.mentor == newly_made
    assert Exposure.objects.get().mentor == newly_made
    assert CoMentor.objects.get().mentor == newly_made
    assert MentorOffer.objects.get().person == newly_made
    assert PairRule.objects.get().mentor == newly_made


def test_what_the_taker_has_already_stays_theirs(keel, people):
    mina, momo, moritz = people
    for mentor, places in ((momo, 5), (moritz, 2)):
        MentorOffer.objects.create(person=mentor, places=places)
    own = world.exposure(mina, moritz, keel, rank=1)
    world.exposure(mina, momo, keel, rank=2)
    are_one(momo, moritz)
    assert list(Exposure.objects.all()) == [own]
    assert MentorOffer.objects.get().places == 2


def test_nobody_is_with_themselves_afterwards(keel, people):
    mina, _, moritz = people
    placed(mina, moritz, keel)
    world.exposure(mina, moritz, world.project("rudder"))
    are_one(mina, moritz)
    assert not Exposure.objects.exists()
    assert not moritz.placements.exists()
    assert not moritz.placements_as_mentor.exists()
