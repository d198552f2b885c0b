"""Hiding, correcting, taking away and erasing what is said of oneself."""

import json
from threading import Thread

import pytest
from django.db import connection
from django.urls import reverse

from foundation.accounts.models import User
from foundation.activity.models import Activity, Change
from foundation.activity.register import IdentityRegister
from foundation.activity.sources.record import Who
from foundation.people import merging
from foundation.people.invitations import note_invitations
from foundation.people.lulls import rest
from foundation.people.models import (
    Expertise,
    Identity,
    Invitation,
    Lull,
    LullPause,
    Person,
    Profile,
)
from foundation.people.profile_links import evidence_url
from foundation.people.rights import erase
from tests import world
from tests.matching.beside import Beside, before
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def test_a_hidden_line_is_gone_for_others_and_stays_for_oneself(client, rosa):
    line = Expertise.objects.get(person=rosa, kind="area", name="docs/guide")
    path = evidence_url(rosa, line.project, "area", "docs/guide")
    client.force_login(rosa.user)
    client.post(reverse("web:expertise-visibility", args=[line.pk]), {"hidden": "1"})
    assert "docs/guide" in page(client, reverse("web:me"))
    assert client.get(path).status_code == 200
    client.force_login(world.steward())
    assert "docs/guide" not in page(client, rosa.get_absolute_url())
    assert client.get(path).status_code == 404


def test_what_is_hidden_opens_by_no_other_word_and_from_no_other_project(client, rosa):
    keel, other = Profile.objects.get(person=rosa).project, world.project("other")
    for kind, name in (("area", "keel/core"), ("topic", "quant")):
        Expertise.objects.filter(person=rosa, kind=kind, name=name).update(is_hidden=True)
    asked = [
        (keel, "path-changes", "keel/core"),
        (keel, "path-changes", "keel/core/view.py"),
        (keel, "path-reviews", "keel/core/view.py"),
        (keel, "word-reviews", "quant"),
        (keel, "word-reviews", "Quant"),
        (other, "word-reviews", "quant"),
        (keel, "path-changes", "keel"),
        (keel, "path-changes", "keel/cores"),
        (keel, "word-reviews", "view"),
    ]

    def answers(user):
        client.force_login(user)
        return [client.get(evidence_url(rosa, *claim)).status_code for claim in asked]

    assert answers(world.user("max@halyard.example")) == [404] * 6 + [200] * 3
    assert answers(rosa.user) == [200] * 9


def test_hiding_and_showing_a_profile(client, rosa):
    client.force_login(rosa.user)
    seen = []
    for hidden in ("1", "0"):
        client.post(reverse("web:visibility"), {"hidden": hidden})
        seen.append(Person.objects.get(pk=rosa.pk).is_hidden)
    assert seen == [True, False]


def test_a_declared_organisation_stands_instead_of_the_suggested_ones(client, rosa):
    client.force_login(rosa.user)
    declared = {"organisation": "Quay", "since": "2024-01-01", "until": "2026-01-01"}
    client.post(reverse("web:affiliations"), declared)
    shown = client.get(reverse("web:me")).context["portrait"].affiliations
    assert [affiliation.organisation for affiliation in shown] == ["Quay"]
    assert rosa.affiliations.filter(is_declared=False).exists()


def test_an_organisation_cannot_end_before_it_began(client, rosa):
    client.force_login(rosa.user)
    wrong = {"organisation": "Quay", "since": "2026-01-01", "until": "2024-01-01"}
    response = client.post(reverse("web:affiliations"), wrong)
    assert response.context["form"].errors == {"until": ["This lies before the beginning."]}


def test_details_name_a_person_and_a_time_zone(client):
    account = world.user("new@halyard.example")
    client.force_login(account)
    client.post(reverse("web:details"), {"name": "Nia Obi", "time_zone": "Africa/Lagos"})
    account.refresh_from_db()
    assert (account.person.name, account.time_zone) == ("Nia Obi", "Africa/Lagos")


def test_the_export_holds_everything_that_is_known(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    world.signal(rosa, keel)
    note_invitations(keel, now=world.NOW)
    world.lull(rosa)
    world.request(rosa, keel, skills="C++")
    client.force_login(rosa.user)
    response = client.get(reverse("web:export"))
    told = json.loads(response.content)
    assert {key for key, value in told.items() if not value} == {
        "identity_links",
        "lull_pauses",
        "consents",
        "looks_at_leader_evidence",
        "mentor_limits",
        "matches_as_mentee",
        "matches_as_mentor",
        "placements",
        "co_mentor_of",
        "exposures_as_mentee",
        "exposures_as_mentor",
    }
    assert [work["kind"] for work in told["activities"]] == ["authored"] * 3 + ["reviewed"] * 2
    [signal] = told["leader_signals"]
    assert (signal["probability"], signal["base"]) == (0.34, -1.66)
    assert told["leader_invitations"] == [
        {
            "project__slug": "keel",
            "horizon": 1,
            "probability": 0.34,
            "model_version": "leaders-2026-03-01",
            "is_unflagged": False,
            "offered_at": "2026-03-02T12:00:00Z",
            "ended_at": None,
        }
    ]
    assert response["Content-Disposition"] == 'attachment; filename="releve.json"'


def test_erasure_forgets_the_person_and_keeps_the_facts(client, rosa):
    keel = Profile.objects.get(person=rosa).project
    tim = Person.objects.get(name="Tim Berg")
    world.signal(rosa, keel)
    note_invitations(keel, now=world.NOW)
    world.request(rosa, keel, skills="Rosa speaks Portuguese")
    world.match(tim, rosa, keel)
    world.lull(rosa)
    rest(rosa, now=world.NOW)
    world.lull(rosa)
    facts = Change.objects.count(), Activity.objects.count()
    spelling = Who(name="Rosa Almeida", email="rosa@halyard.example")
    client.force_login(rosa.user)
    client.post(reverse("web:erase"), {"confirm": "on"})
    assert (Change.objects.count(), Activity.objects.count()) == facts
    assert everything_that_mentions("rosa") == []
    assert (Lull.objects.count(), LullPause.objects.count()) == (0, 0)
    register = IdentityRegister()
    register.learn([(spelling, "github")])
    assert Identity.objects.get(pk=register[spelling, "github"]).source == "erased"
    assert (User.objects.count(), tim.matches.count(), Invitation.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "who",
    [
        Who(name="R. Almeida", email="ROSA@halyard.example"),
        Who(name="somebody", email="rosa@halyard.example"),
    ],
)
def test_an_erased_person_does_not_come_back_under_another_spelling(client, rosa, who):
    client.force_login(rosa.user)
    client.post(reverse("web:erase"), {"confirm": "on"})
    register = IdentityRegister()
    register.learn([(who, "github")])
    assert Identity.objects.get(pk=register[who, "github"]).source == "erased"


def test_an_intake_under_way_learns_of_the_first_erasure():
    ben, register = world.person("Ben", "ben@halyard.example"), IdentityRegister()
    erase(ben, now=world.NOW)
    who = Who(name="Benjamin", email="ben@halyard.example"), "github"
    register.learn([who])
    assert Identity.objects.get(pk=register[who]).source == "erased"


def test_erasure_asks_once_more(client, rosa):
    client.force_login(rosa.user)
    client.post(reverse("web:erase"))
    rosa.refresh_from_db()
    assert rosa.erased_at is None


@pytest.mark.django_db(transaction=True)
def test_an_erased_person_is_not_gathered_again_by_a_resolution_under_way(monkeypatch):
    ben = world.person("Ben", "ben@halyard.example")
    merging.resolve_people()
    world.identity(None, "ben@halyard.example", name="Benjamin")
    assign = merging.assign_people

    def erase_ben():
        try:
            erase(ben, now=world.NOW)
        finally:
            connection.close()

    def erased_meanwhile(*args):
        erasing.start()
        erasing.join(timeout=0.5)
        return assign(*args)

    erasing = Thread(target=erase_ben)
    monkeypatch.setattr(merging, "assign_people", erased_meanwhile)
    merging.resolve_people()
    erasing.join()
    people = Person.objects.values_list("name", "erased_at", "identities")
    assert list(people) == [("", world.NOW, None)]
    assert set(Identity.objects.values_list("name", "source", "person")) == {("", "erased", None)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "moment", "source"),
    [("bot", "resolve_people", "git"), ("human", "hold_alone", "erased")],
)
def test_who_is_erased_while_a_steward_says_what_an_identity_is_stays_erased(
    monkeypatch, rosa, kind, moment, source
):
    own = world.own_identity(rosa)
    erasing = Beside(lambda: erase(Person.objects.get(pk=rosa.pk), now=world.NOW))
    before(monkeypatch, merging, moment, erasing.begin)
    merging.set_kind(own, kind, by=world.steward())
    erasing.end()
    own.refresh_from_db()  # a bot is nobody, and was so before the erasure
    assert (own.source, own.person) == (source, None)
    rosa.refresh_from_db()
    assert (rosa.name, rosa.erased_at) == ("", world.NOW)


def everything_that_mentions(word: str) -> list[str]:
    """Every table and column of the database that holds the word, in any case."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [f"{table}: {value}" for value in row if word in str(value).lower()]
    return found
