"""What others do while a cohort is published comes before it, or after: never in between."""

import pytest
from django.db import transaction
from django.utils import timezone

from foundation.people import rights
from foundation.people.models import Person
from foundation.projects.models import Project
from mentorship import cohorts, exposure
from mentorship.models import Cohort, Exposure, MentorOffer, MentorRequest
from mentorship.places import room
from tests import world
from tests.matching.beside import Beside, before
from tests.matching.cohort_steps import asking_and_mentoring, placed, preview, worked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    """Ada is placed with Mo in Keel, Ben with Pia in Mast."""
    return asking_and_mentoring()


def publish(cohort: Cohort) -> list[str]:
    """Publish, and say by which codes what stood against it."""
    return [fault["code"] for fault in cohorts.publish(cohort, by=None, now=timezone.now())]


def mentorships() -> set[tuple]:
    rows = Exposure.objects.open_mentorships()
    return set(rows.values_list("mentee__name", "mentor__name", "project__slug"))


class Publishing(Beside):
    """A cohort published by another process; ``told`` are the codes of what stood against it."""

    def __init__(self, cohort: Cohort) -> None:
        self.told: list[str] = []
        super().__init__(lambda: self.told.extend(publish(cohort)))


def told_while_erased(monkeypatch, person: Person, cohort: Cohort) -> list[str]:
    """Publish while an erasure holds a person, and has yet to take their rows away."""
    publishing = Publishing(cohort)
    before(monkeypatch, rights, "erase_upper_floors", publishing.begin)
    rights.erase(person, now=timezone.now())
    publishing.end()
    return publishing.told


@pytest.mark.parametrize("role", ["Ada", "Mo"])
def test_nothing_is_published_of_somebody_who_is_just_being_erased(people, monkeypatch, role):
    cohort = preview()
    assert placed(cohort)["Ada"] == ("keel", "Mo", 1)
    assert told_while_erased(monkeypatch, people[role], cohort) == ["somebody_left"]
    assert (Cohort.objects.get().state, mentorships()) == ("waiting", set())
    assert room([people["Mo"].pk], timezone.now()) == ({} if role == "Mo" else {people["Mo"].pk: 1})


def test_no_mentorship_begins_with_a_co_mentor_who_is_just_being_erased(people, monkeypatch):
    hel, keel = world.person("Hel"), Project.objects.get(slug="keel")
    cohort = preview()
    cohorts.add_co_mentor(cohort, hel, keel, by=None, now=timezone.now())
    cohort = worked(cohort)
    assert told_while_erased(monkeypatch, hel, cohort) == []
    assert mentorships() == {("Ada", "Mo", "keel"), ("Ben", "Pia", "mast")}


def test_two_cohorts_published_at_once_place_nobody_twice(people, monkeypatch):
    MentorRequest.objects.filter(person=people["Ben"]).delete()
    first, second = preview(), preview()
    pair = people["Ada"], people["Mo"]
    cohorts.add_rule(second, "forbidden", *pair, by=None, now=timezone.now())
    second = worked(second)
    assert (placed(first), placed(second)) == (
        {"Ada": ("keel", "Mo", 1)},
        {"Ada": ("mast", "Pia", 2)},
    )
    publishing = Publishing(second)
    before(monkeypatch, exposure, "begin_each", publishing.begin)
    assert publish(first) == []
    publishing.end()
    assert publishing.told == ["mentee_mentored"]
    assert mentorships() == {("Ada", "Mo", "keel")}


def test_publishing_waits_for_lists_that_are_just_being_written(people, monkeypatch):
    MentorOffer.objects.create(person=people["Mo"], places=2)
    cohort, keel = preview(), Project.objects.get(slug="keel")
    listed = [world.exposure(people[name], people["Mo"], keel) for name in ("Ada", "Ben")]
    change = world.change(world.repository(keel), people["Ben"], at=world.days_ago(9))
    world.deed(change, people["Mo"])
    publishing = Publishing(cohort)
    with transaction.atomic():
        assert exposure.note_joint_work(keel, now=world.NOW) == 1  # that of the second row
        publishing.begin()
        exposure.note_offers(keel, [], now=world.NOW)
    publishing.end()
    assert publishing.told == []
    assert mentorships() == {("Ada", "Mo", "keel"), ("Ben", "Mo", "keel")}
    ended = Exposure.objects.filter(pk__in=[row.pk for row in listed], ended_at=world.NOW)
    assert sorted(ended.values_list("mentee__name", "answer")) == [("Ada", ""), ("Ben", "")]


def test_an_erasure_takes_the_log_in_the_order_in_which_lists_are_written(people):
    ada, keel = people["Ada"], Project.objects.get(slug="keel")
    listed = world.exposure(people["Ben"], ada, keel), world.exposure(ada, people["Mo"], keel)
    erasing = Beside(lambda: rights.erase(ada, now=timezone.now()))
    with transaction.atomic():
        for row in listed:
            Exposure.objects.select_for_update(no_key=True).get(pk=row.pk)
            erasing.begin()
    erasing.end()
    ada.refresh_from_db()
    assert (ada.name, Exposure.objects.count()) == ("", 0)
