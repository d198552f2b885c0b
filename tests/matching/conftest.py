"""Databases and brokers of their own for the tests that kill; steps that do nothing for others."""

import os

import pytest

from foundation.projects.models import Foundation, Project
from tests.matching import noted_steps
from tests.matching.crew import Crew, copy_of, migrate, postgres_database, redis_database

GROWN = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """An SQLite database as this version wants it, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    file = folder / "releve.sqlite3"
    migrate(Crew(folder, database_url=f"sqlite:///{file}"))
    return file


@pytest.fixture
def embedded(tmp_path, migrated_file):
    """SQLite and the file system."""
    return {"database_url": copy_of(migrated_file, tmp_path)}


@pytest.fixture
def grown(tmp_path):
    """PostgreSQL and Redis."""
    if not GROWN:
        pytest.skip("DATABASE_URL and REDIS_URL are not set")
    server = os.environ["DATABASE_URL"]
    with (
        postgres_database(server, f"releve_kill_{os.getpid()}") as database_url,
        redis_database(server, os.environ["REDIS_URL"]) as redis_url,
    ):
        migrate(Crew(tmp_path, database_url=database_url))
        yield {"database_url": database_url, "redis_url": redis_url}


@pytest.fixture(params=["embedded", "grown"])
def services(request):
    """Both sizes of the house, in turn: the addresses of an empty one."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def noted(settings):
    """Steps of a refresh are noted, not done; nothing is noted yet."""
    settings.RUN_STEPS = "tests.matching.noted_steps.STEPS"
    noted_steps.forget()


@pytest.fixture
def projects(db):
    """Two projects to be refreshed, by slug."""
    house = Foundation.objects.create(name="Polar")
    return [
        Project.objects.create(foundation=house, slug=slug, name=slug.title())
        for slug in ("aurora", "borealis")
    ]
