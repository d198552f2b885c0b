"""The stewards' page of the ledger: freshness, failures, oddities, what waits."""

import pytest
from django.urls import reverse

from foundation.people.models import Identity
from foundation.runs.freshness import Odd, Waiting, freshness, name_scopes, odd_repositories
from foundation.runs.models import Run
from tests import world
from tests.reading import page, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def signed_in(client):
    client.force_login(world.steward())
    return client


def test_each_figure_of_a_project_says_when_it_was_made_and_from_which_data():
    keel = world.project()
    world.repository(keel, read_at=world.days_ago(2))
    world.run("profiles", "keel", finished_at=world.days_ago(3), as_of=world.days_ago(4))
    world.run("profiles", "keel", finished_at=world.days_ago(1), as_of=world.days_ago(2))
    world.run("matches", "keel", state="failed", finished_at=world.days_ago(1))
    projects, house = freshness()
    assert [(entry.project, entry.read_at) for entry in projects] == [(keel, world.days_ago(2))]
    assert [(figure.task, figure.done_at, figure.as_of) for figure in projects[0].figures] == [
        ("Profiles", world.days_ago(1), world.days_ago(2)),
        ("Matches", None, None),
        ("Emerging leaders", None, None),
    ]
    assert [figure.done_at for figure in house] == [None, None, None]


def test_what_a_run_was_for_is_said_in_words():
    world.project("keel", "The Keel")
    for task, scope in (
        ("profiles", "keel"),
        ("draw_pairs", "0"),
        ("train_part", "sources"),
        ("train_part", "draw-2"),
        ("train_part", "all"),
        ("backtest", "mentors"),
        ("lulls", ""),
    ):
        world.run(task, scope)
    assert [run.scope_name for run in name_scopes(Run.objects.order_by("pk"))] == [
        "The Keel",
        "part 1",
        "which ranking suits which project",
        "part 3",
        "all",
        "Who should mentor",
        "",
    ]


def test_a_failed_run_shows_its_error_and_can_be_run_again(signed_in):
    failed = world.run(state="failed", error="The repository is gone.")
    assert "The repository is gone." in page(signed_in, reverse("web:runs"))
    signed_in.post(reverse("web:run-again", args=[failed.pk]))
    assert Run.objects.get(pk=failed.pk).state == "waiting"


def test_a_run_that_is_done_is_not_run_again(signed_in):
    done = world.run()
    signed_in.post(reverse("web:run-again", args=[done.pk]))
    assert Run.objects.get(pk=done.pk).state == "done"


def test_oddities_are_counted_by_repository_and_lead_to_their_changes(signed_in):
    repo = world.repository(world.project(), is_shallow=True)
    world.repository(world.project("calm"))
    ada = world.person("Ada")
    for oddities in ("bad-encoding", "bad-encoding,huge-change", ""):
        world.change(repo, ada, at=world.days_ago(1), oddities=oddities, subject=f"<{oddities}>")
    world.change(repo, ada, at=world.days_ago(2), withdrawn_at=world.NOW)
    assert [(odd.repository, odd.oddities, odd.withdrawn) for odd in odd_repositories()] == [
        (
            repo,
            (
                Odd("bad-encoding", "with broken encoding", 2),
                Odd("huge-change", "touching more than 2,000 files", 1),
            ),
            1,
        )
    ]
    listed = signed_in.get(reverse("web:oddities", args=[repo.pk, "huge-change"])).context["page"]
    assert [change.subject for change in listed] == ["<bad-encoding,huge-change>"]
    left = signed_in.get(reverse("web:oddities", args=[repo.pk, "withdrawn"])).context["page"]
    assert [change.withdrawn_at for change in left] == [world.NOW]


def test_an_unknown_oddity_is_not_found(signed_in):
    repo = world.repository(world.project())
    assert signed_in.get(reverse("web:oddities", args=[repo.pk, "wrong"])).status_code == 404


def test_what_waits_for_a_steward_is_counted(signed_in):
    ada, other = world.person("Ada"), world.person("Ada", "ada@elsewhere.example")
    world.link(world.own_identity(ada), world.own_identity(other), state="suggested")
    world.identity(None, "robo@halyard.example", kind="suspected")
    for kind, is_locked in (("human", False), ("human", True), ("bot", False)):
        awake = world.identity(None, f"awake@{kind}{is_locked}.example", kind=kind)
        Identity.objects.filter(pk=awake.pk).update(
            machine_signs="never-sleeps", is_locked=is_locked
        )
    assert signed_in.get(reverse("web:runs")).context["waiting"] == Waiting(1, 1, 1)


def test_the_page_costs_as_many_queries_with_many_rows_as_with_one(signed_in):
    def more(slug):
        world.run(scope=slug)
        world.run(scope=slug, state="failed")
        repo = world.repository(world.project(slug))
        world.change(repo, world.person(slug), at=world.days_ago(1), oddities="bad-encoding")

    more("keel")
    one = queries(signed_in, reverse("web:runs"))
    for slug in ("sextant", "tidewater", "foghorn"):
        more(slug)
    assert queries(signed_in, reverse("web:runs")) == one
