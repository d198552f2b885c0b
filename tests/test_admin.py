"""The admin: every list opens with rows in it, counts its queries, and stays shut to others."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from foundation.accounts.models import User
from foundation.people.merging import resolve_people
from foundation.people.models import CompanyDomain, Identity, IdentityLink, Person
from tests import world

pytestmark = pytest.mark.django_db

OURS = ("accounts", "projects", "people", "activity", "runs", "mentorship")
PAGES = [
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model._meta.app_label in OURS
]


@pytest.fixture
def steward(client):
    user = User.objects.create_superuser("steward@house.example", "a-long-enough-password")
    client.force_login(user)
    return user


def suspected(number):
    return Identity.objects.create(
        key=f"git:{number}", source="git", name=f"millbot{number}", kind=Identity.Kind.SUSPECTED
    )


def test_the_admin_holds_people_matches_runs_and_models():
    names = {page.split("/admin/")[1] for page in PAGES}
    assert {"people/person/", "mentorship/match/", "runs/run/", "runs/trainedmodel/"} <= names


@pytest.mark.parametrize("page", PAGES)
def test_every_list_opens(client, steward, page):
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_for_everybody_else_no_page_of_it_exists(client, is_signed_in):
    if is_signed_in:
        client.force_login(User.objects.create_user("guest@house.example"))
    pages = ["/admin/", "/admin/login/", "/admin/logout/", "/admin/nothing/", *PAGES]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)


def test_the_administration_breaks_no_rule_of_the_browser(client, steward):
    """The content security policy allows no inline script, also not one of a library."""
    page = client.get(reverse("admin:django_celery_beat_periodictask_add")).content.decode()
    inline = re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", page)
    assert (inline, "web/admin.css" in page) == ([], True)


def test_the_list_of_runs_says_in_words_what_ran_and_why_it_failed(client, steward):
    world.run("lulls", "", state="failed", error="The disk is full.")
    page = client.get(reverse("admin:runs_run_changelist")).content.decode()
    told = ("Looking after people", "all projects", "The disk is full.", ">4.0<")
    assert [words for words in told if words not in page] == []
    assert ">lulls<" not in page.replace("\n", "").replace(" ", "")


def test_the_list_of_identities_costs_the_same_for_one_and_for_several(
    client, steward, django_assert_max_num_queries
):
    page = reverse("admin:people_identity_changelist")
    for number in range(12):
        suspected(number)
        with django_assert_max_num_queries(8):
            client.get(page)


def test_a_steward_makes_a_suspect_somebody(client, steward):
    suspect = suspected(1)
    page = reverse("admin:people_identity_changelist")
    client.post(page, {"action": "call_human", "_selected_action": [suspect.pk]})
    suspect.refresh_from_db()
    assert (suspect.kind, suspect.person.name) == ("human", "millbot1")


def test_a_steward_undoes_a_merge(client, steward):
    people = Person.objects.create(name="Ada")
    left, right = (
        Identity.objects.create(key=f"git:{n}", source="git", name=n, person=people)
        for n in ("Ada Byron", "ada")
    )
    link = IdentityLink.objects.create(left=left, right=right, rule="same-email", state="applied")
    page = reverse("admin:people_identitylink_changelist")
    client.post(page, {"action": "reject", "_selected_action": [link.pk]})
    assert Identity.objects.values("person").distinct().count() == 2


def test_a_steward_is_asked_about_two_unlike_names_that_were_merged(client, steward):
    for name in ("Grace Hop", "Linus Tor", "grace"):
        Identity.objects.create(
            key=f"git:{name}", source="git", name=name, email="hopper@corp.example"
        )
    resolve_people()
    assert Person.objects.count() == 1
    page = reverse("admin:people_identitylink_changelist")
    [asked] = client.get(page, {"doubtful": "1"}).context["cl"].queryset
    assert {asked.left.name, asked.right.name} == {"Grace Hop", "Linus Tor"}
    words = "1 merge of two unlike names on one address"
    assert words in client.get(reverse("web:runs")).content.decode()
    client.post(page, {"action": "reject", "_selected_action": [asked.pk]})
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Grace Hop", "Linus Tor"]
    assert words not in client.get(reverse("web:runs")).content.decode()


def test_the_admin_does_not_show_a_leader_s_probability(client, steward):
    page = reverse("admin:people_leadersignal_changelist")
    assert b"probability" not in client.get(page).content.lower()


@pytest.mark.parametrize("lookup", ["probability__gt", "low__lt", "high", "reasons__icontains"])
def test_a_filter_in_the_address_does_not_tell_a_probability(client, steward, lookup):
    page = reverse("admin:people_leadersignal_changelist")
    assert client.get(page, {lookup: "0.5"}).status_code == 400


def test_a_steward_declares_a_company_and_everybody_is_asked_about_anew(client, steward):
    one = suspected(1)
    Identity.objects.update(is_settled=True)
    CompanyDomain.objects.create(domain="learned.example")
    client.post(reverse("admin:people_companydomain_add"), {"domain": "Mill.example"})
    one.refresh_from_db()
    learned = CompanyDomain.objects.get(domain="learned.example")
    declare = {"action": "declare", "_selected_action": [learned.pk]}
    client.post(reverse("admin:people_companydomain_changelist"), declare)
    declared = CompanyDomain.objects.filter(is_declared=True).order_by("domain")
    assert list(declared.values_list("domain", flat=True)) == ["learned.example", "mill.example"]
    assert one.is_settled is False
