"""A word of care about a long silence: whose it is, and how they answer."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.urls import reverse

from foundation.people.lulls import care_for, rest
from foundation.people.models import Lull, LullPause
from foundation.runs import ledger
from foundation.runs.models import Run
from matching.care.lulls import lulls
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]

ASKS = "How are you?"


@pytest.fixture
def lull(rosa):
    return world.lull(rosa)


def answer(client, somebody, value):
    client.force_login(somebody.user)
    return client.post(reverse("web:lull-answer"), {"answer": value})


def test_the_person_is_asked_on_their_own_page_and_told_what_it_rests_on(client, lull):
    html = page(client, reverse("web:me"), lull.person.user)
    assert ASKS in html
    assert "is 64 days old (Dec. 28, 2025); nine of ten pauses of yours were over within 9" in html


def test_neither_a_steward_nor_a_member_sees_a_lull_of_others(client, lull):
    for account in (world.steward(), world.user("max@halyard.example")):
        assert Lull.objects.visible_to(account).count() == 0
        assert care_for(account, now=world.NOW).lull is None
        assert ASKS not in page(client, lull.person.get_absolute_url(), account)


def test_a_steward_who_is_somebody_sees_their_own_only(lull):
    steward = world.steward()
    own = world.lull(world.person("Stella", account=steward))
    assert list(Lull.objects.visible_to(steward)) == [own]


def test_the_admin_knows_of_no_lull():
    assert {Lull, LullPause} & set(admin.site._registry) == set()


@pytest.mark.parametrize(("value", "months"), [("fine", 3), ("never", None)])
def test_who_is_fine_is_left_in_peace(client, lull, value, months):
    answer(client, lull.person, value)
    until = None if months is None else (world.NOW + timedelta(days=90)).date()
    assert (Lull.objects.count(), LullPause.objects.get().until) == (0, until)
    assert ASKS not in page(client, reverse("web:me"), lull.person.user)
    world.lull(lull.person)  # a refresh that had begun before
    assert ASKS not in page(client, reverse("web:me"), lull.person.user)


def test_a_pause_ends_by_itself_or_when_asked(client, lull):
    rest(lull.person, now=world.NOW)
    world.lull(lull.person, expires_at=world.NOW + timedelta(days=200))
    with time_machine.travel(world.NOW + timedelta(days=91)):
        assert ASKS in page(client, reverse("web:me"), lull.person.user)
    answer(client, lull.person, "again")
    assert ASKS in page(client, reverse("web:me"), lull.person.user)


def test_what_expired_is_not_said(client, lull):
    with time_machine.travel(world.NOW + timedelta(days=31)):
        assert ASKS not in page(client, reverse("web:me"), lull.person.user)


def test_an_answer_that_is_none_changes_nothing(client, lull):
    assert answer(client, lull.person, "whatever").status_code == 302
    assert (Lull.objects.count(), LullPause.objects.count()) == (1, 0)


def test_a_page_costs_no_more_with_a_lull_than_without(client, lull):
    client.force_login(lull.person.user)
    with_one = queries(client, reverse("web:me"))
    Lull.objects.all().delete()
    assert queries(client, reverse("web:me")) == with_one


def worked_weekly(repo, somebody, *, until_days_ago):
    for days in range(until_days_ago, 700, 7):
        world.change(repo, somebody, at=world.days_ago(days))


def test_a_refresh_writes_lulls_of_those_who_can_read_them_and_wish_to(rosa):
    Lull.objects.create(  # of a former refresh: she is back
        person=rosa,
        last_on=world.days_ago(64).date(),
        days=64,
        usual_days=9,
        chance=0.01,
        told_since=world.days_ago(1),
        as_of=world.days_ago(1),
        expires_at=world.NOW + timedelta(days=30),
    )
    repo = world.repository(world.project("lull"))
    quiet, resting = (
        world.person(name, account=world.user(f"{name}@quay.example")) for name in ("ida", "ben")
    )
    stranger = world.person("Cem")
    for somebody in (quiet, resting, stranger):
        worked_weekly(repo, somebody, until_days_ago=60)
    rest(resting, now=world.NOW)
    owed = ledger.owe("lulls", "", ledger.stamp(world.NOW), as_of=world.NOW)
    run = ledger.claim(owed.pk, world.NOW)
    assert lulls(run) == {}
    assert list(Lull.objects.values_list("person", "days", "usual_days")) == [(quiet.pk, 60, 7)]
    assert Run.objects.get().pk == run.pk


def test_a_silence_that_goes_on_was_told_when_it_was_first_told(rosa):
    repo = world.repository(world.project("lull"))
    quiet = world.person("ida", account=world.user("ida@quay.example"))
    worked_weekly(repo, quiet, until_days_ago=60)
    for day in (3, 0):
        moment = world.days_ago(day)
        owed = ledger.owe("lulls", "", ledger.stamp(moment), as_of=moment)
        run = ledger.claim(owed.pk, world.NOW)
        assert ledger.finish(run, lulls(run))
    assert list(Lull.objects.values_list("as_of", "told_since")) == [(world.NOW, world.days_ago(3))]
