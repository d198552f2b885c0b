"""An account becomes somebody; what is not theirs leaves again."""

import pytest
from django.urls import reverse

from foundation.people.claims import claim_by_verified_email
from foundation.people.models import Person
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def test_a_verified_address_links_its_work_to_the_account():
    ada = world.person("Ada", "ada@halyard.example")
    account = world.user("Ada@Halyard.example")
    assert claim_by_verified_email(account) == ada
    ada.refresh_from_db()
    assert ada.user == account


def test_an_address_that_was_not_verified_links_nothing():
    ada = world.person("Ada", "ada@halyard.example")
    assert claim_by_verified_email(world.user("ada@halyard.example", verified=False)) is None
    ada.refresh_from_db()
    assert ada.user is None


def test_nobody_is_taken_from_another_account():
    first = world.user("ada@halyard.example")
    ada = world.person("Ada", "shared@halyard.example", account=first)
    assert claim_by_verified_email(world.user("shared@halyard.example")) is None
    ada.refresh_from_db()
    assert ada.user == first


def test_a_bot_under_ones_address_is_not_claimed():
    world.identity(None, "ada@halyard.example", name="adabot", kind="bot")
    assert claim_by_verified_email(world.user("ada@halyard.example")) is None


def test_a_second_verified_address_brings_its_work_along():
    account = world.user("ada@halyard.example")
    ada = world.person("Ada", account=account)
    world.person("A. Lovelace", "ada@elsewhere.example")
    account.emailaddress_set.create(email="ada@elsewhere.example", verified=True)
    claim_by_verified_email(account)
    emails = ada.identities.order_by("email").values_list("email", flat=True)
    assert list(emails) == ["ada@elsewhere.example", "ada@halyard.example"]


def test_a_person_without_a_past_takes_over_what_is_known(rosa):
    account = rosa.user
    Person.objects.filter(pk=rosa.pk).update(user=None)
    newly_made = Person.objects.create(name="Rosa", user=account)
    claim_by_verified_email(account)
    assert (newly_made.identities.count(), newly_made.profiles.get().changes) == (1, 3)
    assert not Person.objects.filter(pk=rosa.pk).exists()


def test_signing_in_claims(client):
    ada = world.person("Ada", "ada@halyard.example")
    account = world.user("ada@halyard.example")
    sign_in = {"login": account.email, "password": world.PASSWORD}
    assert client.post(reverse("account_login"), sign_in).status_code == 302
    ada.refresh_from_db()
    assert ada.user == account


def test_not_me_stays_away_even_from_the_next_sign_in(client, rosa):
    other = world.identity(rosa, "not-rosa@halyard.example")
    world.link(world.own_identity(rosa), other)
    rosa.user.emailaddress_set.create(email=other.email, verified=True)
    client.force_login(rosa.user)
    client.post(reverse("web:identity-detach", args=[other.pk]))
    claim_by_verified_email(rosa.user)
    assert list(rosa.identities.all()) == [world.own_identity(rosa)]


def test_the_only_identity_cannot_be_sent_away(client, rosa):
    client.force_login(rosa.user)
    client.post(reverse("web:identity-detach", args=[world.own_identity(rosa).pk]))
    assert rosa.identities.count() == 1


def test_each_address_says_why_it_is_held_to_be_me(client, rosa):
    other = world.identity(rosa, "rosa@former.example")
    world.link(world.own_identity(rosa), other, rule="same-email")
    client.force_login(rosa.user)
    held = client.get(reverse("web:identities")).context["held"]
    assert [(entry.identity.email, [why for why, _ in entry.reasons]) for entry in held] == [
        ("rosa@halyard.example", ["the same e-mail address"]),
        ("rosa@former.example", ["the same e-mail address"]),
    ]
