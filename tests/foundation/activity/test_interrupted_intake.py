"""Intakes that are killed, that fail half-way, and that meet: the facts come out the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from foundation.activity import intake
from foundation.activity.intake import take_in_git
from foundation.activity.models import Change
from foundation.activity.reading import open_source, project_called, repository_for
from foundation.activity.sources.git_repository import GitRepository
from tests.foundation.activity.test_intake import facts, ingest
from tests.gitworld import ADA, BEN, CLEO, GitWorld

pytestmark = pytest.mark.django_db

INGEST = """
import os, signal, sys
import django
django.setup()
from foundation.activity import intake
from foundation.activity.reading import ingest_git, open_source, project_called, repository_for
intake.BATCH = 5
def die(count):
    os.kill(os.getpid(), signal.SIGKILL)
def fail(count):
    raise RuntimeError("the disk is full")
def pause(count):
    sys.stdin.readline()
def go_on(count):
    pass
source = open_source(sys.argv[1])
repository = repository_for(project_called("engine"), source)
print("opened", flush=True)
done, _ = ingest_git(
    repository,
    source,
    progress=locals()[sys.argv[2]],
    on_wait=lambda: print("waits", flush=True),
)
print(done.changes)
"""


@pytest.fixture
def world(tmp_path):
    return GitWorld(tmp_path / "engine")


@pytest.fixture
def env(tmp_path):
    """A house of its own, so that a process may die in it."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "foundation.settings",
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}",
        "SECRET_KEY": "killed",
    }
    _run(env, "manage.py", "migrate", "-v0")
    return env


def _run(env, *words) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@contextmanager
def _ingesting(env, world, how: str) -> Iterator[subprocess.Popen]:
    with subprocess.Popen(
        [sys.executable, "-c", INGEST, str(world.path), how],
        cwd=settings.BASE_DIR,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _kill_after_one_batch(env, world) -> None:
    with _ingesting(env, world, "die") as process:
        assert process.wait() == -signal.SIGKILL


def _ingest(env, world) -> None:
    _run(env, "manage.py", "ingest", "git", str(world.path), "--project", "engine")


def _python(env, code: str) -> str:
    return _run(env, "-c", f"import django; django.setup()\n{code}")


def _count_changes(env) -> int:
    return int(
        _python(env, "from foundation.activity.models import Change; print(Change.objects.count())")
    )


def _dump(env) -> str:
    return _python(
        env, "from tests.foundation.activity.test_intake import facts; print(repr(facts()))"
    )


def _work(world, steps: int) -> None:
    for number in range(steps):
        world.commit((ADA, BEN, CLEO)[number % 3], message=f"Step {number}\n\nReviewed-by: {CLEO}")


@pytest.mark.django_db(transaction=True)
def test_an_intake_killed_half_way_and_run_again_ends_in_the_same_rows(world, env):
    _work(world, 23)
    ingest(world)
    undisturbed = facts()
    _kill_after_one_batch(env, world)
    assert _count_changes(env) == 5
    _ingest(env, world)
    assert _dump(env) == repr(undisturbed)


@pytest.mark.django_db(transaction=True)
def test_a_later_intake_killed_half_way_and_run_again_ends_in_the_same_rows(world, env):
    _work(world, 3)
    _ingest(env, world)
    _work(world, 23)
    _kill_after_one_batch(env, world)
    assert _count_changes(env) == 8
    _kill_after_one_batch(env, world)  # the newest five are there: nothing is added, nothing lost
    world.commit(BEN, message="Meanwhile")
    _ingest(env, world)
    ingest(world)
    assert _dump(env) == repr(facts())


@pytest.mark.django_db(transaction=True)
def test_of_two_intakes_at_once_the_second_waits_and_finds_nothing_to_do(world, env):
    _work(world, 12)
    with _ingesting(env, world, "pause") as first:
        assert first.stdout.readline() == "opened\n"
        _await_changes(env)
        with _ingesting(env, world, "go_on") as second:
            assert [second.stdout.readline() for _ in range(2)] == ["opened\n", "waits\n"]
            told = [process.communicate("\n" * 9, 60)[0] for process in (first, second)]
    assert told == ["12\n", "0\n"]
    assert _count_changes(env) == 12


def _await_changes(env) -> None:
    deadline = time.monotonic() + 60
    while not _count_changes(env):
        assert time.monotonic() < deadline


@pytest.mark.django_db(transaction=True)
def test_two_intakes_that_make_the_same_repository_at_once_make_one(world, env):
    _work(world, 12)
    with _ingesting(env, world, "go_on") as one, _ingesting(env, world, "go_on") as other:
        told = [process.communicate(timeout=60) for process in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], told
    assert sorted(out.split()[-1] for out, _ in told) == ["0", "12"]


def test_an_intake_that_fails_while_it_writes_ends_at_once_and_leaves_no_git(world, env):
    for number in range(12):  # more than a pipe holds, so git is still writing
        world.commit(ADA, message=f"Step {number}\n\n{'word ' * 20_000}")
    with _ingesting(env, world, "fail") as process:
        _, complaint = process.communicate(timeout=30)
    assert complaint.endswith("RuntimeError: the disk is full\n")
    assert _gits_at(world) == []


def _gits_at(world) -> list[str]:
    seen = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in seen.splitlines() if f"--git-dir {world.path}" in line]


def test_whether_a_history_only_goes_on_its_new_commits_tell(world, monkeypatch):
    world.commit(ADA, message="One")
    ingest(world)

    def asked(*words):
        raise AssertionError("one more git")

    monkeypatch.setattr(GitRepository, "is_ancestor", asked)
    for count in (1, 2):
        _work(world, count)
        assert ingest(world).changes == count


def test_a_history_that_went_back_and_on_again_withdraws_what_it_left(world, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 2)
    _work(world, 4)
    ingest(world)
    world.git("reset", "-q", "--hard", "HEAD~2")
    for steps in (0, 1, 5):
        _work(world, steps)
        told = ingest(world)
        assert (told.changes, told.withdrawn) == (steps, 0 if steps else 2)
    world.git("reset", "-q", "--hard", "HEAD~7")
    _work(world, 5)
    told = ingest(world)
    assert (told.changes, told.withdrawn) == (5, 7)


def test_a_head_that_another_intake_has_passed_withdraws_nothing(world):
    world.commit(ADA, message="One")
    early = open_source(world.path)
    world.commit(BEN, message="Two")
    ingest(world)
    late = take_in_git(repository_for(project_called("engine"), early), early)
    assert (late.changes, late.withdrawn) == (0, 0)
    assert Change.objects.standing().count() == 2
