"""Cohorts drawn for the benchmark: with ties and overlapping limits, or as others can read them."""

import numpy as np

from matching.cohort.cast import Cast, Mentee, Mentor, Project, Wish

TIED = 2  # wishes of a rank
TIERS = 10  # of a mentor's mentees


def drawn(mentees: int, mentors: int, projects: int, wishes: int, *, seed: int = 0) -> Cast:
    """Mentors serve one to three projects, some projects are wanted by many, places are short."""
    rng = np.random.default_rng(seed)
    teams: list[list[str]] = [[] for _ in range(projects)]
    for mentor in range(mentors):
        for project in rng.choice(projects, size=rng.integers(1, 4), replace=False):
            teams[project].append(f"mentor{mentor}")
    wanted = rng.exponential(size=projects)
    wished, ranks = [], [{} for _ in range(mentors)]
    for mentee in range(mentees):
        found = rng.choice(projects, wishes, replace=False, p=wanted / wanted.sum())
        wished.append([Wish(f"project{p}", n // TIED + 1) for n, p in enumerate(found)])
        for key in sorted({key for p in found for key in teams[p]}):
            ranks[int(key[6:])][f"mentee{mentee}"] = int(rng.integers(1, TIERS + 1))
    return Cast(
        tuple(Mentee(f"mentee{n}", tuple(w)) for n, w in enumerate(wished)),
        tuple(Mentor(f"mentor{n}", int(rng.integers(1, 9)), r) for n, r in enumerate(ranks)),
        tuple(
            Project(f"project{n}", tuple(team), int(rng.integers(4, 22)))
            for n, team in enumerate(teams)
        ),
    )


def plain(mentees: int, projects: int, wishes: int, *, seed: int = 0) -> Cast:
    """One mentor a project, two projects a mentor, no ties: what other packages take as well."""
    rng = np.random.default_rng(seed)
    wished = [rng.choice(projects, wishes, replace=False) for _ in range(mentees)]
    suitors: list[list[str]] = [[] for _ in range(projects // 2)]
    for mentee, found in enumerate(wished):
        for mentor in sorted({int(p) // 2 for p in found}):
            suitors[mentor].append(f"mentee{mentee}")
    each = -(-mentees // projects)
    return Cast(
        tuple(
            Mentee(f"mentee{n}", tuple(Wish(f"project{p}", r + 1) for r, p in enumerate(found)))
            for n, found in enumerate(wished)
        ),
        tuple(
            Mentor(f"mentor{n}", 2 * each, {key: r + 1 for r, key in enumerate(rng.permutation(s))})
            for n, s in enumerate(suitors)
        ),
        tuple(Project(f"project{n}", (f"mentor{n // 2}",), each) for n in range(projects)),
    )
