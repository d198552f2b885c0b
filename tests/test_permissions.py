"""Who may open what: every address of the house, for every role, in one table."""

import re

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver, reverse

from foundation.people.models import Person
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:")
ROLES = ("stranger", "member", "own", "steward")
SIGN_IN, NOTHING, NOT_SO = 302, 404, 405
OK = 200

# Address name → what a GET answers to (stranger, member, own, steward). "own" is the person the
# address is about. 405: only a POST changes things.
GET = {
    "web:home": (OK, OK, OK, OK),
    "web:person": (NOTHING, OK, OK, OK),
    "web:evidence": (NOTHING, OK, OK, OK),
    "web:leaders": (NOTHING, NOTHING, NOTHING, OK),
    "web:leader": (NOTHING, NOTHING, NOTHING, OK),
    "web:me": (SIGN_IN, OK, OK, OK),
    "web:claim": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:details": (SIGN_IN, OK, OK, OK),
    "web:affiliations": (SIGN_IN, OK, OK, NOTHING),
    "web:affiliation-remove": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:identities": (SIGN_IN, OK, OK, NOTHING),
    "web:identity-detach": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:expertise-visibility": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:leading": (SIGN_IN, OK, OK, NOTHING),
    "web:consent": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:signal-decline": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:lull-answer": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:privacy": (SIGN_IN, OK, OK, NOTHING),
    "web:visibility": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "web:export": (SIGN_IN, OK, OK, NOTHING),
    "web:erase": (SIGN_IN, OK, OK, NOTHING),
    "web:runs": (NOTHING, NOTHING, NOTHING, OK),
    "web:run-again": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "web:oddities": (NOTHING, NOTHING, NOTHING, OK),
    "web:backtests": (NOTHING, NOTHING, NOTHING, OK),
    "web:backtest": (NOTHING, NOTHING, NOTHING, OK),
    "web:backtest-json": (NOTHING, NOTHING, NOTHING, OK),
    "web:backtest-begin": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "mentorship:mentors": (SIGN_IN, OK, OK, OK),
    "mentorship:ask": (SIGN_IN, OK, OK, OK),
    "mentorship:withdraw": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "mentorship:limits": (SIGN_IN, OK, OK, NOTHING),
    "mentorship:placement": (SIGN_IN, OK, OK, NOTHING),
    "mentorship:placement-end": (SIGN_IN, NOTHING, OK, OK),
    "mentorship:cohorts": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-mentee": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-compare": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-rule-drop": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "mentorship:cohort-co-mentor": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-co-mentor-drop": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "mentorship:cohort-what-if": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-again": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "mentorship:cohort-publish": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "mentorship:cohort-discard": (NOTHING, NOTHING, NOTHING, NOT_SO),
    "mentorship:seen": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "mentorship:asked": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "mentorship:answer": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "mentorship:finish": (SIGN_IN, NOTHING, OK, NOTHING),
    "mentorship:load": (NOTHING, NOTHING, NOTHING, OK),
}
# Address name → what a POST that names somebody's row answers to (stranger, member, own, steward).
POST = {
    "web:leader": (NOTHING, NOTHING, NOTHING, 302),
    "web:affiliation-remove": (SIGN_IN, NOTHING, 302, NOTHING),
    "web:identity-detach": (SIGN_IN, NOTHING, 302, NOTHING),
    "web:expertise-visibility": (SIGN_IN, NOTHING, 302, NOTHING),
    "web:signal-decline": (SIGN_IN, NOTHING, 302, NOTHING),
    "web:run-again": (NOTHING, NOTHING, NOTHING, 302),
    "web:backtest-begin": (NOTHING, NOTHING, NOTHING, 302),
    "mentorship:withdraw": (SIGN_IN, NOTHING, 302, NOTHING),
    "mentorship:cohort-mentee": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-rule-drop": (NOTHING, NOTHING, NOTHING, 302),
    "mentorship:cohort-co-mentor": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-co-mentor-drop": (NOTHING, NOTHING, NOTHING, 302),
    "mentorship:cohort-what-if": (NOTHING, NOTHING, NOTHING, OK),
    "mentorship:cohort-again": (NOTHING, NOTHING, NOTHING, 302),
    "mentorship:cohort-publish": (NOTHING, NOTHING, NOTHING, 302),
    "mentorship:cohort-discard": (NOTHING, NOTHING, NOTHING, 302),
    "mentorship:asked": (SIGN_IN, NOTHING, 302, NOTHING),
    "mentorship:answer": (SIGN_IN, NOTHING, 302, NOTHING),
    "mentorship:finish": (SIGN_IN, NOTHING, 302, NOTHING),
    "mentorship:placement-end": (SIGN_IN, NOTHING, 302, 302),
}

WHOLE_COHORT = ("what-if", "again", "co-mentor", "publish", "discard")


@pytest.fixture
def house():
    """One of everything, all about Rosa; returns the addresses' arguments and the accounts."""
    with world.at_now():
        accounts = {
            "member": world.user("max@halyard.example"),
            "own": world.user("rosa@halyard.example"),
            "steward": world.steward(),
        }
        keel = world.project()
        repo = world.repository(keel)
        world.person("Max Mustermann", "max@elsewhere.example", account=accounts["member"])
        rosa = world.person("Rosa Almeida", account=accounts["own"])
        world.identity(rosa, "rosa@former.example")
        world.change(repo, rosa, at=world.days_ago(3), oddities="bad-encoding")
        world.profiles(keel)
        declared = rosa.affiliations.create(
            organisation="Quay", since="2024-01-01", until="2025-01-01", is_declared=True
        )
        backtest = world.backtest()
        args = {
            "person": [rosa.public_id],
            "evidence": [rosa.public_id],
            "leader": [rosa.public_id, "keel"],
            "affiliation-remove": [declared.pk],
            "identity-detach": [rosa.identities.last().pk],
            "expertise-visibility": [rosa.expertise.first().pk],
            "signal-decline": [world.signal(rosa, keel).pk],
            "run-again": [world.run(state="failed").pk],
            "oddities": [repo.pk, "bad-encoding"],
            "backtest": [backtest.pk],
            "backtest-json": [backtest.pk],
            "backtest-begin": ["mentors"],
            "withdraw": [world.request(rosa, keel).pk],
            **_cohort(rosa, keel),
            "asked": [world.exposure(rosa, world.person("Ada"), keel).pk],
            "answer": [
                world.exposure(world.person("Ben"), rosa, keel, asked_at=world.days_ago(1)).pk
            ],
            "finish": [world.mentorship(world.person("Cyd"), rosa, keel).pk],
        }
        yield accounts, args


def _cohort(rosa, keel) -> dict:
    """A preview in which Rosa is placed, with a rule about her, and a what-if beside it."""
    ada = world.person("Ada Faure")
    made = world.cohort(mentors={ada.pk: [1, 1]}, projects={"keel": [1, None]})
    world.placement(made, rosa, ada, keel)
    rule = made.rules.create(kind="forbidden", mentee=rosa, mentor=ada, made_at=world.NOW)
    beside = world.cohort(based_on=made, change={"code": "settings"}, made_at=world.days_ago(0.5))
    duty = world.co_mentor(made, world.person("Zoe Lund"), keel)
    published = world.cohort(name="Autumn", state="published", published_at=world.days_ago(9))
    names = ("cohort", *(f"cohort-{what}" for what in WHOLE_COHORT))
    return dict.fromkeys(names, [made.pk]) | {
        "cohort-mentee": [made.pk, rosa.pk],
        "placement-end": [world.placement(published, rosa, ada, keel).pk],
        "cohort-compare": [beside.pk],
        "cohort-rule-drop": [made.pk, rule.pk],
        "cohort-co-mentor-drop": [made.pk, duty.pk],
    }


def address(name: str, args: dict) -> str:
    path = reverse(name, args=args.get(name.partition(":")[2], []))
    return f"{path}?project=keel&kind=changes" if name == "web:evidence" else path


def answers(client, accounts, path: str, method: str) -> tuple:
    found = []
    for role in ROLES:
        client.logout()
        if role in accounts:
            client.force_login(accounts[role])
        found.append(getattr(client, method)(path).status_code)
    return tuple(found)


def test_every_page_answers_every_role(client, house):
    accounts, args = house
    assert {name: answers(client, accounts, address(name, args), "get") for name in GET} == GET


def test_a_row_is_changed_only_by_those_who_may(client, house):
    accounts, args = house
    assert {name: answers(client, accounts, address(name, args), "post") for name in POST} == POST


def test_opening_every_page_changes_nothing(client, house):
    accounts, args = house
    for role in ROLES:
        client.logout()
        if role in accounts:
            client.force_login(accounts[role])
        before = everything()
        for name in GET:
            client.get(address(name, args))
        assert everything() == before, role


def test_a_lull_stands_on_its_owners_pages_and_on_nobody_elses(client, house):
    accounts, args = house
    Person.objects.get(user=accounts["own"]).lulls.create(
        last_on="2021-05-17",
        days=47_114_711,
        usual_days=47_124_712,
        chance=0.4713,
        told_since=world.days_ago(30),
        **world.fresh(),
    )
    says_it = re.compile("47114711|47124712").search
    found = {}
    for role in ROLES:
        client.logout()
        if role in accounts:
            client.force_login(accounts[role])
        pages = {name: client.get(address(name, args)).content.decode() for name in GET}
        found[role] = [name for name, html in pages.items() if says_it(html)]
    assert found == {"stranger": [], "member": [], "own": ["web:me", "web:export"], "steward": []}


def test_no_page_holds_a_script_or_a_style_of_its_own(client, house):
    accounts, args = house
    for role in ("own", "steward"):
        client.force_login(accounts[role])
        for name in GET:
            response = client.get(address(name, args))
            if response["Content-Type"].startswith("text/html"):
                assert INLINE.findall(response.content.decode()) == [], name


def everything() -> dict:
    """Every row of every table but the cache's."""
    return {
        model._meta.label: sorted(map(str, model.objects.values_list()))
        for model in apps.get_models()
    }


def test_every_address_stands_in_the_table():
    named = {
        f"{namespace}:{pattern.name}"
        for namespace in ("web", "mentorship")
        for pattern in _patterns(get_resolver().namespace_dict[namespace][1])
    }
    assert named == set(GET)


def _patterns(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry)


def test_a_stranger_is_sent_to_the_login_by_every_personal_page(client, house):
    _, args = house
    for name, expected in GET.items():
        if expected[0] == SIGN_IN:
            path = address(name, args)
            assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("role", ["stranger", "member"])
def test_a_hidden_person_looks_like_nobody(client, house, role):
    accounts, args = house
    Person.objects.filter(public_id=args["person"][0]).update(is_hidden=True)
    if role in accounts:
        client.force_login(accounts[role])
    hidden = client.get(address("web:person", args))
    missing = client.get(reverse("web:person", args=["00000000-0000-4000-8000-000000000000"]))
    assert (hidden.status_code, _page(hidden)) == (missing.status_code, _page(missing))


def _page(response) -> str:
    """The page without its own address and its form tokens."""
    lines = response.content.decode().splitlines()
    return "\n".join(line for line in lines if "csrf" not in line and "/people/" not in line)
