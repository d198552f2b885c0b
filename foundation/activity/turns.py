"""One intake of a repository at a time, in all processes: whoever comes second waits.

Two at once would each withdraw what the other one's head does not reach. The turn ends with its
process, however that ends: the lock belongs to the session (PostgreSQL) or to an open file.

Within a project one transaction at a time writes facts: what it writes depends on what is there.
"""

import fcntl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from foundation.projects.models import Project, Repository

INTAKE = 0x52656C  # the first half of PostgreSQL's key; the second is the repository's


@contextmanager
def turn_of(repository: Repository, *, on_wait: Callable[[], object]) -> Iterator[None]:
    """Hold the only turn of reading a repository; ``on_wait`` is called once before waiting."""
    with (_file_lock if connection.vendor == "sqlite" else _session_lock)(repository.pk, on_wait):
        yield


def hold_projects(projects: Collection[int]) -> None:
    """Let no other intake write facts of these projects until the transaction ends.

    The first thing in a transaction, against deadlocks. SQLite has one writer anyway.
    """
    if connection.vendor == "sqlite":
        return
    rows = Project.objects.filter(pk__in=projects).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def await_intakes(projects: Collection[int]) -> None:
    """Wait until whatever intakes are writing of these projects at this moment is committed.

    Keys are taken before the commit; from here on no fact of theirs comes whose key is below one
    known before. One project after the other, so that no intake waits for long in turn.
    """
    if connection.vendor == "sqlite":  # one writer: keys come in the order of commits
        return
    for project in sorted(projects):
        with transaction.atomic():
            hold_projects([project])


@contextmanager
def _file_lock(number: int, on_wait) -> Iterator[None]:
    folder = settings.VAR_DIR / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"repository-{number}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _session_lock(number: int, on_wait) -> Iterator[None]:
    key = [INTAKE, number % 2**31]
    if not _ask("SELECT pg_try_advisory_lock(%s, %s)", key):
        on_wait()
        _ask("SELECT pg_advisory_lock(%s, %s)", key)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            _ask("SELECT pg_advisory_unlock(%s, %s)", key)


def _ask(question: str, values: list[int]):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]
