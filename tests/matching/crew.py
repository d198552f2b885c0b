"""A house of its own for tests that kill: its database, its broker, its processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import environ
import psycopg
import redis
from django.db import connections
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from foundation.people.models import Person
from foundation.projects.models import Foundation, Project
from foundation.runs.models import Run
from matching.pipeline import STAGES

HOUSE = Path(__file__).resolve().parents[2]
WORKER = (
    *("-m", "celery", "--quiet", "-A", "foundation", "worker", "-B", "-P", "threads", "-c", "2"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR"),
)
ALIAS = "crew"
# How long to wait for what must come: not a limit on its speed, other work may hold the cores.
PATIENCE = 120  # seconds
REDIS_DATABASES = (15, 14, 13, 12)
REDIS_CLAIM = 0x7E1E7E  # with a number of REDIS_DATABASES it is a lock in PostgreSQL


class Crew:
    """Runs commands and a worker on a database that the test reads under the alias "crew"."""

    def __init__(self, folder: Path, *, database_url: str, redis_url: str = "", **environment):
        self.folder, self.log = folder, folder / "processes.log"
        self.processes: list[subprocess.Popen] = []
        self.environment = os.environ | {
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "CELERY_BROKER_URL": "",
            "SECRET_KEY": "of the test",
            "DJANGO_SETTINGS_MODULE": "tests.matching.slow_settings",
            "PYTHONPATH": str(HOUSE),
            "PYTHONWARNINGS": "ignore",
            "LOG_LEVEL": "ERROR",
            **environment,
        }

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a management command and return what it prints; AssertionError tells what failed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=HOUSE,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[0]} failed:\n{done.stderr}"
        return done.stdout

    def start(self, *command: str) -> subprocess.Popen:
        """A Python process in a process group of its own, ended with the crew at the latest."""
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=HOUSE,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def start_worker(self) -> None:
        """One worker with beat."""
        self.start(*WORKER)

    def kill(self) -> None:
        """``kill -9`` of every process group that was started."""
        while self.processes:
            process = self.processes.pop()
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def runs(self):
        return Run.objects.using(ALIAS)

    def is_done(self) -> bool:
        """Has every refresh gone through all its stages?"""
        per_period = Counter(self.runs.filter(state="done").values_list("period", flat=True))
        begun = set(self.runs.values_list("period", flat=True))
        projects = Project.objects.using(ALIAS).count()
        steps = sum(projects if stage.named is None else len(stage.named) for stage in STAGES)
        return all(per_period[period] == steps for period in begun)

    def is_at_work(self, since: datetime) -> bool:
        """Has a worker claimed something after a moment, and not finished it?"""
        return self.runs.running().filter(started_at__gt=since).exists()

    def settle(self, *slugs: str) -> None:
        """Make the projects in which the refresh works."""
        house = Foundation.objects.using(ALIAS).create(name="Polar")
        for slug in slugs:
            Project.objects.using(ALIAS).create(foundation=house, slug=slug, name=slug)


def until(condition, *, what: str, seconds: float = PATIENCE) -> None:
    """Wait until the condition holds. Raises TimeoutError naming what did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)


def migrate(crew: Crew) -> None:
    """Make the crew's database what this version wants."""
    crew.manage("migrate", "--verbosity", "0")
    crew.manage("createcachetable")


def copy_of(database: Path, folder: Path) -> str:
    """Copy an SQLite database into a folder; the URL of the copy."""
    copy = folder / "releve.sqlite3"
    with closing(sqlite3.connect(database)) as original:
        original.execute("VACUUM INTO ?", [str(copy)])
    return f"sqlite:///{copy}"


@contextmanager
def reading(database_url: str):
    """Let this process read a database under the alias "crew"."""
    default = connections.settings["default"]
    parsed = {"OPTIONS": {}, **environ.Env.db_url_config(database_url)}
    if parsed["ENGINE"] == default["ENGINE"]:
        parsed["OPTIONS"] = default["OPTIONS"]
    connections.settings[ALIAS] = default | parsed
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


@contextmanager
def postgres_database(server_url: str, name: str):
    """A new PostgreSQL database beside the given one; its URL."""
    url = server_url.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def redis_database(postgres_url: str, redis_url: str):
    """A database of the Redis that no other test has, empty; its URL.

    It is claimed by a lock in PostgreSQL, which falls with whoever holds it.
    """
    claim = "SELECT pg_try_advisory_lock(%s, %s)"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        free = (
            number
            for number in REDIS_DATABASES
            if server.execute(claim, [REDIS_CLAIM, number]).fetchone()[0]
        )
        url = f"{redis_url.rpartition('/')[0]}/{next(free)}"
        with redis.Redis.from_url(url) as broker:
            broker.flushdb()
            yield url
            broker.flushdb()


@contextmanager
def populated(crew: Crew, *, projects: list[str], people: int):
    """A migrated database with projects and people, swept every second; all killed at the end."""
    with reading(crew.environment["DATABASE_URL"]):
        crew.settle(*projects)
        Person.objects.using(ALIAS).bulk_create(Person(name=f"n{n}") for n in range(people))
        sweep_every_second()
        try:
            yield crew
        finally:
            crew.kill()


def sweep_every_second() -> None:
    """And nothing else by itself; by UPDATE, since saving would tell the other database."""
    IntervalSchedule.objects.using(ALIAS).update(every=1)
    tasks = PeriodicTask.objects.using(ALIAS)
    tasks.filter(task="matching.sweep").update(expire_seconds=2)
    tasks.exclude(task="matching.sweep").update(enabled=False)
