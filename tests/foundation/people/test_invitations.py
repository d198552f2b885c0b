"""The log of who was flagged to stewards, and the share of people whom the lot leaves out."""

import pytest
from django.urls import reverse

from foundation.people import invitations, merging, rights
from foundation.people.claims import claim_by_verified_email
from foundation.people.invitations import note_invitations
from foundation.people.models import Invitation, LeaderSignal, Person
from tests import world
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def keel():
    """Ada and Ben may be invited to Keel, in a year or two; the lot leaves Ben out."""
    keel = world.project()
    ada, ben = world.person("Ada"), world.person("Ben", account=world.user("ben@halyard.example"))
    for horizon in (2, 1):
        world.signal(ada, keel, horizon=horizon, probability=0.3 + horizon / 100)
        world.signal(ben, keel, horizon=horizon, is_unflagged=True)
    return keel


def signals(name: str):
    return LeaderSignal.objects.filter(person__name=name)


def noted(keel, days: int = 0) -> list[tuple]:
    """Note who can be invited some days ago; the whole log."""
    note_invitations(keel, now=world.days_ago(days))
    fields = ("person__name", "is_unflagged", "offered_at", "ended_at")
    return list(Invitation.objects.order_by("pk").values_list(*fields))


def test_who_can_be_invited_is_logged_once_with_chance_and_model(keel):
    begun = [(name, name == "Ben", world.days_ago(9), None) for name in ("Ada", "Ben")]
    assert noted(keel, 9) == begun
    assert noted(keel, 8) == begun
    row = Invitation.objects.get(person__name="Ada")
    assert (row.horizon, row.probability, row.model_version) == (1, 0.31, "leaders-2026-03-01")


@pytest.mark.parametrize(
    "leave",
    [
        lambda: rights.hide(signals("Ada")[0].person, hidden=True),
        lambda: rights.decline_signal(signals("Ada")[0], declined=True),
        lambda: signals("Ada").delete(),
        lambda: signals("Ada").update(expires_at=world.days_ago(3)),
    ],
)
def test_whom_stewards_cannot_read_of_any_more_leaves_the_log(keel, leave):
    noted(keel, 9)
    leave()
    ben = ("Ben", True, world.days_ago(9), None)
    assert noted(keel, 2) == [("Ada", False, world.days_ago(9), world.days_ago(2)), ben]


def test_another_lot_ends_an_invitation_and_begins_another(keel):
    noted(keel, 9)
    signals("Ben").update(is_unflagged=False)
    assert noted(keel, 2)[1:] == [
        ("Ben", True, world.days_ago(9), world.days_ago(2)),
        ("Ben", False, world.days_ago(2), None),
    ]


def test_where_stewards_need_consent_nobody_is_flagged_without(keel, settings):
    settings.LEADERS_NEED_CONSENT = True
    assert noted(keel) == []
    for name in ("Ada", "Ben"):
        rights.set_number_consent(signals(name)[0].person, agreed=True, now=world.days_ago(1))
    assert [row[:2] for row in noted(keel)] == [("Ada", False), ("Ben", True)]


def test_whom_the_lot_leaves_out_no_steward_reads_of_and_they_themselves_do(client, keel, settings):
    steward, ben = world.steward(), signals("Ben")[0].person
    client.force_login(steward)
    shown = page(client, reverse("web:leaders"))
    settings.UNFLAGGED_LEADERS = 0
    assert "left out by lot" not in page(client, reverse("web:leaders"))
    assert "Ada" in shown and "Ben" not in shown
    assert "A few people are left out by lot" in shown
    evidence = reverse("web:leader", args=[ben.public_id, "keel"])
    assert [client.get(evidence).status_code, client.post(evidence).status_code] == [404, 404]
    assert not LeaderSignal.objects.visible_to(steward, need_consent=False).filter(person=ben)
    client.force_login(ben.user)
    assert "a few people are left out by lot" in page(client, reverse("web:leading"))
    signals("Ben").update(is_unflagged=False)
    assert "a few people are left out by lot" not in page(client, reverse("web:leading"))


@pytest.mark.parametrize(
    ("days", "ended", "gone"), [(1, 729, 0), (730, 731, 1), (800, 731, 0), (800, 801, 1)]
)
def test_what_ended_long_ago_is_forgotten_after_two_years_or_later(
    keel, settings, days, ended, gone
):
    settings.EXPOSURE_DAYS = days
    noted(keel, 900)
    signals("Ada").delete()
    noted(keel, ended)
    assert invitations.forget(world.NOW) == gone
    assert Invitation.objects.filter(person__name="Ada").count() == 1 - gone


def test_what_came_first_is_known_as_long_as_what_came_after_it(keel):
    noted(keel, 1200)
    signals("Ben").update(is_unflagged=False)
    log = noted(keel, 834)
    assert invitations.forget(world.NOW) == 0
    signals("Ben").delete()
    assert len(noted(keel, 731)) == len(log) == 3
    rudder = world.project("rudder")
    world.signal(Person.objects.get(name="Ben"), rudder)
    note_invitations(rudder, now=world.days_ago(9))
    assert invitations.forget(world.NOW) == 2
    assert set(Invitation.objects.values_list("person__name", "project__name")) == {
        ("Ada", "Keel"),
        ("Ben", "Rudder"),
    }


@pytest.mark.parametrize(("stands", "ends"), [("Ada", "Ben"), ("Ben", "Ada")])
def test_who_takes_somebodys_identities_takes_their_log_and_what_stood_first_stands(stands, ends):
    def are_one(*identities):
        asked = world.link(*identities, rule="steward", state="suggested")
        merging.decide(asked, applied=True, by=steward)

    keel, rudder, steward = world.project(), world.project("rudder"), world.steward()
    by_name = {name: world.person(name) for name in ("Ada", "Ben")}
    ada, ben = by_name.values()
    are_one(world.own_identity(ben), world.identity(ben, "quinn@elsewhere.example"))
    world.signal(ada, rudder)
    note_invitations(rudder, now=world.days_ago(50))
    for days, name in ((30, stands), (20, ends)):
        world.signal(by_name[name], keel, is_unflagged=name == "Ada")
        note_invitations(keel, now=world.days_ago(days))
    are_one(world.own_identity(ada), world.own_identity(ben))
    assert list(Person.objects.all()) == [ben]
    fields = ("project__name", "is_unflagged", "offered_at", "ended_at")
    assert list(ben.invitations.order_by("offered_at").values_list(*fields)) == [
        ("Rudder", False, world.days_ago(50), None),
        ("Keel", stands == "Ada", world.days_ago(30), None),
        ("Keel", ends == "Ada", world.days_ago(20), world.NOW),
    ]


def test_an_account_takes_the_log_of_whom_it_turns_out_to_be(keel):
    ada, account = signals("Ada")[0].person, world.user("ada@halyard.example")
    noted(keel, 9)
    newly_made = Person.objects.create(name="Ada", user=account)
    claim_by_verified_email(account)
    assert list(newly_made.invitations.values_list("offered_at")) == [(world.days_ago(9),)]
    assert not Person.objects.filter(pk=ada.pk).exists()
