"""The real steps of a refresh may be killed at any moment; ``make bench`` does it twenty times."""

import os

import pytest
import redis

from tests.matching.crew import Crew, postgres_database
from tests.matching.real_kills import REAL, inhabited, survive

KILLS = 2
GROWN = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))


@pytest.fixture
def embedded(tmp_path):
    """SQLite and the file system."""
    url = f"sqlite:///{tmp_path / 'releve.sqlite3'}"
    with inhabited(Crew(tmp_path, database_url=url, **REAL), url) as crew:
        yield crew


@pytest.fixture
def grown(tmp_path):
    """PostgreSQL and Redis."""
    if not GROWN:
        pytest.skip("DATABASE_URL and REDIS_URL are not set")
    redis_url = os.environ["REDIS_URL"].rpartition("/")[0] + "/14"
    name = f"releve_real_kill_{os.getpid()}"
    with (
        redis.Redis.from_url(redis_url) as broker,
        postgres_database(os.environ["DATABASE_URL"], name) as url,
    ):
        broker.flushdb()
        crew = Crew(tmp_path, database_url=url, redis_url=redis_url, **REAL)
        with inhabited(crew, url):
            yield crew
        broker.flushdb()


@pytest.mark.parametrize("size", ["embedded", "grown"])
def test_killed_in_the_real_steps_a_refresh_ends_in_the_same_rows(size, request, django_db_blocker):
    with django_db_blocker.unblock():
        outcome = survive(request.getfixturevalue(size), KILLS)
    assert outcome.rows > 100
