"""Models in the admin: compared, pinned, rolled back; every word by POST and in a name."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from foundation.runs import champions
from foundation.runs.models import ModelEvent, TrainedModel
from foundation.said import Said, Told
from tests import world

pytestmark = pytest.mark.django_db

LIST = reverse("admin:runs_trainedmodel_changelist")
COMPARE = reverse("admin:runs_trainedmodel_compare")
TRIAL = {
    "measure": "mrr",
    "begins": 1_767_225_600,
    "from": 1_767_225_600,
    "to": 1_769_904_000,
    "answers": 410,
    "people": 1,
    "marks": {
        "challenger": {"mean": 0.5406, "low": 0.5, "high": 0.5798},
        "champion": {"mean": 0.52, "low": 0.48, "high": 0.56},
        "recency": {"mean": 0.3, "low": 0.27, "high": 0.33},
    },
    "gap": {"mean": 0.021, "low": -0.002, "high": 0.044},
}


@pytest.fixture
def stella(client):
    user = world.user(
        "stella@foundation.example", is_steward=True, is_staff=True, is_superuser=True
    )
    client.force_login(user)
    return user


@pytest.fixture
def two():
    """A former champion, and the one that took its place."""
    rows = [world.model(version=version) for version in ("old", "new")]
    champions.promote(rows[0], instead_of=None)
    champions.promote(rows[1], instead_of=rows[0], why=(Said("It was not worse."),))
    TrainedModel.objects.filter(version="new").update(
        trial=TRIAL, card={"feature_names": ["a", "b"], "sources": {"keel": "model"}}
    )
    return rows


def decide(client, row, verb):
    page = reverse("admin:runs_trainedmodel_decide", args=[row.pk, verb])
    return client.post(page, follow=True).content.decode()


def serving() -> tuple[str, bool]:
    row = TrainedModel.objects.champion("mentors")
    return row.version, row.is_pinned


def test_two_models_stand_side_by_side_with_figures_and_intervals(client, stella, two):
    chosen = [row.pk for row in two]
    post = {"action": "compare_two", "_selected_action": chosen}
    page = client.post(LIST, post, follow=True)
    assert page.redirect_chain == [(f"{COMPARE}?one={chosen[1]}&other={chosen[0]}", 302)]
    assert [row.version for row in page.context["models"]] == ["new", "old"]
    lines = {
        line.label: (line.one, line.other) for s in page.context["sections"] for line in s.lines
    }
    assert lines["this model’s stand-in"] == ("0.541 (0.500 to 0.580)", "–")
    assert lines["Better than that champion by"] == ("0.021 (−0.002 to 0.044)", "–")
    assert lines["Asked"] == ("410 (1 person)", "–")
    assert lines["Features"] == ("2", "0")


def test_the_list_says_first_what_serves_and_how_it_did_on_the_newest_slice(client, stella, two):
    cells = re.findall(
        r'class="field-(?:standing|newest)">([^<]*)<', client.get(LIST).content.decode()
    )
    assert cells == ["serves", "MRR 0.541 (0.500 to 0.580)", "on the shelf", "–"]


def test_models_of_two_tasks_are_not_compared(client, stella, two):
    other = world.model("leaders")
    post = {"action": "compare_two", "_selected_action": [two[0].pk, other.pk]}
    assert b"two models of the same task" in client.post(LIST, post, follow=True).content
    assert client.get(COMPARE, {"one": two[0].pk, "other": other.pk}).status_code == 404


@pytest.mark.parametrize("junk", ["", "x", "-1", "٣", "1" * 30, "1" * 5000])
def test_what_is_no_key_of_a_model_finds_none(client, stella, two, junk):
    assert client.get(COMPARE, {"one": two[0].pk, "other": junk}).status_code == 404
    page = reverse("admin:runs_trainedmodel_change", args=[junk or "y"])
    assert client.get(page).status_code == 302  # to the admin's first page, which says so


def test_a_model_s_page_says_in_words_what_it_learned_from(client, stella):
    card = {"metrics": {"1": {"became_core": 1056, "base_rate": 0.21374}}, "feature_names": ["a"]}
    row = world.model("leaders")
    TrainedModel.objects.filter(pk=row.pk).update(card=card)
    answer = client.get(reverse("admin:runs_trainedmodel_change", args=[row.pk]))
    lines = {line.label: line.one for s in answer.context["sections"] for line in s.lines}
    assert lines["1 year ahead: of them core later"] == "1,056"
    assert lines["1 year ahead: share of those asked about"] == "0.214"
    assert "feature_names" not in answer.content.decode()


def test_a_leader_model_s_page_shows_the_simple_ones_beside_it(client, stella):
    names = ("challenger", "base_rate", "commits_90d", "logistic")
    mark = {"mean": -0.064, "low": -0.07, "high": -0.058}
    trial = {
        "measure": "brier", "from": 0, "to": 0, "answers": 40, "people": 9,
        "marks": dict.fromkeys(names, mark),
        "beside": {"mean": -0.3, "low": -0.32, "high": -0.28},
        "worse_than": "base_rate",
    }  # fmt: skip
    row = world.model("leaders")
    TrainedModel.objects.filter(pk=row.pk).update(trial=trial)
    answer = client.get(reverse("admin:runs_trainedmodel_change", args=[row.pk]))
    lines = {line.label: line.one for s in answer.context["sections"] for line in s.lines}
    told = {name: said for name, said in lines.items() if " to " in said}
    assert told == {
        "this model’s stand-in": "0.064 (0.058 to 0.070)",
        "the same chance for everybody": "0.064 (0.058 to 0.070)",
        "the number of commits of 90 days": "0.064 (0.058 to 0.070)",
        "a plain logistic regression on counts": "0.064 (0.058 to 0.070)",
        "Better than the best of the simple ones by": "−0.300 (−0.320 to −0.280)",
    }


OWN, OTHERS = "this community’s", "that of other communities only"
BOTH = "this community’s, and that of others"


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"own_1": "learned", "own_2": "too_little", "elsewhere": "x"}, [BOTH, OTHERS]),
        ({"own_1": "learned", "own_2": "learned", "elsewhere": ""}, [OWN, OWN]),
        ({"own": "too_little", "elsewhere": "x"}, [OTHERS, OTHERS]),
        ({"own": "learned", "elsewhere": "x"}, ["–", "–"]),  # a card of old does not tell
    ],
)
def test_a_leader_model_s_page_says_whose_past_speaks_how_far_ahead(client, stella, sources, said):
    row = world.model("leaders")
    card = {"metrics": {"1": {}, "2": {}}, "sources": sources}
    TrainedModel.objects.filter(pk=row.pk).update(card=card)
    answer = client.get(reverse("admin:runs_trainedmodel_change", args=[row.pk]))
    [section] = [s for s in answer.context["sections"] if s.title == "Whose past speaks"]
    lines = [(line.label, line.one) for line in section.lines]
    assert lines == list(zip(["1 year ahead", "2 years ahead"], said, strict=True))


def test_a_loss_is_shown_as_one(client, stella, two):
    trial = TRIAL | {
        "measure": "brier",
        "marks": {"challenger": {"mean": -0.07, "low": -0.08, "high": -0.06}},
    }
    TrainedModel.objects.filter(version="new").update(trial=trial)
    page = client.get(COMPARE, {"one": two[1].pk, "other": two[0].pk})
    assert b"0.070 (0.060 to 0.080)" in page.content


def test_a_steward_pins_unpins_and_rolls_back_and_it_is_written_down(client, stella, two):
    old, new = two
    assert "New serves until it is unpinned." in decide(client, new, "pin")
    assert serving() == ("new", True)
    assert "unpin it first" in decide(client, new, "roll-back")
    assert "until a newer model is no worse" in decide(client, new, "unpin")
    assert "Old serves again" in decide(client, new, "roll-back")
    assert serving() == ("old", False)
    mine = ModelEvent.objects.filter(by=stella).order_by("pk")
    assert list(mine.values_list("model__version", "kind")) == [
        ("new", "pinned"),
        ("new", "unpinned"),
        ("old", "rolled back"),
    ]


def test_the_list_decides_on_one_model_at_a_time(client, stella, two):
    old, new = two
    post = {"action": "pin", "_selected_action": [old.pk, new.pk]}
    assert b"Choose one model." in client.post(LIST, post, follow=True).content
    client.post(LIST, {"action": "pin", "_selected_action": [old.pk]})
    assert serving() == ("old", True)
    client.post(LIST, {"action": "unpin", "_selected_action": [old.pk]})
    client.post(LIST, {"action": "roll_back", "_selected_action": [old.pk]})
    assert serving() == ("new", False)


def test_looking_at_an_address_decides_nothing(client, stella, two):
    for verb in ("pin", "unpin", "roll-back"):
        page = reverse("admin:runs_trainedmodel_decide", args=[two[0].pk, verb])
        assert client.get(page).status_code == 405
    assert serving() == ("new", False)


@pytest.mark.parametrize("verb", ["crown", "pin"])
def test_what_is_not_there_is_not_found(client, stella, two, verb):
    page = reverse("admin:runs_trainedmodel_decide", args=[0, verb])
    assert client.post(page).status_code == 404
    assert client.get(COMPARE, {"one": two[0].pk}).status_code == 404


def test_staff_who_are_no_stewards_decide_nothing(client, two):
    client.force_login(world.user("staff@foundation.example", is_staff=True, is_superuser=True))
    page = reverse("admin:runs_trainedmodel_decide", args=[two[0].pk, "pin"])
    assert client.post(page).status_code == 403
    assert b"unpinned" not in client.get(LIST).content
    assert serving() == ("new", False)


def test_a_model_s_page_tells_its_story_and_what_can_be_decided(client, stella, two):
    page = client.get(reverse("admin:runs_trainedmodel_change", args=[two[1].pk])).content.decode()
    assert "It was not worse." in page
    assert "Roll back" in page


def test_the_list_costs_the_same_for_one_and_for_several(
    client, stella, django_assert_max_num_queries
):
    for number in range(6):
        champions.keep_back(world.model(version=f"m{number}"), (Said("It was worse."),))
        with django_assert_max_num_queries(9):
            client.get(LIST)


def test_the_runs_page_says_what_serves_and_what_is_refused(
    client, stella, two, django_assert_max_num_queries
):
    champions.note_refusal(two[0], Told("The model file old.skops cannot be read."))
    client.get(reverse("web:runs"))
    with django_assert_max_num_queries(24):
        page = client.get(reverse("web:runs")).content.decode()
    assert f"{LIST}{two[1].pk}/" in page
    assert "The model file old.skops cannot be read." in page
    assert "none yet" in page  # of the leaders


def test_french_stewards_read_figures_and_what_became_of_a_model_in_french(client, stella, two):
    client.cookies["django_language"] = "fr"
    page = reverse("admin:runs_trainedmodel_change", args=[two[1].pk])
    with translation.override(None):  # a page leaves its language behind
        shown = client.get(page).content.decode()
    assert "0,541 (de 0,500 à 0,580)" in shown
    assert "new est entré en service" in shown
    assert "promoted" not in shown
