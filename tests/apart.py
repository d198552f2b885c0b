"""Keeps processes of tests apart: own folders, no threads in each other's way, fair shares.

A plugin of pytest (``addopts`` in pyproject.toml), since settings read the environment once: it is
loaded before them, in every process. Databases are kept apart by pytest-django, which names them
after the process.
"""

import os
import shutil
import tempfile

# Begun first where processes share the tests: none of these may be left for the end.
LONGEST = ("test_kill", "test_refresh", "test_real_kill", "test_broker_down", "test_protocol")

VAR_DIR = tempfile.mkdtemp(prefix="releve-tests-")
os.environ["VAR_DIR"] = VAR_DIR
# Threads of several processes on the same cores wait for each other, busily.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _begins(item.path.stem))


def _begins(file: str) -> int:
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def pytest_unconfigure():
    shutil.rmtree(VAR_DIR, ignore_errors=True)
