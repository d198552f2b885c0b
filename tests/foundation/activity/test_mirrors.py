"""A fork beside the original: a commit is one standing fact of a project, whoever loses it."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection

from foundation.activity import intake as intake_module
from foundation.activity.models import Change
from foundation.activity.reading import open_source, project_called, repository_for
from foundation.projects.models import Repository
from tests.foundation.activity.test_intake import ingest
from tests.gitworld import ADA, BEN, CLEO, GitWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(tmp_path):
    world = GitWorld(tmp_path / "loom")
    world.commit(ADA, message="One")
    world.commit(BEN, message="Two")
    return world


@pytest.fixture
def fork(original, tmp_path):
    original.git("clone", "-q", str(original.path), str(tmp_path / "fork"))
    return GitWorld(tmp_path / "fork")


def standing():
    rows = Change.objects.standing().order_by("subject")
    return list(rows.values_list("subject", "repository__name"))


def push_away(world, message="Instead"):
    """A forced push: the newest commit gives way to another one."""
    world.git("reset", "-q", "--hard", "HEAD~1")
    world.commit(CLEO, message=message)


def test_what_a_fork_lost_is_told_by_the_original_that_still_has_it(original, fork):
    ingest(fork)
    assert ingest(original).elsewhere == 2
    push_away(fork)
    assert ingest(fork).withdrawn == 1
    assert ingest(original).changes == 1
    assert standing() == [("Instead", "fork"), ("One", "fork"), ("Two", "loom")]
    assert ingest(original).changes == 0


def test_what_a_fork_lost_while_the_original_was_read_is_told_the_next_time(original, fork):
    ingest(fork)
    ingest(original)
    original.commit(ADA, message="Three")
    push_away(fork)
    source = open_source(original.path)
    repository = repository_for(project_called("engine"), source)
    intake_module.take_in_git(repository, source, progress=lambda count: ingest(fork))
    ingest(original)
    assert ("Two", "loom") in standing()


def test_what_a_deleted_fork_told_is_told_by_the_original(original, fork):
    ingest(fork)
    ingest(original)
    Repository.objects.get(name="fork").delete()
    ingest(original)
    assert standing() == [("One", "loom"), ("Two", "loom")]


def test_a_repository_of_another_project_is_not_read_anew(original, fork):
    ingest(fork)
    ingest(original, "mill")
    push_away(fork)
    ingest(fork)
    head = original.git("rev-parse", "HEAD")
    assert Repository.objects.get(project__slug="mill").head == head


@pytest.mark.parametrize("grows", [True, False])
def test_what_comes_back_to_a_fork_is_not_told_twice(original, fork, grows):
    ingest(fork)
    ingest(original)
    two = fork.git("rev-parse", "HEAD")
    push_away(fork)
    ingest(fork)
    ingest(original)
    if grows:  # a merge only adds to what was read
        fork.git("reset", "-q", "--hard", "HEAD~1")
        fork.commit(CLEO, message="Instead", files=("instead.py",))
        ingest(fork)
        fork.merge(two)
    else:
        fork.git("reset", "-q", "--hard", two)
    ingest(fork)
    assert [row for row in standing() if row[0] == "Two"] == [("Two", "loom")]
    push_away(original)
    ingest(original)
    ingest(fork)
    assert [row for row in standing() if row[0] == "Two"] == [("Two", "fork")]


@pytest.mark.django_db(transaction=True)
def test_a_commit_is_told_once_when_fork_and_original_are_read_at_once(original, fork, monkeypatch):
    both, ask = Barrier(2), intake_module.told_elsewhere

    def ask_together(*words):
        told = ask(*words)
        with suppress(BrokenBarrierError):  # where one of them has to wait for the other
            both.wait(timeout=2)
        return told

    def read(world):
        try:
            ingest(world)
        finally:
            connection.close()

    ingest(original, "mill")  # nobody has to wait for who is made anew
    for world in (original, fork):
        repository_for(project_called("engine"), open_source(world.path))
    monkeypatch.setattr(intake_module, "told_elsewhere", ask_together)
    readers = [Thread(target=read, args=[world]) for world in (original, fork)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    told = Change.objects.filter(repository__project__slug="engine")
    assert sorted(told.values_list("subject", flat=True)) == ["One", "Two"]
