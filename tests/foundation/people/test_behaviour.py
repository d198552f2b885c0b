"""Who behaves like a machine is a question to stewards; nothing follows by itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.people import behaviour
from foundation.people.behaviour import note_behaviour
from foundation.people.merging import resolve_people, set_kind
from foundation.people.models import Identity
from tests import world
from tests.reading import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def repo():
    return world.repository(world.project())


def busy(repo, who, hours, *, days=20, since=30.0):
    """Changes at these hours of so many days."""
    for day in range(days):
        for hour in hours:
            at = (world.NOW - timedelta(days=since + day)).replace(hour=hour)
            world.change(repo, who, at=at)


def signs_of(person) -> str:
    resolve_people()
    return world.own_identity(person).machine_signs


def test_who_never_sleeps_is_asked_about_and_stays_a_person(repo):
    machine, worker = world.person("Max Mill"), world.person("Ada Faure")
    busy(repo, machine, range(24))
    busy(repo, worker, [*range(8, 20)] * 2)
    assert signs_of(machine) == "never-sleeps,never-reviewed"
    assert signs_of(worker) == ""
    identity = world.own_identity(machine)
    assert (identity.kind, identity.person) == ("human", machine)


def test_a_review_takes_the_sign_of_never_being_reviewed_away(repo):
    machine, ada = world.person("Max Mill"), world.person("Ada Faure")
    busy(repo, machine, range(24))
    change = world.change(repo, machine, at=world.days_ago(1))
    world.deed(change, ada)
    assert signs_of(machine) == "never-sleeps"


def test_a_flood_of_comments_on_one_day_is_a_sign(repo):
    loud, ada = world.person("Max Mill"), world.person("Ada Faure")
    change = world.change(repo, ada, at=world.days_ago(1))
    for number in range(201):
        of = change.activities.create(
            identity=world.own_identity(loud),
            kind="commented",
            at=change.landed_at,
            external_id=str(number),
        )
    assert of.pk and signs_of(loud) == "too-many-comments"


def test_nights_of_years_ago_do_not_count(repo):
    moved = world.person("Ada Faure")
    busy(repo, moved, range(12), since=30)
    busy(repo, moved, range(12, 24), since=500)
    assert signs_of(moved) == ""


def test_many_are_looked_at_with_as_many_queries_as_one(repo, django_assert_num_queries):
    workers = [world.person(name) for name in ("Ada Faure", "Ben Roth", "Cleo Marin")]
    for worker in workers:
        busy(repo, worker, range(8, 20))
    identities = [world.own_identity(worker).pk for worker in workers]
    for some in (identities[:1], identities):
        with django_assert_num_queries(4):
            note_behaviour(some)


def test_only_the_latest_deeds_are_looked_at(repo, monkeypatch):
    monkeypatch.setattr(behaviour, "MOST_DEEDS", 240)
    moved = world.person("Ada Faure")
    busy(repo, moved, range(12), since=30)
    busy(repo, moved, range(12, 24), since=60)
    assert signs_of(moved) == ""


def test_whoever_is_asked_about_reads_it_first(client, repo):
    owner = world.person("Max Mill", account=world.user("max@halyard.example"))
    busy(repo, owner, range(24))
    signs_of(owner)
    html = page(client, reverse("web:identities"), owner.user)
    assert "whether this is a machine: active around the clock; many changes" in html


def test_a_steward_s_answer_ends_the_asking(client, repo):
    machine = world.person("Max Mill")
    busy(repo, machine, range(24))
    signs_of(machine)
    steward = world.user("sam@halyard.example", is_steward=True, is_staff=True, is_superuser=True)
    path = f"{reverse('admin:people_identity_changelist')}?machine_signs__isempty=0"
    assert "active around the clock; many changes, none of them reviewed" in page(
        client, path, steward
    )
    set_kind(world.own_identity(machine), "human", by=steward)
    world.change(repo, machine, at=world.days_ago(1))
    assert not Identity.objects.behaving_like_machines().exists()
