"""What somebody hid is named by no reason and no step that others read of them."""

import json

import pytest
from django.urls import reverse

from foundation.people.models import Person
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def nia():
    """Nia asked in Keel, where Ada and Ben are suggested to her."""
    nia = world.person("Nia Obi", account=world.user("nia@halyard.example"))
    keel = world.project()
    world.request(nia, keel, skills="Python")
    for rank, name in enumerate(("Ada", "Ben"), start=1):
        world.match(nia, world.person(name), keel, rank=rank)
    return nia


def lists(client, account) -> list:
    client.force_login(account)
    return client.get(reverse("mentorship:mentors")).context["lists"]


def reviewed(name: str, code: str = "areas_reviewed") -> dict:
    fact = {"name": name, "count": 2, "first_at": 1_710_244_800}
    return {"feature": code, "contribution": 0.4, "value": 0.5, "evidence": [fact]}


def test_what_a_mentor_hid_is_named_by_no_reason_from_that_moment_on(client, nia):
    ada, keel = Person.objects.get(name="Ada"), world.Project.objects.get()
    told = [reviewed("keel/core/view"), reviewed("docs"), reviewed("vault", "topics")]
    world.Match.objects.filter(mentor=ada).update(reasons=told)
    for kind, name in (("area", "keel/core"), ("topic", "vault"), ("topic", "docs")):
        ada.expertise.create(project=keel, kind=kind, name=name, is_hidden=True)
    texts = [reason.text for reason in lists(client, nia.user)[0].suggestions[0].reasons]
    assert texts == [
        "2 reviews under docs since March 2024",
        "Recent work in the project that fits",
    ]


def test_a_topic_that_a_mentor_hid_in_one_project_is_named_in_none(client, nia):
    ada, elsewhere = Person.objects.get(name="Ada"), world.project("elsewhere")
    world.Match.objects.filter(mentor=ada).update(reasons=[reviewed("vault", "topics")])
    assert "vault" in lists(client, nia.user)[0].suggestions[0].reasons[0].text
    ada.expertise.create(project=elsewhere, kind="topic", name="vault", is_hidden=True)
    texts = [reason.text for reason in lists(client, nia.user)[0].suggestions[0].reasons]
    assert texts == ["Recent work in the project that fits"]


def test_the_export_says_no_more_of_mentors_than_their_page(client, nia):
    ada, keel = Person.objects.get(name="Ada"), world.Project.objects.get()
    steps = [{"step": "change", "name": "keel/core"}, {"step": "language", "name": "french"}]
    told = [reviewed("keel/core/view"), reviewed("vault", "topics"), reviewed("docs")]
    world.Match.objects.filter(mentor=ada).update(reasons=told, nearer=steps)
    for name in ("Ada", "Ben"):
        world.exposure(nia, Person.objects.get(name=name), keel)
    ada.expertise.create(project=keel, kind="area", name="keel/core", is_hidden=True)
    ada.expertise.create(project=keel, kind="topic", name="vault", is_hidden=True)
    Person.objects.filter(name="Ben").update(is_hidden=True)
    client.force_login(nia.user)
    taken = json.loads(client.get(reverse("web:export")).content)
    [match], [exposure] = taken["matches_as_mentee"], taken["exposures_as_mentee"]
    assert (match["mentor__name"], exposure["mentor__name"]) == ("Ada", "Ada")
    assert [reason["evidence"] for reason in match["reasons"]] == [[], [], told[2]["evidence"]]
    assert match["nearer"] == steps[1:]
    assert not {"project", "mentor"} & match.keys()


def test_what_a_mentee_hid_is_told_to_no_mentor(client, nia):
    ada, keel = Person.objects.get(name="Ada"), world.Project.objects.get()
    ada.user = world.user("ada@halyard.example")
    ada.save()
    told = [reviewed("keel/core/view"), reviewed("vault", "topics"), reviewed("docs")]
    steps = [{"step": "change", "name": "keel/core"}, {"step": "language", "name": "french"}]
    world.Match.objects.filter(mentor=ada).update(reasons=told, nearer=steps)
    nia.expertise.create(project=keel, kind="area", name="keel/core", is_hidden=True)
    nia.expertise.create(project=keel, kind="topic", name="vault", is_hidden=True)
    client.force_login(ada.user)
    [shown] = client.get(reverse("mentorship:limits")).context["suggested_to"]
    assert [reason.text for reason in shown.reasons] == [
        "2 reviews under docs since March 2024",
        "Recent work in the project that fits",
    ]
    [match] = json.loads(client.get(reverse("web:export")).content)["matches_as_mentor"]
    assert [reason["evidence"] for reason in match["reasons"]] == [[], [], told[2]["evidence"]]
    assert match["nearer"] == steps[1:]
