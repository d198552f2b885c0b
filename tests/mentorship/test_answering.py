"""A mentor answers who wrote to them: within their places, and once."""

import pytest
from django.db import transaction
from django.urls import reverse

from mentorship import asking, beginning, ending, exposure
from mentorship.models import Exposure, MentorOffer, MentorRequest
from mentorship.places import open_mentorships
from tests import world
from tests.matching.beside import Beside, after
from tests.mentorship.cohort_pages import post
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
MENTORING = reverse("mentorship:limits")
FULL = "Your places are all taken: offer one more, then answer again."


@pytest.fixture
def keel():
    return world.project()


@pytest.fixture
def nia():
    return world.person("Nia Obi", account=world.user("nia@halyard.example"))


@pytest.fixture
def ada():
    return world.person("Ada", account=world.user("ada@halyard.example"))


def letter(mentee, mentor, project, **fields) -> Exposure:
    return world.exposure(mentee, mentor, project, asked_at=world.days_ago(3), **fields)


def said(row: Exposure) -> str:
    """What comes of it that the mentor says yes."""
    try:
        beginning.answer(row, accepted=True, now=world.NOW)
    except beginning.NoPlaceLeft:
        return "full"
    row.refresh_from_db()
    return "over" if row.finished_at else row.answer


def test_who_has_no_place_left_works_with_nobody_else_before_they_offer_one(client, keel, nia, ada):
    row = letter(nia, ada, keel)
    world.mentorship(world.person("Dan"), ada, keel)
    client.force_login(ada.user)
    assert FULL in page(client, post(client, "answer", row.pk, accepted="1")["Location"])
    assert list(exposure.waiting_for(ada)) == [row]
    MentorOffer.objects.create(person=ada, places=2)
    assert FULL not in page(client, post(client, "answer", row.pk, accepted="1")["Location"])
    assert open_mentorships() == {ada.pk: 2}


def test_no_place_is_wanted_to_say_not_now(keel, nia, ada):
    world.mentorship(world.person("Dan"), ada, keel)
    assert beginning.answer(letter(nia, ada, keel), accepted=False, now=world.NOW)


def test_who_works_with_the_mentor_elsewhere_takes_no_further_place(keel, nia, ada):
    world.mentorship(nia, ada, world.project("mast"))
    assert said(letter(nia, ada, keel)) == "accepted"
    assert open_mentorships() == {ada.pk: 1}


def test_an_agreement_answers_all_letters_of_the_two_in_the_project(keel, nia, ada):
    MentorOffer.objects.create(person=ada, places=9)
    former = letter(nia, ada, keel, ended_at=world.days_ago(2))
    standing = letter(nia, ada, keel)
    others = letter(world.person("Ben"), ada, keel), letter(nia, ada, world.project("mast"))
    assert said(former) == "accepted"
    assert list(exposure.waiting_for(ada)) == list(others)
    assert list(exposure.mentorships_of(ada, now=world.NOW)) == [former]
    ending.finish(former, now=world.NOW)
    assert not beginning.answer(standing, accepted=True, now=world.NOW)


def test_a_letter_between_two_who_work_together_begins_nothing(keel, nia, ada):
    working = world.mentorship(nia, ada, keel, ended_at=world.days_ago(5))
    assert said(letter(nia, ada, keel)) == "over"
    assert list(Exposure.objects.open_mentorships()) == [working]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("places", "second"), [(1, "full"), (2, "accepted")])
def test_two_who_are_answered_at_once_take_no_more_than_the_places(
    keel, nia, ada, monkeypatch, places, second
):
    MentorOffer.objects.create(person=ada, places=places)
    told, rows = {}, [letter(one, ada, keel) for one in (nia, world.person("Ben"))]
    answering = Beside(lambda: told.update(second=said(rows[1])))
    after(monkeypatch, beginning, "has_place_for", answering.begin)
    told.update(first=said(rows[0]))
    answering.end()
    assert told == {"first": "accepted", "second": second}
    assert open_mentorships() == {ada.pk: places}


@pytest.mark.django_db(transaction=True)
def test_two_letters_answered_at_once_begin_one_mentorship(keel, nia, ada, monkeypatch):
    rows = [letter(nia, ada, keel, ended_at=world.days_ago(2)), letter(nia, ada, keel)]
    answering = Beside(lambda: beginning.answer(rows[1], accepted=True, now=world.NOW))
    after(monkeypatch, beginning, "has_place_for", answering.begin)
    assert said(rows[0]) == "accepted"
    answering.end()
    assert list(Exposure.objects.open_mentorships()) == rows[:1]


@pytest.mark.django_db(transaction=True)
def test_a_wish_asked_anew_while_it_would_be_opened_stands_alone(keel, nia, ada):
    place = world.place(nia, ada, keel, at=world.NOW)
    world.request(nia, keel, closed_at=world.NOW, placement=place)
    told = []
    opening = Beside(lambda: told.append(asking.reopen(place, now=world.NOW)))
    with transaction.atomic():
        newer = asking.ask(nia, keel, now=world.NOW)
        opening.begin()
    opening.end()
    assert (told, list(MentorRequest.objects.open())) == ([False], [newer])


def test_nobody_writes_to_a_mentor_with_whom_they_are_placed(client, keel, nia, ada):
    row = world.exposure(nia, ada, keel, answer="placed", answered_at=world.NOW)
    client.force_login(nia.user)
    assert post(client, "asked", row.pk).status_code == 404
    assert not exposure.note_asked(row, now=world.NOW)
    row.refresh_from_db()
    assert row.asked_at is None
