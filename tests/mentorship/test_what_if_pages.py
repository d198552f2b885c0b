"""What-ifs: one thing differs, side by side; and whatever else has changed is said."""

import pytest
from django.urls import reverse

from mentorship import cohorts
from mentorship.models import Cohort, CohortPlacement, MentorOffer
from tests import world
from tests.mentorship.cohort_pages import address, of, post, text
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
SETTINGS = {"engine": "stable", "objective": "matched", "seed": 1, "min_hours": 0}


def test_trying_a_rule_beside_leaves_the_cohort_alone(client, steward, cohort):
    sent = {"kind": "conflict", "mentor": of("Nia").mentor_id, "beside": "1"}
    answer = post(client, "cohort-mentee", *address("Nia"), **sent)
    beside = Cohort.objects.get(based_on=cohort)
    assert answer["Location"] == reverse("mentorship:cohort-compare", args=[beside.pk])
    assert list(beside.rules.values_list("kind", flat=True)) == ["forbidden"]
    assert Cohort.objects.get(pk=cohort.pk).state == "preview"


def test_two_previews_stand_side_by_side_with_whose_place_differs(client, steward, cohort):
    ada, keel = of("Nia").mentor, of("Nia").project
    beside = world.cohort(
        based_on=cohort, change={"code": "mentor_place", "mentor": str(ada.pk)}, matched=2
    )
    for name in ("Nia Obi", "Ben Roth"):
        mentee = CohortPlacement.objects.get(cohort=cohort, mentee__name=name).mentee
        world.placement(beside, mentee, ada, keel)
    shown = client.get(reverse("mentorship:cohort-compare", args=[beside.pk])).context
    assert shown["cohort"].changed == "One more place with Ada Faure."
    assert [(move.mentee.name, move.before, move.after.mentor) for move in shown["moves"]] == [
        ("Ben Roth", None, ada)
    ]


def test_lists_tell_what_ifs_apart_by_what_was_changed(client, steward, cohort):
    ada = of("Nia").mentor
    for change in ({"code": "mentor_place", "mentor": ada.pk}, {"code": "settings", "seed": 1}):
        world.cohort(based_on=cohort, change=change)
    words = ["One more place with Ada Faure.", "With other settings (lot number 1)."]
    for html in (page(client, reverse("mentorship:cohorts")), text(client, "cohort", cohort.pk)):
        assert [html.count(sentence) for sentence in words] == [1, 1]


def test_a_what_if_that_changes_nothing_is_told_from_one_not_yet_computed(client, steward, cohort):
    beside = world.cohort(based_on=cohort, change={"code": "settings"}, state="waiting")
    assert "One of the two is not computed yet." in text(client, "cohort-compare", beside.pk)
    Cohort.objects.filter(pk=beside.pk).update(state="preview")
    nia = of("Nia")
    world.placement(beside, nia.mentee, nia.mentor, nia.project)
    assert "everybody has the same place in both" in text(client, "cohort-compare", beside.pk)


def test_a_what_if_adds_one_place(client, steward, cohort):
    ada = of("Nia").mentor
    post(client, "cohort-what-if", cohort.pk, place=f"mentor:{ada.pk}")
    assert Cohort.objects.get(based_on=cohort).more_places == {"mentors": {str(ada.pk): 1}}


def test_a_what_if_of_settings_keeps_and_says_only_what_differs(client, steward, cohort):
    sent = SETTINGS | {"min_hours": 3, "common_language": "on", "places_a_project": 2}
    post(client, "cohort-what-if", cohort.pk, **sent)
    beside = Cohort.objects.get(based_on=cohort)
    assert beside.change == {
        "code": "settings",
        "min_hours": 3,
        "common_language": True,
        "places_a_project": 2,
    }
    assert (beside.min_hours, beside.common_language, beside.places_a_project) == (3, True, 2)
    html = text(client, "cohort-compare", beside.pk)
    said = "at least 3 hours of the day in common; a language in common; at most 2 places a project"
    assert f"With other settings ({said})." in html
    assert f"Limits: {said}." in html
    assert "no hours in common needed; no language in common needed" in html  # as it was


@pytest.mark.parametrize("sent", [SETTINGS, SETTINGS | {"objective": "total"}])
def test_a_what_if_in_which_nothing_differs_is_none(client, steward, cohort, sent):
    form = post(client, "cohort-what-if", cohort.pk, **sent).context["settings_form"]
    words = "So far nothing differs: change at least one setting."
    assert (form.non_field_errors(), form["objective"].value()) == ([words], sent["objective"])
    assert Cohort.objects.count() == 1


def test_a_what_if_of_a_wrong_setting_says_what_is_wrong_and_keeps_the_others(
    client, steward, cohort
):
    sent = SETTINGS | {"min_hours": 25, "seed": 9}
    form = post(client, "cohort-what-if", cohort.pk, **sent).context["settings_form"]
    assert form.errors == {"min_hours": ["Ensure this value is less than or equal to 24."]}
    assert [form[name].value() for name in ("min_hours", "seed")] == ["25", "9"]
    assert Cohort.objects.count() == 1


def test_a_further_try_begins_with_what_was_tried(client, steward, cohort):
    place = f"mentor:{of('Nia').mentor_id}"
    tried = [
        client.post(path := reverse("mentorship:cohort-what-if", args=[cohort.pk]), sent)
        for sent in (SETTINGS | {"min_hours": 3}, {"place": place})
    ]
    assert [answer.status_code for answer in tried] == [302, 302]
    found = {}
    for one in cohort.what_ifs.all():
        shown = client.get(path, {"like": one.pk}).context
        found[one.change["code"]] = [
            shown["settings_form"]["min_hours"].value(),
            shown["place_form"]["place"].value(),
        ]
    assert found == {"settings": [3, None], "mentor_place": [0, place]}
    assert f"?like={one.pk}" in text(client, "cohort-compare", one.pk)


@pytest.mark.parametrize("like", ["9" * 5000, "0", "x"])
def test_a_try_like_none_that_there_is_begins_with_the_cohort(client, steward, cohort, like):
    shown = client.get(reverse("mentorship:cohort-what-if", args=[cohort.pk]), {"like": like})
    assert shown.context["settings_form"].instance == cohort


def test_a_published_cohort_is_varied_no_more(client, steward, cohort):
    Cohort.objects.update(state="published", published_at=world.NOW)
    post(client, "cohort-what-if", cohort.pk, place=f"mentor:{of('Nia').mentor_id}")
    sent = {"kind": "forbidden", "mentor": of("Nia").mentor_id, "beside": "1"}
    post(client, "cohort-mentee", *address("Nia"), **sent)
    assert Cohort.objects.count() == 1
    path = reverse("mentorship:cohort-what-if", args=[cohort.pk])
    assert client.get(path)["Location"] == cohort.get_absolute_url()
    assert path not in text(client, "cohort", cohort.pk)


def test_what_else_has_changed_is_said_and_both_are_computed_anew(client, steward, cohort):
    rests_on = dict.fromkeys(("asking", "suggestions", "limits", "conflicts"), "same")
    beside = world.cohort(based_on=cohort, change={"code": "settings"}, as_of=world.days_ago(1))
    for one, limits, day in ((cohort, "then", 9), (beside, "now", 1)):
        one.summary["rests_on"] = rests_on | {"limits": limits}
        one.as_of = world.days_ago(day)
        one.save()
    html = text(client, "cohort-compare", beside.pk)
    assert "mentors’ places, hours and languages" in html
    assert "who asks, and for what" not in html
    assert "Data up to Feb. 21, 2026" in html and "Data up to March 1, 2026" in html
    post(client, "cohort-again", beside.pk)
    assert set(Cohort.objects.values_list("state", flat=True)) == {"waiting"}
    assert "Something else has changed too" not in text(client, "cohort-compare", beside.pk)


def test_rules_and_co_mentors_that_one_of_the_two_has_not_are_said(client, steward, cohort):
    nia, ada = of("Nia"), of("Nia").mentor
    change = {"code": "forbidden", "mentee": nia.mentee_id, "mentor": ada.pk, "project": None}
    beside = cohorts.what_if(cohort, change, by=steward, now=world.NOW)
    Cohort.objects.update(state="preview")

    def also_changed() -> list[str]:
        path = reverse("mentorship:cohort-compare", args=[beside.pk])
        return client.get(path).context["also_changed"]

    assert also_changed() == []
    rule = {"mentee": of("Ben").mentee, "mentor": ada, "made_at": world.NOW}
    cohort.rules.create(kind="pin", project=nia.project, **rule)
    assert also_changed() == ["the rules for two people"]
    world.co_mentor(beside, world.person("Pia Lund"), nia.project)
    assert also_changed() == ["the rules for two people", "the co-mentors"]


@pytest.mark.parametrize("side", ["before", "after"])
def test_what_is_compared_with_contradictory_rules_is_not_said_to_be_uncomputed(
    client, steward, cohort, side
):
    beside = world.cohort(based_on=cohort, change={"code": "mentor_place", "mentor": "1"})
    odd = {"before": cohort, "after": beside}[side]
    fault = {"code": "pinned_twice", "mentee": str(of("Nia").mentee_id), "count": 2}
    Cohort.objects.filter(pk=odd.pk).update(state="infeasible", faults=[fault])
    html = text(client, "cohort-compare", beside.pk)
    assert "Rules contradict each other, so nobody is placed:" in html
    assert "Nia Obi is pinned to 2 places at once." in html
    assert ("Whose place differs" in html, "not computed" in html) == (False, False)


def test_a_place_that_is_only_assumed_cannot_be_published_until_it_is_given(
    client, steward, cohort
):
    ada, publish = of("Nia").mentor, reverse("mentorship:cohort-publish", args=[cohort.pk])
    words = "This what-if needs a place that is not given: Ada Faure."
    cohort.more_places = {"mentors": {str(ada.pk): 1}}
    cohort.save()

    def offered() -> tuple[bool, bool]:
        html = text(client, "cohort", cohort.pk)
        return publish in html, words in html

    assert offered() == (True, False)  # assumed, but not used
    cohort.summary["mentors"][str(ada.pk)] = [2, 2]
    cohort.save()
    assert offered() == (False, True)
    MentorOffer.objects.create(person=ada, places=2)
    assert offered() == (True, False)


def test_the_way_out_of_rules_at_odds_is_to_take_one_back_or_to_try_a_place(
    client, steward, cohort
):
    nia, ben, ada = of("Nia").mentee, of("Ben").mentee, of("Nia").mentor
    pia, keel = world.person("Pia Lund"), of("Nia").project
    pins = [
        cohort.rules.create(kind="pin", mentee=one, mentor=ada, project=keel, made_at=world.NOW)
        for one in (nia, ben)
    ]
    other = cohort.rules.create(kind="forbidden", mentee=nia, mentor=pia, made_at=world.NOW)
    fault = {"code": "mentor_over_pinned", "mentor": str(ada.pk), "count": 2, "limit": 1}
    cohort.state, cohort.faults = "infeasible", [fault]
    cohort.summary["mentors"][str(pia.pk)] = [0, 1]
    cohort.save()
    shown = client.get(cohort.get_absolute_url()).context
    assert (shown["at_odds"], shown["rules"]) == (pins, [other])
    way_out = reverse("mentorship:cohort-what-if", args=[cohort.pk])
    assert way_out in text(client, "cohort", cohort.pk)
    assert client.get(way_out).context["place_form"]["place"].value() == f"mentor:{ada.pk}"
    post(client, "cohort-what-if", cohort.pk, place=f"mentor:{ada.pk}")
    assert Cohort.objects.get(based_on=cohort).more_places == {"mentors": {str(ada.pk): 1}}


def test_a_fault_that_names_no_rule_puts_every_pin_at_odds(client, steward, cohort):
    nia, pia, keel = of("Nia").mentee, world.person("Pia Lund"), of("Nia").project
    pin = cohort.rules.create(
        kind="pin", mentee=nia, mentor=of("Nia").mentor, project=keel, made_at=world.NOW
    )
    cohort.rules.create(kind="forbidden", mentee=nia, mentor=pia, made_at=world.NOW)
    fault = {"code": "mentor_over_pinned", "mentor": str(pia.pk + 99), "count": 2, "limit": 1}
    Cohort.objects.update(state="infeasible", faults=[fault])
    assert client.get(cohort.get_absolute_url()).context["at_odds"] == [pin]
