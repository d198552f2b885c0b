"""Emerging leaders: what stewards read, what is noted, and what the person sees."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from foundation.people.models import LeaderSignal, Profile, SignalView
from foundation.runs.models import TrainedModel
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def signal(rosa):
    return world.signal(rosa, Profile.objects.get(person=rosa).project)


def text_of(response) -> str:
    """What a reader sees of the page's main part: ids in links hold any digits."""
    return re.sub(r"<[^>]*>", " ", response.content.decode().partition("<main")[2])


def leader_path(signal) -> str:
    return reverse("web:leader", args=[signal.person.public_id, signal.project.slug])


def test_opening_the_list_or_the_evidence_page_notes_and_shows_nothing(client, signal):
    client.force_login(world.steward())
    client.get(reverse("web:leaders"))
    response = client.get(leader_path(signal))
    assert [template.name for template in response.templates][0] == "people/leader_ask.html"
    assert SignalView.objects.count() == 0


def test_a_look_is_noted_and_then_shows_reasons_without_the_number(client, signal):
    client.force_login(world.steward())
    response = client.post(leader_path(signal), follow=True)
    (evidence,) = response.context["evidence"]
    assert (len(evidence.reasons), evidence.interval) == (1, None)
    assert "34" not in text_of(response)
    note = SignalView.objects.get()
    assert (note.person, note.project, note.viewer.email, note.saw_number) == (
        *(signal.person, signal.project),
        "stella@foundation.example",
        False,
    )


def test_only_what_speaks_for_somebody_is_said(client, signal):
    told = {
        "work": (0.5, {"listed": 30.0}),
        "breadth": (0.2, {"listed": 4.0}),
        "project": (0.1, {}),
        "tenure": (0.0, {"listed": 400.0}),
        "reviews_given": (-0.3, {"listed": 2.0}),
    }
    signal.reasons = [
        {"feature": code, "contribution": part, "value": None, "evidence": evidence}
        for code, (part, evidence) in told.items()
    ]
    signal.save(update_fields=["reasons"])
    client.force_login(world.steward())
    (evidence,) = client.post(leader_path(signal), follow=True).context["evidence"]
    assert [reason.text for reason in evidence.reasons] == [
        "30 changes in the last year",
        "Work in 4 areas of the project in the last year",
        "Recent public work that resembles that of people who came to lead",
    ]


def test_with_consent_the_number_is_shown_and_noted(client, signal):
    world.consent(signal.person)
    client.force_login(world.steward())
    (evidence,) = client.post(leader_path(signal), follow=True).context["evidence"]
    assert (evidence.interval.left, evidence.interval.middle, evidence.interval.right) == (
        21,
        34,
        50,
    )
    assert SignalView.objects.get().saw_number is True


def test_a_number_agreed_to_after_the_look_needs_another_look(client, signal):
    client.force_login(world.steward())
    client.post(leader_path(signal))
    world.consent(signal.person)
    assert client.get(leader_path(signal)).context["evidence"][0].interval is None


def test_a_look_lasts_half_an_hour(client, signal):
    client.force_login(world.steward())
    client.post(leader_path(signal))
    with time_machine.travel(world.NOW + timedelta(minutes=31)):
        response = client.get(leader_path(signal))
    assert "evidence" not in response.context


def test_a_look_opens_the_evidence_of_one_project_only(client, signal):
    elsewhere = world.signal(signal.person, world.project("mast"))
    client.force_login(world.steward())
    client.post(leader_path(signal))
    assert "evidence" in client.get(leader_path(signal)).context
    assert "evidence" not in client.get(leader_path(elsewhere)).context
    client.post(leader_path(elsewhere))
    assert "evidence" in client.get(leader_path(elsewhere)).context
    looks = SignalView.objects.order_by("pk").values_list("person", "project__slug")
    assert list(looks) == [(signal.person.pk, "keel"), (signal.person.pk, "mast")]


def test_leaders_stand_by_project_and_name_and_without_any_number(client, signal):
    keel = signal.project
    for name, probability in (("Zoe", 0.9), ("Abe", 0.5)):
        world.signal(world.person(name), keel, probability=probability, low=0.1, high=0.95)
    world.signal(world.person("Expired"), keel, expires_at=world.days_ago(1))
    world.signal(world.person("Declined"), keel, is_declined=True)
    html = page(client, reverse("web:leaders"), world.steward())
    names = [name for name in ("Abe", "Rosa Almeida", "Zoe", "Expired", "Declined") if name in html]
    places = [html.index(name) for name in names]
    assert (names, places) == (["Abe", "Rosa Almeida", "Zoe"], sorted(places))
    assert "%" not in html.partition("<main")[2]


TOO_SHORT = {
    "for anything": ("too short to learn from:", "trop court pour en apprendre quelque chose"),
    "for two years": (
        "too short to learn who leads in two years:",
        "trop court pour apprendre qui devient responsable en deux ans",
    ),
}


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"own": "too_little", "own_1": "too_little", "own_2": "too_little"}, "for anything"),
        ({"own": "learned", "own_1": "learned", "own_2": "too_little"}, "for two years"),
        ({"own": "learned", "own_1": "learned", "own_2": "learned"}, None),
        ({"own": "learned", "own_1": "learned"}, None),  # nothing is said of two years
        ({"own": "too_little"}, "for anything"),  # cards of earlier versions
        ({"own": "learned"}, None),
        ({}, None),
    ],
)
def test_both_sides_read_where_only_other_communities_speak(client, signal, own, said):
    model = TrainedModel.objects.create(
        task="leaders", version="one", as_of=world.days_ago(1), card={"sources": own}
    )
    LeaderSignal.objects.update(model=model)
    for viewer, view in ((world.steward(), "web:leaders"), (signal.person.user, "web:leading")):
        for number, language in enumerate(("en", "fr")):
            client.cookies["django_language"] = language
            with translation.override(None):  # a page leaves its language behind
                html = page(client, reverse(view), viewer)
            found = [what for what, words in TOO_SHORT.items() if words[number] in html]
            assert found == ([said] if said else [])


def test_both_sides_read_that_no_model_is_believed(client, signal):
    signal.delete()
    TrainedModel.objects.update(trial={"worse_than": "base_rate"})
    beaten, stella = "simple counts told better who came to lead", world.steward()
    for viewer, view in ((stella, "web:leaders"), (signal.person.user, "web:leading")):
        assert beaten in page(client, reverse(view), viewer)
        TrainedModel.objects.update(is_serving=True)  # a steward let it serve
        assert beaten not in page(client, reverse(view), viewer)
        TrainedModel.objects.update(is_serving=False)
    assert "none: simple counts did better" in page(client, reverse("web:runs"), stella)


def test_with_the_strict_setting_only_those_who_agreed_are_listed(client, signal, settings):
    settings.LEADERS_NEED_CONSENT = True
    agreed = world.person("Abe")
    world.signal(agreed, signal.project)
    world.consent(agreed)
    client.force_login(world.steward())
    listed = client.get(reverse("web:leaders")).context["signals"]
    assert [each.person for each in listed] == [agreed]
    assert client.post(leader_path(signal)).status_code == 404


def test_leaders_cost_as_many_queries_with_four_as_with_one(client, signal):
    client.force_login(world.steward())
    one = queries(client, reverse("web:leaders"))
    for name in ("Abe", "Ben", "Cem"):
        world.signal(world.person(name), signal.project)
    assert queries(client, reverse("web:leaders")) == one


def test_the_person_sees_all_of_it_and_who_looked(client, signal):
    client.force_login(world.steward())
    client.post(leader_path(signal))
    html = page(client, reverse("web:leading"), signal.person.user)
    assert "About 34 in 100 people" in html
    assert "stella@foundation.example" in html


def test_declining_and_consent_are_the_persons_own(client, signal):
    client.force_login(signal.person.user)
    client.post(reverse("web:signal-decline", args=[signal.pk]), {"declined": "1"})
    client.post(reverse("web:consent"), {"agreed": "1"})
    client.post(reverse("web:consent"), {"agreed": "1"})
    signal.refresh_from_db()
    standing = signal.person.consents.filter(withdrawn_at__isnull=True).count()
    client.post(reverse("web:consent"), {"agreed": "0"})
    left = signal.person.consents.filter(withdrawn_at__isnull=True).count()
    assert (signal.is_declined, standing, left) == (True, 1, 0)


def test_two_horizons_are_one_invitation_with_both_numbers(client, signal):
    later = world.signal(
        signal.person, signal.project, horizon=2, low=0.3, probability=0.41, high=0.6
    )
    world.consent(signal.person)
    client.force_login(world.steward())
    listed = client.get(reverse("web:leaders")).context["signals"]
    shown = client.post(leader_path(signal), follow=True).context["evidence"]
    assert listed == [signal]
    assert [(each.signal, each.interval.middle) for each in shown] == [(signal, 34), (later, 41)]
    assert SignalView.objects.count() == 1


def test_a_reason_that_holds_at_both_horizons_is_read_once(client, signal):
    world.signal(signal.person, signal.project, horizon=2)
    client.force_login(world.steward())
    shown = client.post(leader_path(signal), follow=True)
    near, far = (entry.reasons for entry in shown.context["evidence"])
    own = page(client, reverse("web:leading"), signal.person.user)
    pages = (shown.content.decode(), own)
    assert (near, [html.count(near[0].text) for html in pages]) == (far, [1, 1])


def test_two_horizons_are_one_invitation_on_the_front_page_too(client, signal):
    world.signal(signal.person, signal.project, horizon=2)
    html = page(client, reverse("web:home"), signal.person.user)
    assert html.count("growing into a leader of Keel") == 1


def test_declining_holds_at_every_horizon(client, signal):
    world.signal(signal.person, signal.project, horizon=2)
    client.force_login(signal.person.user)
    html = page(client, reverse("web:leading"))
    assert ("a year later" in html, "two years later" in html) == (True, True)
    client.post(reverse("web:signal-decline", args=[signal.pk]), {"declined": "1"})
    client.force_login(world.steward())
    assert client.get(reverse("web:leaders")).context["signals"] == []
    assert client.get(leader_path(signal)).status_code == 404
