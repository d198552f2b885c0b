"""GitHub events become pull requests, issues and deeds; once each, whatever comes again."""

from collections import Counter
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from foundation.activity import event_intake
from foundation.activity.models import Change
from foundation.activity.reading import ingest_events, project_called
from foundation.people.models import Identity, Person
from foundation.projects.models import Repository
from tests.foundation.activity.event_files import (
    CLOSED,
    OPENED,
    REVIEW,
    account,
    deeds,
    event,
    pull,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def loom():
    project = project_called("loom")
    return Repository.objects.create(project=project, name="loom", github="mill/loom")


def test_a_review_is_told_of_the_pull_requests_author(loom, tmp_path):
    ingest_events(write(tmp_path, OPENED, REVIEW))
    assert deeds() == Counter(
        {
            ("ada", "opened_pull_request", None, "pull/7"): 1,
            ("ben", "reviewed", "ada", "pull/7"): 1,
        }
    )
    assert set(Person.objects.values_list("name", flat=True)) == {"ada", "ben"}


@pytest.mark.parametrize("name", ["events.json", "events.json.gz"])
def test_the_same_file_twice_changes_nothing(loom, tmp_path, name):
    path = write(tmp_path, OPENED, REVIEW, name=name)
    ingest_events(path)
    before = (deeds(), Change.objects.count(), Identity.objects.count())
    assert ingest_events(path)[0].activities == 0
    assert (deeds(), Change.objects.count(), Identity.objects.count()) == before


def test_bad_lines_are_counted_with_their_numbers(loom, tmp_path):
    intake, _ = ingest_events(write(tmp_path, OPENED, "{not json\n", REVIEW, "[]\n"))
    assert (intake.events, intake.bad, [n for n, _ in intake.bad_lines]) == (2, 2, [2, 4])


@pytest.mark.parametrize("number", [1 << 31, 3_000_000_000, (1 << 63) - 1])
def test_a_number_that_no_table_holds_is_a_bad_line_and_stops_nothing(loom, tmp_path, number):
    large = {"action": "opened", "number": number, "pull_request": pull(number=number)}
    events = [event(5, "PullRequestEvent", "ada", large), REVIEW]
    intake, _ = ingest_events(write(tmp_path, *events))
    assert (intake.events, [line for line, _ in intake.bad_lines]) == (1, [1])


def test_events_of_unknown_repositories_are_left_out_and_said_so(loom, tmp_path):
    stray = event(9, "PullRequestEvent", "eve", OPENED["payload"], repo="else/where")
    intake, _ = ingest_events(write(tmp_path, stray))
    assert (intake.events, intake.unknown, Change.objects.count()) == (0, {"else/where": 1}, 0)


def test_a_project_may_be_named_for_unknown_repositories_to_join(tmp_path):
    ingest_events(write(tmp_path, OPENED), project=project_called("loom"))
    assert Repository.objects.get().github == "mill/loom"


def told_of(repo, number=1):
    return event(number, "PullRequestEvent", "ada", OPENED["payload"], repo=repo)


def here():
    rows = Repository.objects.order_by("pk").values_list("project__slug", "name", "github")
    return list(rows)


def test_a_fork_of_the_same_name_is_not_the_repository_here(tmp_path):
    Repository.objects.create(project=project_called("loom"), name="loom")
    intake, _ = ingest_events(write(tmp_path, told_of("carl/loom")))
    assert (intake.unknown, Change.objects.count()) == ({"carl/loom": 1}, 0)
    ingest_events(write(tmp_path, told_of("carl/loom")), project=project_called("other"))
    assert here() == [("loom", "loom", ""), ("other", "loom", "carl/loom")]


def test_a_namesake_in_the_named_project_learns_its_name_on_github(tmp_path):
    loom = Repository.objects.create(project=project_called("loom"), name="Loom")
    ingest_events(
        write(tmp_path, told_of("mill/loom"), told_of("carl/loom", 2)), project=loom.project
    )
    assert here() == [("loom", "Loom", "mill/loom"), ("loom", "carl/loom", "carl/loom")]
    intake, _ = ingest_events(write(tmp_path, told_of("mill/loom", 3)))
    assert (intake.events, intake.unknown) == (1, {})
    changes = Change.objects.values_list("repository__github", "external_id").order_by("pk")
    assert sorted(changes) == [("carl/loom", "pull/7"), ("mill/loom", "pull/7")]


def test_a_bot_by_github_s_own_word_is_nobody(loom, tmp_path):
    bot = event(
        4,
        "IssueCommentEvent",
        "helper[bot]",
        {
            "action": "created",
            "comment": {"id": 1, "user": {"id": 9, "login": "helper[bot]", "type": "Bot"}},
            "issue": {
                "number": 7,
                "title": "Weave",
                "user": account("ada"),
                "state": "open",
            },
        },
    )
    ingest_events(write(tmp_path, bot))
    identity = Identity.objects.get(login="helper[bot]")
    assert (identity.kind, identity.person) == ("bot", None)


def test_the_command_reports_and_a_missing_file_is_one_sentence(loom, tmp_path, capsys):
    call_command("ingest", "github-events", write(tmp_path, OPENED, "oops\n"))
    out = capsys.readouterr().out
    assert "line 2:" in out
    assert "1 events, 1 new activities; 1 bad lines" in out
    with pytest.raises(CommandError, match="no.such.file"):
        call_command("ingest", "github-events", str(tmp_path / "no.such.file"))


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.django_db(transaction=True)
def test_two_files_read_at_once_tell_the_same_as_one(loom, tmp_path, monkeypatch, is_known):
    both, learn, paths = Barrier(2), event_intake._learn, []
    for name, one in (("opened", OPENED), ("closed", CLOSED)):
        paths.append(write(tmp_path, one, name=f"{name}.json"))

    def learn_together(*words):
        with suppress(BrokenBarrierError):  # where one of them has to wait for the other
            both.wait(timeout=2)
        learn(*words)

    def read(path):
        try:
            ingest_events(path)
        finally:
            connection.close()

    def tell(reading):
        ingest_events(write(tmp_path, OPENED, CLOSED, REVIEW))  # who does it is known
        Change.objects.all().delete()
        if is_known:
            ingest_events(write(tmp_path, REVIEW))
        reading()
        return Change.objects.values_list("told", "authored_at", "is_merged").get(), deeds()

    def at_once():
        monkeypatch.setattr(event_intake, "_learn", learn_together)
        readers = [Thread(target=read, args=[path]) for path in paths]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    in_turn = tell(lambda: [ingest_events(path) for path in paths])
    assert tell(at_once) == in_turn
