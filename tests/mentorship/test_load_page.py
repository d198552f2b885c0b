"""The stewards' page about load and coverage."""

import re
from datetime import date

import pytest
from django.urls import reverse

from mentorship.load import bearers, concentration, coverage, gini, never_suggested, tell_apart
from mentorship.models import MentorOffer
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
LOAD = "mentorship:load"


@pytest.fixture
def house():
    """Ada heads two lists and works with Dan; Ben heads one; Cyd offered, and is on none."""
    keel = world.project()
    people = {name: world.person(name) for name in ("Ada", "Ben", "Cyd", "Dan", "Eve", "Fay")}
    for mentee, mentor, rank, fields in (
        ("Dan", "Ada", 1, {"worked_at": world.days_ago(3), "offered_at": world.days_ago(50)}),
        ("Eve", "Ada", 1, {"seen_at": world.days_ago(10), "offered_at": world.days_ago(50)}),
        ("Eve", "Ben", 2, {"offered_at": world.days_ago(50)}),
        ("Fay", "Ben", 1, {"is_unflagged": True}),
    ):
        world.exposure(people[mentee], people[mentor], keel, rank=rank, **fields)
    world.mentorship(people["Fay"], people["Ada"], keel, rank=2, is_unflagged=True)
    MentorOffer.objects.create(person=people["Ada"], places=2)
    MentorOffer.objects.create(person=people["Cyd"], places=3)
    return people


def test_mentors_stand_by_name_with_their_load_against_their_limits(house):
    rows = bearers(world.steward(), now=world.NOW)
    fields = ("name", "places", "is_assumed", "working", "free", "lists", "first")
    assert list(rows.values_list(*fields)) == [
        ("Ada", 2, False, 1, 1, 3, 2),
        ("Ben", 1, True, 0, 1, 2, 1),
        ("Cyd", 3, False, 0, 3, 0, 0),
    ]


def test_concentration_tells_how_many_lists_one_mentor_headed(house):
    months = concentration(world.steward(), now=world.NOW)
    told = [(m.first, m.lists, m.mentors, m.most, m.gini) for m in months if m.lists]
    assert told == [
        (date(2026, 1, 1), 2, 1, 2, 0.0),
        (date(2026, 2, 1), 3, 2, 2, pytest.approx(1 / 6)),
        (date(2026, 3, 1), 3, 2, 2, pytest.approx(1 / 6)),
    ]
    assert (len(months), months[0].gini, months[0].largest_share) == (12, None, None)


def test_an_even_load_has_no_gini_and_nothing_has_none():
    assert (gini([2, 2, 2]), gini([0, 0, 9]), gini([])) == (0.0, pytest.approx(2 / 3), None)


def test_coverage_counts_whom_the_suggestions_reach(house):
    keel = house["Dan"].exposures.get().project
    repo = world.repository(keel)
    for name in ("Dan", "Eve", "Ben"):
        world.deed(world.change(repo, house[name], at=world.days_ago(4)), house["Cyd"])
    world.profiles(keel)
    found = coverage(world.steward(), now=world.NOW)
    assert (found.newcomers, found.with_suggestions, found.opened) == (3, 2, 1)
    assert (found.mentors, found.ever_suggested) == (2, 1)  # Cyd and Ada: Ben reviewed nothing
    shared, unflagged = found.arms
    assert (shared.mentees, shared.led, shared.share) == (2, 1, 50.0)
    assert (unflagged.mentees, unflagged.share) == (0, None)  # too early to say


def test_the_never_suggested_are_those_with_room(house):
    stella = world.steward()
    assert [one.name for one in never_suggested(stella, now=world.NOW)] == ["Cyd"]
    MentorOffer.objects.filter(person=house["Cyd"]).update(never=True)
    assert list(never_suggested(stella, now=world.NOW)) == []


def test_mentors_of_the_same_name_are_told_apart_by_their_projects(house):
    namesake = world.person("Ada", "ada@elsewhere.example")
    elsewhere = world.repository(world.project("mast"))
    for person in (namesake, house["Ben"]):
        world.change(elsewhere, person, at=world.days_ago(3))
    world.profiles(elsewhere.project)
    told = tell_apart([house["Ada"], namesake, house["Ben"]], world.steward())
    assert [(one.name, one.where) for one in told] == [("Ada", []), ("Ada", ["Mast"]), ("Ben", [])]


def test_the_page_says_what_it_is_and_ranks_nobody(client, house):
    html = page(client, reverse(LOAD), world.steward())
    assert "not about these people" in html
    assert html.index(">Ada<") < html.index(">Ben<") < html.index(">Cyd<")


def test_an_empty_house_answers_too(client):
    html = page(client, reverse(LOAD), world.steward())
    assert "Nothing has been offered yet." in html and "None" not in html


def test_the_page_costs_as_many_queries_with_many_as_with_few(client, house):
    client.force_login(world.steward())
    few = queries(client, reverse(LOAD))
    keel = house["Dan"].exposures.get().project
    for number in range(5):
        mentor, mentee = world.person(f"M{number}"), world.person(f"N{number}")
        world.exposure(mentee, mentor, keel)
        MentorOffer.objects.create(person=world.person(f"O{number}"))
    assert queries(client, reverse(LOAD)) == few


def test_assumed_places_bear_an_asterisk_and_the_weight_that_serves_is_marked(client, house):
    html = page(client, reverse(LOAD), world.steward())
    assert [cell.strip() for cell in re.findall(r">\s*(\d)<span class=\"quiet\">\*", html)] == ["1"]
    marked = re.findall(r'<tr class="ours"><th[^>]*>([\d.]+)<', html)
    assert marked == ["0.4"]
