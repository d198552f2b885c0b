"""One Celery worker against two on a refresh of all projects, over PostgreSQL and Redis.

Beside seconds on the wall stand those that workers spent on a core: other work beside the benchmark
stretches the first and hardly the second.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psycopg

from tests.bench.histories import HOUSE
from tests.bench.memory import megabytes
from tests.bench.services import answering_services

LIMIT_SECONDS = 900
STATES = "SELECT task, scope, state FROM runs_run"
LAST = """
from datetime import timedelta
from django.db.models import Max
from foundation.activity.models import Change
last = Change.objects.aggregate(last=Max("landed_at"))["last"]
print((last + timedelta(days=1)).isoformat())
"""
SPAN = """
from django.db.models import Max, Min
from foundation.runs.models import Run
span = Run.objects.aggregate(began=Min("started_at"), ended=Max("finished_at"))
print((span["ended"] - span["began"]).total_seconds())
"""
CHAIN = """
from django.db.models import F, Max, Sum
from foundation.runs.models import Run
rows = Run.objects.filter(state="done").annotate(spent=F("finished_at") - F("started_at"))
longest = {row["task"]: row["most"].total_seconds()
           for row in rows.values("task").annotate(most=Max("spent"))}
learned = longest["draw_pairs"] + longest["train_part"] + longest["train_mentors"]
chain = max(max(longest["profiles"], learned) + longest["matches"],
            longest["train_leaders"] + longest["leaders"])
print(rows.aggregate(all=Sum("spent"))["all"].total_seconds(), chain)
"""
INGEST = """
from tests.bench.house import fill
fill()
"""


def main() -> None:
    services = answering_services()
    if services is None:
        print("  left out: PostgreSQL or Redis does not answer")
        return
    spent, on_core = {}, {}
    for count in (1, 2):
        with services.database() as env:
            env = os.environ | env | {"OMP_NUM_THREADS": "1"}
            spent[count], on_core[count] = refresh_with(count, env)
            each = ", ".join(f"{seconds:.1f}" for seconds in on_core[count])
            who = f"{count} worker{'s' * (count > 1)}"
            print(f"  {who}: {spent[count]:.1f} s; on a core {each} s", flush=True)
            if count == 1:
                work, chain = map(float, python(env, CHAIN).split())
                print(f"  all runs {work:.1f} s, the longest chain of them {chain:.1f} s")
    ratio = spent[1] / spent[2]
    print(f"  two workers are {ratio:.2f} × one   {'met' if ratio >= 1.6 else 'MISSED'}: ≥ 1.6 ×")
    print(f"  one's time on a core over the busier one's: {on_core[1][0] / max(on_core[2]):.2f}")


def refresh_with(count: int, env: dict[str, str]) -> tuple[float, list[float]]:
    """Seconds from the first claim to the last row, with ``count`` workers of one process each,
    and how long each of them was on a core."""
    python(env, INGEST)
    command = ["-m", "celery", "-A", "foundation", "worker", "-P", "solo", "--loglevel", "ERROR"]
    workers = [
        subprocess.Popen([sys.executable, *command, "-n", f"bench{n}"], cwd=HOUSE, env=env)
        for n in range(count)
    ]
    try:
        time.sleep(8)  # until they listen; not part of the figure
        before = [on_a_core(worker.pid) for worker in workers]
        # As of the day after the last change, so that there are newcomers to find mentors for.
        manage(env, "refresh", "--background", "--as-of", python(env, LAST))
        wait_until_finished(env)
        after = [on_a_core(worker.pid) for worker in workers]
        spent = [end - start for start, end in zip(before, after, strict=True)]
        return float(python(env, SPAN)), spent
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def wait_until_finished(env) -> None:
    """Ask by one plain query: whoever watches must not want the cores that are measured."""
    began = time.perf_counter()
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        while not is_finished(connection.execute(STATES).fetchall()):
            if time.perf_counter() - began > LIMIT_SECONDS:
                sys.exit("  the refresh took too long")
            time.sleep(1)


def is_finished(runs: list[tuple[str, str, str]]) -> bool:
    if any(state == "failed" for _, _, state in runs):
        sys.exit("  the refresh failed")
    owed = {scope for task, scope, _ in runs if task == "profiles"}
    done = Counter(task for task, scope, state in runs if state == "done" and scope in owed)
    return min(done[task] for task in ("profiles", "matches", "leaders")) >= len(owed) > 0


def on_a_core(pid: int) -> float:
    """Seconds that a process has computed so far."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def python(env, script: str) -> str:
    code = f"import django; django.setup()\n{script}"
    env = env | {"DJANGO_SETTINGS_MODULE": "foundation.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HOUSE,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def manage(env, *words: str) -> float:
    """Run a command; the most memory that it held, in MB."""
    command = [sys.executable, "manage.py", *words]
    process = subprocess.Popen(command, cwd=HOUSE, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return megabytes(usage.ru_maxrss)


if __name__ == "__main__":
    main()
