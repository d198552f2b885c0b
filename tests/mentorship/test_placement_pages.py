"""A published place is a mentorship, and ends for all concerned when one of them says so."""

import pytest
from django.urls import reverse

from foundation.people.rights import hide
from mentorship.models import Exposure, MentorOffer
from mentorship.places import open_mentorships
from tests import world
from tests.mentorship.cohort_pages import address, of, post, publish
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PLACE, MENTORING, HOME = (
    reverse(f"{name}") for name in ("mentorship:placement", "mentorship:limits", "web:home")
)


@pytest.fixture
def published(client, steward, cohort):
    """Nia works with Ada, and with Pia, who helps in Keel."""
    world.co_mentor(cohort, world.person("Pia Lund"), of("Nia").project)
    publish(client, cohort)
    assert sum(open_mentorships().values()) == 2
    return cohort


def test_the_mentee_ends_it_with_everybody_and_may_ask_anew(client, published):
    nia = of("Nia")
    assert "You are placed with Ada Faure in Keel." in page(client, HOME, nia.mentee.user)
    assert "It has ended in Keel" in page(client, PLACE)
    post(client, "placement-end", nia.pk)
    assert (open_mentorships(), Exposure.objects.filter(finished_at=world.NOW).count()) == ({}, 2)
    html = page(client, PLACE)
    assert "ended on March 2, 2026" in html and f"?project={nia.project_id}" in html
    assert "You are placed with" not in page(client, HOME)


def test_the_front_page_of_who_is_placed_invites_to_nothing_they_have(client, published):
    nia, keel = of("Nia").mentee, of("Nia").project
    world.match(nia, world.person("Zed"), keel, kind="suggested")
    invitation, asked = "Who could mentor you", "You asked in Mast; suggestions are on their way."
    html = page(client, HOME, nia.user)
    assert (invitation in html, "You have not asked" in html) == (False, False)
    world.request(nia, world.project("mast"))
    html = page(client, HOME)
    assert (invitation in html, asked in html, "Zed" in html) == (True, True, False)


def test_the_front_page_of_a_mentor_tells_of_mentees_then_of_letters_then_of_places(
    client, published
):
    ada, ben, keel = of("Nia").mentor, of("Ben").mentee, of("Nia").project
    world.exposure(ben, ada, keel, asked_at=world.days_ago(1))
    told = page(client, HOME, ada.user).partition("<main")[2]
    parts = ["Whom you mentor", "Nia Obi", "Waiting for your answer", "Ben Roth", "All your places"]
    assert sorted(parts, key=told.index) == parts
    assert "Who could mentor you" not in told
    hide(of("Nia").mentee, hidden=True)
    told = page(client, HOME)
    assert ("Nia Obi" in told, "Somebody whose profile is hidden" in told) == (False, True)


@pytest.mark.parametrize("path", [HOME, reverse("mentorship:mentors")])
def test_whose_letter_was_answered_reads_of_their_mentor_and_of_no_invitation(client, cohort, path):
    nia, ada, keel = (getattr(of("Nia"), name) for name in ("mentee", "mentor", "project"))
    nia.mentor_requests.all().delete()
    world.mentorship(nia, ada, keel)
    told = page(client, path, nia.user).partition("<main")[2]
    mentor = f'{ada.get_absolute_url()}">Ada Faure</a><p class="quiet">Keel · since Feb. 25, 2026'
    assert ("Who mentors you" in told, mentor in told) == (True, True)
    assert ("Who could mentor you" in told, "You have not asked" in told) == (False, False)
    hide(ada, hidden=True)
    told = page(client, path).partition("<main")[2]
    assert ("Ada Faure" in told, "Somebody whose profile is hidden" in told) == (False, True)


def test_the_front_page_suggests_nobody_unasked_to_whose_letter_was_answered(client, cohort):
    nia, ada, keel = (getattr(of("Nia"), name) for name in ("mentee", "mentor", "project"))
    nia.mentor_requests.all().delete()
    world.match(nia, world.person("Zed"), keel, kind="suggested")
    assert "Zed" in page(client, HOME, nia.user)
    row = world.mentorship(nia, ada, keel)
    assert "Zed" not in page(client, HOME)
    Exposure.objects.filter(pk=row.pk).update(finished_at=world.NOW)
    assert "Zed" in page(client, HOME)


def test_what_was_asked_is_met_on_the_front_page_by_a_letter_that_was_answered(client, cohort):
    nia, ada, keel = (getattr(of("Nia"), name) for name in ("mentee", "mentor", "project"))
    asked = [f"You asked in {name}; suggestions are on their way." for name in ("Keel", "Mast")]
    world.request(nia, world.project("mast"))
    world.mentorship(nia, ada, keel)
    html = page(client, HOME, nia.user)
    assert [words in html for words in asked] == [False, True]


def test_a_place_names_its_mentor_once_and_who_else_mentors_beside(client, published):
    nia = of("Nia").mentee
    assert "Who mentors you" not in page(client, HOME, nia.user)
    world.mentorship(nia, world.person("Zed"), of("Nia").project)
    told = page(client, HOME).partition("Who mentors you")[2].partition("</section>")[0]
    assert ("Zed" in told, "Ada Faure" in told, "Pia Lund" in told) == (True, False, False)


def test_ones_places_stand_under_mentoring(client, published):
    html = page(client, PLACE, of("Nia").mentee.user)
    assert f'<a href="{MENTORING}" aria-current="true">' in html


def test_who_is_placed_is_not_told_that_they_have_not_asked(client, published):
    path = reverse("mentorship:mentors")
    words = "You have not asked yet."
    assert words not in page(client, path, of("Nia").mentee.user)
    post(client, "placement-end", of("Nia").pk)
    assert words in page(client, path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "They work with you."),
        ({"finished_at": world.NOW}, "You worked together until March 2, 2026."),
    ],
)
def test_a_list_tells_of_a_mentorship_and_not_of_a_letter_that_nobody_wrote(
    client, cohort, fields, words
):
    nia, ada, keel = (getattr(of("Nia"), name) for name in ("mentee", "mentor", "project"))
    MentorOffer.objects.create(person=ada, places=9)
    world.match(nia, ada, keel)
    world.mentorship(nia, ada, keel, **fields)
    html = page(client, reverse("mentorship:mentors"), nia.user)
    assert (words in html, "You wrote to them" in html) == (True, False)


def test_a_steward_ends_it_from_the_page_of_the_mentee(client, steward, published):
    path = reverse("mentorship:cohort-mentee", args=address("Nia"))
    assert "They work together" in page(client, path)
    assert post(client, "placement-end", of("Nia").pk)["Location"] == path
    html = page(client, path)
    assert "It has ended. Asking anew is possible at any time." in html
    assert ("They work together" in html, open_mentorships()) == (False, {})


def test_the_mentor_ends_it_among_their_mentorships(client, published):
    ada = of("Nia").mentor
    assert "Your mentorships" in page(client, PLACE, ada.user)
    row = Exposure.objects.get(mentor=ada)
    assert reverse("mentorship:finish", args=[row.pk]) in page(client, MENTORING)
    post(client, "finish", row.pk)
    assert "ended on March 2, 2026" in page(client, PLACE)
    assert "You are placed with" not in page(client, HOME, of("Nia").mentee.user)


@pytest.mark.parametrize("name", ["Ada Faure", "Ben Roth"])
def test_nobody_else_ends_a_place(client, published, name):
    account = world.User.objects.get(email=f"{name[:3].lower()}@halyard.example")
    client.force_login(account)
    assert post(client, "placement-end", of("Nia").pk).status_code == 404


def test_what_is_not_published_has_nothing_to_end(client, cohort):
    client.force_login(of("Nia").mentee.user)
    assert post(client, "placement-end", of("Nia").pk).status_code == 404


def test_a_place_of_long_ago_that_began_nothing_is_still_told(client, cohort):
    type(cohort).objects.update(state="published", published_at=world.days_ago(90))
    hide(of("Nia").mentor, hidden=True)
    assert "You are placed in Keel." in page(client, HOME, of("Nia").mentee.user)


def test_ones_places_cost_as_many_queries_with_five_as_with_two(client, published):
    ada, keel = of("Nia").mentor, of("Nia").project
    world.placement(published, world.person("Cyd"), ada, keel)
    client.force_login(ada.user)
    two = queries(client, PLACE)
    for name in ("Dora", "Eli", "Fay"):
        world.placement(published, world.person(name), ada, keel)
    assert queries(client, PLACE) == two
