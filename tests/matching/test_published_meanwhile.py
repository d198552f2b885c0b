"""What others do while a cohort is published comes before it, or after: never in between."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from foundation.people import rights
from foundation.people.models import Person
from foundation.projects.models import Project
from foundation.runs.models import Run
from mentorship import beginning, cohorts, ending, exposure
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
    return [fault["code"] for fault in cohorts.publish(cohort, by=None)]


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
    before(monkeypatch, beginning, "begin_each", publishing.begin)
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


# -- whoever changes several rows of the log: ready to, of two of Ada's ------------------------


def erased(ada: Person, rows: list[Exposure]):
    return lambda: rights.erase(ada, now=timezone.now())


def seen(ada: Person, rows: list[Exposure]):
    return lambda: exposure.note_seen(ada, now=timezone.now())


def reviewed(ada: Person, rows: list[Exposure]):
    """Ada's work, by mentors who have left her list."""
    Exposure.objects.update(ended_at=world.days_ago(10))
    change = world.change(world.repository(rows[0].project), ada, at=world.days_ago(9))
    for row in rows:
        world.deed(change, row.mentor)
    return transaction.atomic(lambda: exposure.note_joint_work(rows[0].project, now=world.NOW))


def ended(ada: Person, rows: list[Exposure]):
    place = world.place(ada, rows[0].mentor, rows[0].project, at=world.NOW)
    Exposure.objects.update(answer="placed", answered_at=world.NOW, placement=place)
    return lambda: ending.end(place, now=timezone.now())


@pytest.mark.parametrize("ready", [erased, seen, reviewed, ended])
def test_the_log_is_taken_in_one_order_whoever_changes_it(people, ready):
    mast, ada = Project.objects.get(slug="mast"), people["Ada"]
    rows = [world.exposure(ada, people[name], mast) for name in ("Pia", "Mo")]
    changing = Beside(ready(ada, rows))
    # In the table, and in its index by place and mentor, the other row is first now.
    Exposure.objects.filter(pk=rows[0].pk).update(rank=1)
    before = list(Exposure.objects.order_by("pk").values())
    with transaction.atomic():
        for row in rows:
            Exposure.objects.select_for_update(no_key=True).get(pk=row.pk)
            changing.begin()
    changing.end()
    after = list(Exposure.objects.order_by("pk").values())
    assert len(after) in (0, 2) and all(row not in before for row in after)


def test_what_waited_to_be_published_is_dated_when_it_is(people, monkeypatch):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        cohort = preview()
        before(monkeypatch, cohorts, "hold_each", lambda: clock.shift(60))
        asked = timezone.now()
        assert publish(cohort) == []
        written = asked + timedelta(seconds=60)
    cohort.refresh_from_db()
    dated = {
        cohort.published_at,
        *Exposure.objects.values_list("answered_at", flat=True),
        *MentorRequest.objects.filter(closed_at__isnull=False).values_list("closed_at", flat=True),
        *Run.objects.filter(task="matches").values_list("as_of", flat=True),
    }
    assert dated == {written}


def test_what_is_computed_again_of_the_same_moment_is_not_published_unread(people):
    read = preview()
    run = Run.objects.get(task="assign")
    MentorRequest.objects.filter(person=people["Ben"]).delete()
    Run.objects.update(state="waiting")  # its worker was killed before it could say that it is done
    again = worked(read)
    assert (again.as_of, run.as_of) == (read.as_of, read.as_of)
    with pytest.raises(cohorts.NotPublishable):
        publish(read)
    assert publish(again) == []
