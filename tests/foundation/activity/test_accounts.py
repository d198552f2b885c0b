"""Whose account wrote a commit, as the pull request tells that the commit landed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.activity import accounts
from foundation.activity.accounts import learn_accounts
from foundation.activity.models import Activity, Change
from foundation.activity.reading import (
    ingest_events,
    ingest_git,
    open_source,
)
from foundation.people.merging import resolve_people
from foundation.people.models import Identity, Person
from foundation.people.rights import erase
from foundation.projects.models import Repository
from tests import world
from tests.foundation.activity.event_files import account, event, pull, write
from tests.gitworld import GitWorld

pytestmark = pytest.mark.django_db
NADIA, ANN = "Nadia Benkirane", "Ann Chovey"


@pytest.fixture
def loom():
    return world.repository(world.project("loom"))


def author(name, email=""):
    email = email or f"{name.split()[0].lower()}@river.example"
    return Identity.objects.create(key=f"git:{name}<{email}>", source="git", name=name, email=email)


def land(repository, number, by, *, login, late=0, kind="human"):
    """A pull request that an account opened, closed by a bot as its commit landed."""
    opener, _ = Identity.objects.get_or_create(
        key=f"github:{login}#{account(login)['id']}",
        defaults={"source": "github", "login": login, "github_id": account(login)["id"]},
    )
    Identity.objects.filter(pk=opener.pk).update(kind=kind)
    of = {"repository": repository, "kind": "pull_request", "external_id": f"pull/{number}"}
    asked = Change.objects.create(**of, author=opener, pull_request=number)
    closed = {"kind": "closed_pull_request", "at": world.days_ago(number)}
    Activity.objects.create(change=asked, identity=author(f"Bot{number}"), **closed)
    world.change(repository, by, at=world.days_ago(number - late), pull_request=number)


def told():
    known = Identity.objects.exclude(api_github_id=None)
    return dict(known.values_list("name", "api_github_id"))


def test_one_landed_pull_request_tells_an_account_that_bears_the_name(loom):
    land(loom, 1, author(NADIA), login="nadiabenkirane")
    land(loom, 2, author(ANN), login="fish")
    assert (learn_accounts(loom), learn_accounts(loom)) == (1, 0)
    assert told() == {NADIA: account("nadiabenkirane")["id"]}
    resolve_people()
    held = Identity.objects.filter(person__name=NADIA).order_by("source")
    assert list(held.values_list("source", flat=True)) == ["git", "github"]


def test_several_landed_pull_requests_tell_an_account_of_any_name(loom):
    ann = author(ANN)
    for number in (1, 2):
        land(loom, number, ann, login="fish")
    learn_accounts(loom)
    assert told() == {ANN: account("fish")["id"]}


def test_what_contradicts_itself_tells_nothing(loom):
    ann, nadia = author(ANN), author(NADIA)
    for number, by in enumerate((ann, ann, nadia, nadia), start=1):
        land(loom, number, by, login="carrier")  # carries over what two people wrote
    zoe = author("Zoe Far")
    for number, login in enumerate(("zoefar", "other", "zoefar"), start=5):
        land(loom, number, zoe, login=login)
    learn_accounts(loom)
    assert told() == {}


def test_a_number_of_another_time_or_of_a_bot_tells_nothing(loom):
    land(loom, 1, author(NADIA), login="nadiabenkirane", late=2)
    land(loom, 2, author(ANN), login="annchovey", kind="bot")
    learn_accounts(loom)
    assert told() == {}


@pytest.mark.parametrize("commits_first", [True, False])
def test_it_is_told_whichever_came_first(loom, tmp_path, commits_first):
    history, login = GitWorld(tmp_path / "loom"), "nadiabenkirane"
    history.commit(f"{NADIA} <nadia@river.example>", message="Weave (#7)", at=1_777_630_000)
    Repository.objects.filter(pk=loom.pk).update(github="mill/loom")
    opened = {"action": "opened", "pull_request": pull(login)}
    closed = {"action": "closed", "pull_request": pull(login, state="closed", merged=False)}
    kind = "PullRequestEvent"
    events = write(tmp_path, event(1, kind, login, opened), event(2, kind, "robot", closed))
    if commits_first:
        ingest_git(loom, open_source(history.path))
    ingest_events(events)
    if not commits_first:
        ingest_git(loom, open_source(history.path))
    assert told() == {NADIA: account(login)["id"]}


def test_a_history_without_news_is_not_asked_for_accounts_again(loom, tmp_path):
    history = GitWorld(tmp_path / "loom")
    history.commit(f"{NADIA} <nadia@river.example>", message="Weave (#7)")
    land(loom, 1, author(ANN), login="annchovey")
    ingest_git(loom, open_source(history.path))
    with CaptureQueriesContext(connection) as asked:
        ingest_git(loom, open_source(history.path))
    assert not [query for query in asked if "activity_change" in query["sql"]]


def test_who_is_erased_while_accounts_are_learned_gets_no_number_back(loom, monkeypatch):
    land(loom, 1, author(NADIA), login="nadiabenkirane")
    resolve_people()
    agreed = accounts._agreed

    def erased_meanwhile(*words):
        erase(Person.objects.get(name=NADIA), now=timezone.now())
        return agreed(*words)

    monkeypatch.setattr(accounts, "_agreed", erased_meanwhile)
    assert learn_accounts(loom) == 0
    erased = Identity.objects.get(source="erased")
    assert (erased.api_github_id, erased.github_id) == (None, None)
