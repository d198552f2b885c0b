"""Keeps processes of tests apart: own folders and messages, no threads in each other's way.

A plugin of pytest (``addopts`` in pyproject.toml), since settings read the environment once: it is
loaded before them, in every process. Databases are kept apart by pytest-django, which names them
after the process.
"""

import os
import shutil
import tempfile
import uuid

import redis

# Begun first where processes share the tests: none of these may be left for the end.
LONGEST = (
    *("test_kill", "test_refresh", "test_real_kill", "test_broker_down", "test_protocol"),
    *("test_travelling_leaders", "test_permissions", "test_parts", "test_facts"),
)

VAR_DIR = tempfile.mkdtemp(prefix="releve-tests-")
os.environ["VAR_DIR"] = VAR_DIR
PREFIX = f"releve-tests.{uuid.uuid4().hex}."
# Threads of several processes on the same cores wait for each other, busily.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _begins(item.path.stem))


def _begins(file: str) -> int:
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def message_prefix() -> str:
    """Before the names of what one test puts into a Redis that others may use."""
    return f"{PREFIX}{uuid.uuid4().hex}."


def pytest_unconfigure():
    shutil.rmtree(VAR_DIR, ignore_errors=True)
    if url := os.environ.get("REDIS_URL"):
        with redis.Redis.from_url(url) as server:
            for name in server.scan_iter(f"{PREFIX}*"):
                server.delete(name)
