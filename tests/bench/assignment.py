"""A cohort of 5,000 mentees through both engines, judged by the checker; a rival on small ones."""

import json
import subprocess
import sys
import time

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.checker import check
from matching.cohort.problem import Problem, build
from matching.cohort.stable import stable
from tests.bench.cohorts import drawn, plain
from tests.bench.histories import HOUSE
from tests.bench.house import say, timed, verdict
from tests.bench.rivals import PYTHON

SIZE = 5_000, 1_000, 400, 20  # mentees, mentors, projects, wishes each
ENGINES = (
    ("stable", "total"),
    ("optimal", "total"),
    ("optimal", "matched"),
    ("optimal", "worst_off"),
)
RIVAL_SIZES = (50, 20), (100, 40), (200, 60), (300, 100), (1_000, 200)
WISHES = 10
# Student-Project Allocation of the PyPI package `matching`, students' side; isolated (-I), since
# our own floor of that name must not stand in its way.
RIVAL = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
from matching.games import StudentAllocation
told = json.load(sys.stdin)
began = time.perf_counter()
try:
    game = StudentAllocation.create_from_dictionaries(*told)
    found = game.solve(optimal="student")
    placed = {str(s): str(p) for p, students in found.items() for s in students}
    print(json.dumps([time.perf_counter() - began, placed]))
except RecursionError:
    print(json.dumps([time.perf_counter() - began, None]))
"""


def main() -> None:
    told = [_in_its_own_process(engine, objective) for engine, objective in ENGINES]
    say("pairs wished for, of {} x {} x {}".format(*SIZE), f"{told[0]['options']:,}")
    optimum = told[1]["total"]
    for (engine, objective), one in zip(ENGINES, told, strict=True):
        _print_engine(engine if engine == "stable" else f"{engine}, {objective}", one, optimum)
    _baselines(build(drawn(*SIZE)), optimum)
    if not PYTHON.exists():
        say("the PyPI package matching", "not installed", "left out: run `make bench`")
        return
    for mentees, projects in RIVAL_SIZES:
        _against_the_rival(mentees, projects)


def _in_its_own_process(engine: str, objective: str) -> dict:
    command = [sys.executable, "-m", "tests.bench.cohort_run", engine, objective, *map(str, SIZE)]
    done = subprocess.run(command, cwd=HOUSE, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _print_engine(name: str, one: dict, optimum: float) -> None:
    say(
        f"{name}: time, CPU",
        f"{one['seconds']:.1f} s, {one['cpu']:.1f} s",
        verdict(one["seconds"] <= 10, "≤ 10 s"),
    )
    peak = one["megabytes"]
    say("  peak memory", f"{peak:.0f} MB", verdict(peak <= 1_000, "≤ 1,000 MB"))
    bar = verdict(one["blocking"] == 0, "0") if name == "stable" else ""
    say("  blocking pairs, by the checker", f"{one['blocking']:,}", bar)
    if name == "stable":
        shared = f"{one['within_shares']:,}; {one['shared_out']:,}"
        say("  within shares; offers with a share", shared)
    say("  feasible; wanted places left idle", f"{one['faults'] == 0}; {one['idle']}")
    say("  matched; latest wish met", f"{one['matched']:,}; {one['worst']}")
    say("  wishes met by rank", " ".join(map(str, one["ranks"])))
    say("  total score, share of the optimum", f"{one['total']:.1f}, {one['total'] / optimum:.3f}")
    if one["bound"] is not None:
        say("  share of its own upper bound", f"{one['total'] / one['bound']:.6f}")


def _baselines(problem: Problem, optimum: float) -> None:
    """What taking options one by one gives: in random order, and the best first."""
    shuffled = np.random.default_rng(0).permutation(len(problem.mentee))
    best_first = shuffled[np.argsort(-problem.score[shuffled], kind="stable")]
    for name, order in (("random feasible", shuffled), ("greedy", best_first)):
        told = check(problem, Assignment.of_rows(problem, _one_by_one(problem, order)))
        share = f"{told.total:.1f}, {told.total / optimum:.3f}"
        say(f"{name}: total score, share of the optimum", share)
        say("  matched; blocking pairs", f"{told.matched:,}; {len(told.blocking):,}")


def _one_by_one(problem: Problem, order: np.ndarray) -> np.ndarray:
    rooms = problem.project_places.tolist(), problem.mentor_places.tolist()
    project, mentor, mentee = (
        part.tolist() for part in (problem.project, problem.mentor, problem.mentee)
    )
    placed, taken = set(), []
    for row in order.tolist():
        room = rooms[0][project[row]] > 0 and rooms[1][mentor[row]] > 0
        if room and mentee[row] not in placed:
            placed.add(mentee[row])
            taken.append(row)
            rooms[0][project[row]] -= 1
            rooms[1][mentor[row]] -= 1
    return np.array(taken)


def _against_the_rival(mentees: int, projects: int) -> None:
    cast = plain(mentees, projects, WISHES)
    seconds, ours = timed(lambda: _ours(cast))
    sent = json.dumps(_as_dictionaries(cast))
    began = time.perf_counter()
    done = subprocess.run(
        [str(PYTHON), "-I", "-c", RIVAL], input=sent, check=True, capture_output=True, text=True
    )
    whole = time.perf_counter() - began
    spent, theirs = json.loads(done.stdout)
    name = f"PyPI matching, {mentees} x {projects // 2} x {projects}"
    if theirs is None:
        say(name, f"RecursionError; ours {seconds:.2f} s", f"gave up after {whole:.1f} s")
        return
    bar = verdict(theirs == ours, "the same assignment")
    say(name, f"{spent:.2f} s; ours {seconds:.2f} s", f"{bar}; {spent / seconds:.0f} ×")


def _ours(cast) -> dict[str, str]:
    problem = build(cast)
    offers = stable(problem).offer
    return {
        problem.mentees[m]: problem.projects[problem.offer_project[o]]
        for m, o in enumerate(offers)
        if o >= 0
    }


def _as_dictionaries(cast) -> list[dict]:
    """Students' and supervisors' preferences, projects' supervisors, and both capacities."""
    return [
        {one.key: [wish.project for wish in one.wishes] for one in cast.mentees},
        {one.key: sorted(one.ranks, key=one.ranks.get) for one in cast.mentors},
        {one.key: one.mentors[0] for one in cast.projects},
        {one.key: one.places for one in cast.projects},
        {one.key: one.places for one in cast.mentors},
    ]


if __name__ == "__main__":
    main()
