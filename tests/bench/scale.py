"""Time and memory against size: a simulated community refreshed by two Celery workers.

python -m tests.bench scale takes the sizes from SCALE (facts, by default "10000 100000"); each
is bounded by SCALE_SECONDS (by default 3600). PostgreSQL and Redis must answer.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

import psycopg

from tests.bench.histories import HOUSE
from tests.bench.memory import peak_megabytes_of
from tests.bench.services import answering_services
from tests.bench.workers import SPAN, STATES, is_finished, manage, on_a_core, python

SIZES = [int(size) for size in os.environ.get("SCALE", "10000 100000").split()]
LIMIT_SECONDS = int(os.environ.get("SCALE_SECONDS", "3600"))
WORKERS = 2
FILL = """
from tests.bench.house import migrate
from tests.bench.simulate import simulate
migrate()
made = simulate({facts})
print(made.projects, made.people, made.changes, made.activities)
"""
STEPS = """
from django.db.models import F, Sum
from foundation.runs.models import Run
rows = Run.objects.filter(state="done").values("task")
for row in rows.annotate(spent=Sum(F("finished_at") - F("started_at"))).order_by("task"):
    print(row["task"], f"{row['spent'].total_seconds():.1f}")
"""
ROWS = """
from django.db import connection
from mentorship.models import Match
cursor = connection.cursor()
cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
print(Match.objects.values("mentee").distinct().count(), cursor.fetchone()[0])
"""


@dataclass(frozen=True)
class Used:
    """The most memory that a process has held so far (MB), and its time on a core (s)."""

    megabytes: float
    seconds: float

    @classmethod
    def by(cls, pid: int) -> "Used":
        return cls(peak_megabytes_of(pid), on_a_core(pid))


def main() -> None:
    services = answering_services()
    if services is None:
        print("  left out: PostgreSQL or Redis does not answer")
        return
    for facts in SIZES:
        with services.database() as env:
            measure(facts, os.environ | env | {"OMP_NUM_THREADS": "1"})


def measure(facts: int, env: dict[str, str]) -> None:
    began = time.perf_counter()
    projects, people, changes, activities = map(int, python(env, FILL.format(facts=facts)).split())
    filled = time.perf_counter() - began
    told = changes + activities
    print(
        f"  {told:,} facts: {people:,} people, {projects} projects; written in {filled:.0f} s",
        flush=True,
    )
    used, answer = refresh(env)
    steps = ", ".join(python(env, STEPS).splitlines())
    print(f"    {answer} after {python(env, SPAN)} s; seconds of all runs of a step: {steps}")
    mentees, size = python(env, ROWS).split()
    print(f"    {mentees} mentees matched; database {size} MB", flush=True)
    each = ", ".join(f"{one.megabytes:,.0f} MB and {one.seconds:.0f} s of a core" for one in used)
    print(f"    peak memory and time of each worker: {each}", flush=True)


def refresh(env: dict[str, str]) -> tuple[list[Used], str]:
    """What each worker used, and how it ended."""
    command = ["-m", "celery", "-A", "foundation", "worker", "-P", "solo", "--loglevel", "ERROR"]
    workers = [
        subprocess.Popen(
            [sys.executable, *command, "-n", f"scale{n}"],
            cwd=HOUSE,
            env=env | {"LOG_LEVEL": "ERROR"},
            stderr=subprocess.DEVNULL,
        )
        for n in range(WORKERS)
    ]
    used = [Used(0.0, 0.0)] * WORKERS
    try:
        time.sleep(8)
        began = time.perf_counter()
        peak = manage(env, "refresh", "--background", "--as-of", "2026-09-21")
        print(f"    who is who was settled within {peak:,.0f} MB", flush=True)
        with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
            while not is_finished(connection.execute(STATES).fetchall()):
                used = [Used.by(worker.pid) for worker in workers]
                if time.perf_counter() - began > LIMIT_SECONDS:
                    return used, "stopped, not finished,"
                time.sleep(3)
        return [Used.by(worker.pid) for worker in workers], "finished"
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


if __name__ == "__main__":
    main()
