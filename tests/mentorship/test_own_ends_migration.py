"""What places began and when it ended, over the migration that joins both by a key."""

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F

from foundation.people.models import Person
from mentorship import beginning, ending
from mentorship.models import CohortPlacement, Exposure, MentorRequest
from mentorship.places import open_mentorships
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
LATER = world.days_ago(-30)


def migrate(*targets):
    """Migrate there, to the newest without a target; the models as they were there."""
    executor = MigrationExecutor(connection)
    targets = list(targets) or executor.loader.graph.leaf_nodes()
    return executor.migrate(targets).apps


@pytest.fixture
def before():
    """Migrates back to where publishing told a placement as asked and accepted."""
    yield lambda: migrate(("mentorship", "0004_co_mentors"))
    migrate()


@pytest.fixture
def nia():
    """Nia's place with Ada, in which Pia helps; her wish was met by it."""
    keel, nia = world.project(), world.person("Nia")
    place = world.place(nia, world.person("Ada"), keel, at=world.NOW)
    world.co_mentor(place.cohort, world.person("Pia"), keel)
    world.request(nia, keel, closed_at=world.NOW, placement=place)
    return place


def pair(place, mentor: str) -> tuple[int, int, int]:
    """Project, mentee and mentor, as a mentorship of a place is told."""
    return place.project_id, place.mentee_id, Person.objects.get(name=mentor).pk


def rows() -> list[list[dict]]:
    """All that is known of mentorships, of places, and of the wishes that these met."""
    models = Exposure, CohortPlacement, MentorRequest
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_what_was_published_before_ends_with_its_place(nia, before):
    mentors = Person.objects.filter(name__in=["Ada", "Pia"])
    Old = before().get_model("mentorship", "Exposure")
    told = {"rank": 1, "offered_at": world.days_ago(9), "answer": "accepted"}
    two = {"project_id": nia.project_id, "mentee_id": nia.mentee_id}
    for mentor in mentors.order_by("name"):
        asked = {"asked_at": world.NOW, "answered_at": world.NOW}
        Old.objects.create(**two, **told, **asked, mentor_id=mentor.pk)
    zed = world.person("Zed").pk
    Old.objects.create(
        **two, **told, asked_at=world.days_ago(6), answered_at=world.days_ago(5), mentor_id=zed
    )
    migrate()
    said = Exposure.objects.order_by("mentor__name")
    assert list(said.values_list("mentor__name", "answer", "asked_at", "placement")) == [
        ("Ada", "placed", None, nia.pk),
        ("Pia", "placed", None, nia.pk),
        ("Zed", "accepted", world.days_ago(6), None),
    ]
    assert list(MentorRequest.objects.values_list("placement", flat=True)) == [nia.pk]
    assert ending.end(CohortPlacement.objects.get(), now=LATER)
    assert open_mentorships() == {zed: 1}


def test_back_and_forth_everything_is_as_it_was(nia, before):
    """Nia had asked Ada twice; Ben's place has ended, and in Cleo's Pia no longer helps."""
    others = [
        world.placement(nia.cohort, world.person(name), nia.mentor, nia.project)
        for name in ("Ben", "Cleo")
    ]
    for days in (30, 20):
        world.exposure(
            *(nia.mentee, nia.mentor, nia.project),
            offered_at=world.days_ago(days),
            ended_at=world.days_ago(days - 5),
            asked_at=world.days_ago(days - 2),
        )
    begun = {pair(one, mentor): one.pk for one in (nia, *others) for mentor in ("Ada", "Pia")}
    with transaction.atomic():
        beginning.begin_each(begun, now=world.NOW)
    ben, cleo = others
    ending.end(ben, now=LATER)
    ending.finish(Exposure.objects.get(placement=cleo, mentor__name="Pia"), now=LATER)
    assert Exposure.objects.filter(finished_at=F("answered_at")).count() == 1
    known = rows()
    before()
    migrate()
    assert rows() == known
