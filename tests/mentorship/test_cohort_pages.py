"""A steward previews, asks why, compares, publishes; afterwards all see their own place."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.people.rights import erase
from foundation.runs.models import Run
from mentorship.cohort_pages import faults_of
from mentorship.load import bearers
from mentorship.models import Cohort, CohortPlacement, Exposure, MentorOffer, PairRule
from mentorship.what_if_pages import with_changes
from tests import world
from tests.mentorship.cohort_pages import address, of, post, publish, text
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def test_a_preview_is_begun_and_its_computing_owed(client, steward):
    world.project()
    form = {"name": "Spring", "engine": "optimal", "objective": "total", "seed": 3, "min_hours": 2}
    post(client, "cohorts", **form)
    made = Cohort.objects.values("name", "engine", "objective", "seed", "min_hours", "made_by")
    assert made.get() == form | {"made_by": steward.pk}
    assert list(Run.objects.values_list("task", "scope", "state")) == [
        ("assign", str(Cohort.objects.get().pk), "waiting")
    ]


def test_the_page_says_who_goes_where_and_what_would_help(client, steward, cohort):
    html = text(client, "cohort", cohort.pk)
    assert "Nia Obi" in html and "1 / 2" in html
    assert "One more place with Ada Faure (Keel)." in html


@pytest.mark.parametrize(("language", "share"), [("en", "93%"), ("fr", "93\u00a0%")])
def test_the_share_of_the_best_total_is_written_as_the_language_writes_it(
    client, steward, cohort, language, share
):
    Cohort.objects.update(summary=cohort.summary | {"total": 0.8, "bound": 0.86})
    client.cookies["django_language"] = language
    assert f"<dd>{share}</dd></div>\n</dl>" in text(client, "cohort", cohort.pk)


@pytest.mark.parametrize(("blocking", "unqualified"), [(0, True), (2, False)])
def test_an_answer_is_called_stable_only_as_far_as_it_is(
    client, steward, cohort, blocking, unqualified
):
    Cohort.objects.update(engine="stable", summary=cohort.summary | {"blocking_pairs": blocking})
    html = text(client, "cohort", cohort.pk)
    assert ("Stable: no pair would rather have each other" in html) is unqualified
    assert ("Within these shares, no pair would rather have each other." in html) is not unqualified


def test_why_not_is_answered_for_every_wish_and_for_a_mentor_asked_about(client, steward, cohort):
    path = reverse("mentorship:cohort-mentee", args=address("Ben"))
    words = "All places of this mentor went to mentees who come first with them"
    html = page(client, path)
    assert words in html and f'href="{of("Ben").mentee.get_absolute_url()}"' in html
    ada = CohortPlacement.objects.get(mentee__name="Nia Obi").mentor
    html = page(client, f"{path}?mentor={ada.pk}")
    assert "Why not Ada Faure?" in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert sorted(set(ids)) == sorted(ids)


def test_a_pinned_mentee_is_said_to_be_pinned_and_nothing_else_to_have_been_weighed(
    client, steward, cohort
):
    CohortPlacement.objects.filter(pk=of("Nia").pk).update(rank=0)
    path, bea = reverse("mentorship:cohort-mentee", args=address("Nia")), world.person("Bea Holm")
    cohort.summary["mentors"][str(bea.pk)] = [0, 1]
    cohort.save()
    words = "A steward pinned them to Ada Faure, so nothing else was weighed for them."
    html = page(client, f"{path}?mentor={bea.pk}")
    assert (html.count(words), "suggested" in html.partition("<main")[2]) == (2, False)


def test_the_reasons_of_one_wish_are_told_once_for_all_mentors(client, steward, cohort):
    ben, bea = of("Ben"), world.person("Bea Holm")
    ben.why_not += [{**ben.why_not[0], "mentor": str(bea.pk)}]
    ben.why_not += [{**ben.why_not[0], "code": "hours"}]
    ben.save()
    path = reverse("mentorship:cohort-mentee", args=address("Ben"))
    reasons = client.get(path).context["reasons"]
    assert [(one.rank, one.project, one.mentors) for one in reasons] == [
        (1, "Keel", "Ada Faure, Bea Holm"),
        (1, "Keel", "Ada Faure"),
    ]


def test_a_load_without_a_limit_fills_no_bar(client, steward, cohort):
    cohort.summary["projects"] = {"keel": [3, 4], "mast": [3, None], "jib": [0, 0]}
    cohort.save()
    bars = client.get(cohort.get_absolute_url()).context["projects"]
    assert [(bar.label, bar.limit, bar.share) for bar in bars] == [
        ("Keel", 4, "75.0%"),
        ("mast", None, ""),
        ("jib", 0, "0.0%"),
    ]


def test_who_is_left_out_is_named_with_the_reason(client, steward, cohort):
    ben, ada = of("Ben").mentee, of("Nia").mentor
    cohort.summary["left_out"] = [{"mentee": ben.pk, "mentor": ada.pk, "project": "keel"}]
    cohort.save()
    html = text(client, "cohort", cohort.pk)
    assert "Ben Roth works with Ada Faure already (Keel)." in html


def test_the_list_of_cohorts_reads_their_counts_without_what_was_computed(client, steward, cohort):
    summary = cohort.summary
    world.cohort(based_on=cohort, change={"code": "settings"}, state="waiting", matched=0)
    path = reverse("mentorship:cohorts")
    html = " ".join(page(client, path).split())
    assert html.count(f"{summary['matched']} of {summary['mentees']} placed") == 1
    shown = client.get(path).context["cohorts"]
    assert [row.get_deferred_fields() for row in shown] == [{"summary", "faults"}] * 2
    two = queries(client, path)
    world.cohort(based_on=cohort, change={"code": "settings"}, state="waiting")
    assert queries(client, path) == two


def test_names_are_read_only_where_some_are_told(cohort, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (faults_of(cohort), with_changes([cohort])[0].changed) == ([], "")


def test_a_cohort_costs_as_many_queries_with_five_as_with_two(client, steward, cohort):
    path = reverse("mentorship:cohort", args=[cohort.pk])
    two = queries(client, path)
    nia = of("Nia")
    for name in ("Cyd", "Dora", "Eli"):
        world.placement(cohort, world.person(name), nia.mentor, nia.project)
        world.placement(cohort, world.person(f"{name} Two"), would_help=of("Ben").would_help)
    assert queries(client, path) == two


def test_a_rule_is_set_and_the_cohort_computed_anew(client, steward, cohort):
    ada = of("Nia").mentor
    sent = {"kind": "pin", "mentor": ada.pk, "project": "keel"}
    post(client, "cohort-mentee", *address("Ben"), **sent)
    rule = PairRule.objects.values("kind", "mentee__name", "mentor", "project__slug", "made_by")
    assert rule.get() == {
        "kind": "pin",
        "mentee__name": "Ben Roth",
        "mentor": ada.pk,
        "project__slug": "keel",
        "made_by": steward.pk,
    }
    assert Cohort.objects.get().state == "waiting"
    post(client, "cohort-rule-drop", cohort.pk, PairRule.objects.get().pk)
    assert not PairRule.objects.exists()


def test_a_pin_without_its_project_is_refused_and_keeps_what_was_chosen(client, steward, cohort):
    ada = of("Nia").mentor
    answer = post(client, "cohort-mentee", *address("Ben"), kind="pin", mentor=ada.pk)
    form = answer.context["form"]
    assert form.errors == {"project": ["Say in which project."]}
    assert [field.value() for field in form] == ["pin", str(ada.pk), None]
    assert not PairRule.objects.exists()


def test_whoever_was_asked_about_is_chosen_for_a_rule(client, steward, cohort):
    ada = of("Nia").mentor
    path = reverse("mentorship:cohort-mentee", args=address("Ben"))
    shown = client.get(path, {"mentor": ada.pk}).context
    assert shown["ask_form"]["mentor"].value() == str(ada.pk)
    assert [shown["form"][name].value() for name in ("mentor", "project")] == [ada.pk, "keel"]


def test_a_mentee_keeps_their_address_when_the_cohort_is_computed_anew(client, steward, cohort):
    path, nia = reverse("mentorship:cohort-mentee", args=address("Nia")), of("Nia")
    post(client, "cohort-mentee", *address("Nia"), kind="forbidden", mentor=nia.mentor_id)
    assert "the answer of before" in page(client, path)
    nia.delete()
    Cohort.objects.update(state="preview")
    world.placement(cohort, nia.mentee)
    html = page(client, path)
    assert ("No place." in html, "the answer of before" in html) == (True, False)


def test_a_mentee_of_whom_nothing_is_computed_leads_to_the_cohort(client, steward, cohort):
    gone, path = of("Nia"), reverse("mentorship:cohort-mentee", args=address("Nia"))
    gone.delete()
    answer = client.get(path, follow=True)
    assert answer.redirect_chain == [(cohort.get_absolute_url(), 302)]
    assert "says nothing of Nia Obi." in answer.content.decode()
    assert client.get(path.replace(str(gone.mentee_id), "0")).status_code == 404


def test_a_named_human_publishes_and_only_with_a_tick(client, steward, cohort):
    post(client, "cohort-publish", cohort.pk)
    assert Cohort.objects.get().state == "preview"
    publish(client, cohort)
    published = Cohort.objects.get()
    assert (published.state, published.published_by, published.published_at) == (
        "published",
        steward,
        world.NOW,
    )
    post(client, "cohort-discard", cohort.pk)
    assert Cohort.objects.exists()


def test_a_published_cohort_invites_nobody_to_set_a_rule(client, steward, cohort):
    invites, says = "to pin a pair", "No rule was set."
    before = text(client, "cohort", cohort.pk)
    publish(client, cohort)
    after = text(client, "cohort", cohort.pk)
    assert [(invites in page, says in page) for page in (before, after)] == [
        (True, False),
        (False, True),
    ]


def moment_of(client, cohort: Cohort) -> str:
    """What the form that publishes says of the preview on its page."""
    return re.search(r'name="computed_at" value="([^"]+)"', text(client, "cohort", cohort.pk))[1]


def test_a_preview_that_was_computed_anew_is_shown_and_not_published_unseen(
    client, steward, cohort
):
    sent = {"sure": "on", "computed_at": moment_of(client, cohort)}
    Cohort.objects.update(computed_at=world.NOW + timedelta(microseconds=7))
    for former in (sent, {"sure": "on"}, {"sure": "on", "computed_at": "of then"}):
        html = page(client, post(client, "cohort-publish", cohort.pk, **former)["Location"])
        assert "Nothing was published: it was computed anew since you looked at it." in html
        assert (Cohort.objects.get().state, Exposure.objects.exists()) == ("preview", False)
    sent["computed_at"] = moment_of(client, cohort)
    post(client, "cohort-publish", cohort.pk, **sent)
    assert Cohort.objects.get().state == "published"


def test_a_preview_that_no_longer_holds_is_not_published_and_says_why(client, steward, cohort):
    MentorOffer.objects.create(person=of("Nia").mentor, never=True)
    html = page(client, publish(client, cohort)["Location"])
    assert "Nothing was published: the preview no longer holds." in html
    assert "Ada Faure has no place left, has paused, or is not to be suggested." in html
    assert (Cohort.objects.get().state, Exposure.objects.exists()) == ("waiting", False)


def test_a_published_place_is_a_mentorship_on_the_pages_of_both(client, steward, cohort):
    nia, ada = of("Nia").mentee, of("Nia").mentor
    world.lull(nia, told_since=world.days_ago(8))
    publish(client, cohort)
    path = reverse("mentorship:limits")
    html = page(client, path, ada.user)
    assert "Nia Obi" in html and "It has been quiet around Nia Obi" in html
    assert [one.working for one in bearers(steward, now=world.NOW)] == [1]


@pytest.mark.parametrize("role", ["nia", "ada"])
def test_nothing_of_a_preview_is_shown_and_ones_own_place_once_published(client, cohort, role):
    account = world.User.objects.get(email=f"{role}@halyard.example")
    other = {"nia": "Ada Faure", "ada": "Nia Obi"}[role]
    path = reverse("mentorship:placement")
    assert other not in page(client, path, account)
    Cohort.objects.update(state="published", published_at=world.NOW)
    html = page(client, path)
    assert other in html and "Ben Roth" not in html


def test_who_found_no_place_is_told_so_kindly(client, cohort):
    Cohort.objects.update(state="published", published_at=world.NOW)
    html = page(client, reverse("mentorship:placement"), of("Ben").mentee.user)
    assert "No place this time" in html and "Nia" not in html


def test_the_front_page_and_the_mentors_page_bring_the_place(client, cohort):
    Cohort.objects.update(state="published", published_at=world.NOW)
    words = "You are placed with Ada Faure in Keel."
    account = of("Nia").mentee.user
    assert words in page(client, reverse("web:home"), account)
    assert words in page(client, reverse("mentorship:mentors"))


def test_the_export_holds_a_placement_once_it_is_published(client, cohort):
    client.force_login(of("Nia").mentee.user)

    def told():
        return json.loads(client.get(reverse("web:export")).content)["placements"]

    before = told()
    Cohort.objects.update(state="published", published_at=world.NOW)
    assert (before, [(one["mentor__name"], one["rank"]) for one in told()]) == (
        [],
        [("Ada Faure", 1)],
    )


def test_erasure_leaves_no_placement_and_no_rule(cohort):
    nia, ada = of("Nia").mentee, of("Nia").mentor
    PairRule.objects.create(kind="conflict", mentee=nia, mentor=ada, made_at=world.NOW)
    erase(nia, now=world.NOW)
    assert list(CohortPlacement.objects.values_list("mentee__name", flat=True)) == ["Ben Roth"]
    assert not PairRule.objects.exists()
