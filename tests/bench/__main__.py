"""Runs the sections, each in a process and a database of its own, and prints their lines.

python -m tests.bench [section ...]      all sections without a name
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.histories import HOUSE, find_histories
from tests.bench.services import answering_services

SECTIONS = (
    "ingest",
    "rivals",
    "refresh",
    "increment",
    "features",
    "top10",
    "scoring",
    "focus",
    "workers",
    "kills",
    "assignment",
    "scale",
)
SET_UP = """
import django, runpy
django.setup()
runpy.run_module("tests.bench.{section}", run_name="__main__")
"""
ON_BOTH_DATABASES = {"ingest", "refresh", "kills"}


def main(wanted: list[str]) -> int:
    unknown = sorted(set(wanted) - set(SECTIONS))
    if unknown:
        print(f"There is no section {unknown[0]}: name some of {', '.join(SECTIONS)}.")
        return 2
    histories = find_histories()
    print(f"{os.cpu_count()} cores; load {os.getloadavg()[0]:.1f}; histories: {histories.say()}")
    services = answering_services()
    if services is None:
        print("PostgreSQL or Redis does not answer: their figures are left out.")
    failed = 0
    for section in wanted or SECTIONS:
        failed |= run(section, {})
        if services and section in ON_BOTH_DATABASES:
            with services.database() as env:
                failed |= run(section, env)
    return failed


def run(section: str, env: dict[str, str]) -> int:
    """Run one section in a fresh folder; returns its exit code."""
    print(f"\n== {section}{' on PostgreSQL and Redis' if env else ' on SQLite'}", flush=True)
    with tempfile.TemporaryDirectory(prefix="releve-bench-") as folder:
        clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        settings = {"DJANGO_SETTINGS_MODULE": "foundation.settings"}
        environment = (
            clean
            | settings
            | {
                "VAR_DIR": str(Path(folder) / "var"),
                "SECRET_KEY": "bench",
            }
        )
        return subprocess.run(
            [sys.executable, "-c", SET_UP.format(section=section)],
            cwd=HOUSE,
            env=environment | env,
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
