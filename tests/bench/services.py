"""PostgreSQL and Redis, where they answer: a database of the benchmark's own, dropped after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql


@dataclass(frozen=True)
class Services:
    postgres: str
    redis: str

    @contextmanager
    def database(self) -> Iterator[dict[str, str]]:
        """The environment of a fresh database and an empty Redis."""
        name = f"releve_bench_{os.getpid()}"
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        redis.Redis.from_url(self.redis).flushdb()
        try:
            url = urlunsplit(urlsplit(self.postgres)._replace(path=f"/{name}"))
            yield {"DATABASE_URL": url, "REDIS_URL": self.redis}
        finally:
            with psycopg.connect(self.postgres, autocommit=True) as connection:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(name)))


def answering_services() -> Services | None:
    services = Services(
        os.environ.get("CI_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
        os.environ.get("CI_REDIS_URL", "redis://127.0.0.1:6379/10"),
    )
    try:
        psycopg.connect(services.postgres, connect_timeout=3).close()
        redis.Redis.from_url(services.redis, socket_timeout=3).ping()
    except (psycopg.Error, redis.RedisError):
        return None
    return services
