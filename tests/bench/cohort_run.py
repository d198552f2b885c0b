"""One engine on the large cohort, in a process of its own so that its peak memory is its own.

python -m tests.bench.cohort_run <engine> <objective> <mentees> <mentors> <projects> <wishes>
"""

import json
import sys
import time

from matching.cohort.answer import assign
from matching.cohort.checker import check
from matching.cohort.problem import UNLIMITED, build
from tests.bench.cohorts import drawn
from tests.bench.memory import peak_megabytes


def main(engine: str, objective: str, *size: str) -> None:
    cast = drawn(*map(int, size))
    began, used = time.perf_counter(), time.process_time()
    problem = build(cast)
    found = assign(problem, engine, objective, seed=1)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    verdict = check(problem, found)
    told = {
        "seconds": seconds,
        "cpu": cpu,
        "megabytes": peak_megabytes(),
        "options": len(problem.mentee),
        "faults": len(verdict.faults),
        "blocking": len(verdict.blocking),
        "within_shares": len(verdict.within_shares),
        "shared_out": int((found.shares < UNLIMITED).sum()),
        "idle": len(verdict.idle),
        "matched": verdict.matched,
        "mentees": verdict.n,
        "total": verdict.total,
        "bound": verdict.bound,
        "worst": verdict.worst_rank,
        "ranks": verdict.ranks[1:].tolist(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
