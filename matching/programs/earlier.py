"""What earlier terms say: programs, who mentored them, and how long ago that was."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.programs.records import Mentor, Program


@dataclass(frozen=True)
class Earlier:
    """The programs of the terms before `term`, n of them, and their p mentors: the candidates.

    `members` (n, p) says who mentored what, `age` (n,) how many terms ago, `project` (n,) which
    row of `projects` a program belongs to.
    """

    term: int
    programs: tuple[Program, ...]
    mentors: tuple[Mentor, ...]
    members: np.ndarray
    age: np.ndarray
    projects: tuple[str, ...]
    project: np.ndarray
    by_project: np.ndarray = field(repr=False)
    """How many of its programs each person mentored, shape (projects, p)."""

    def projects_of(self, programs: Sequence[Program]) -> np.ndarray:
        """Return the row of each program's project, -1 for one that is new."""
        rows = {slug: row for row, slug in enumerate(self.projects)}
        return np.array([rows.get(program.project, -1) for program in programs], np.int64)

    def truth(self, programs: Sequence[Program]) -> np.ndarray:
        """Return who of the candidates mentors each program, shape (len(programs), p), bool."""
        place = {mentor.key: row for row, mentor in enumerate(self.mentors)}
        found = np.zeros((len(programs), len(self.mentors)), bool)
        for row, program in enumerate(programs):
            known = [place[one.key] for one in program.mentors if one.key in place]
            found[row, known] = True
        return found

    def decay(self, half_life: float) -> np.ndarray:
        """Return a weight a program that halves every `half_life` terms, 1 in the last term."""
        return 0.5 ** ((self.age - 1) / half_life)


def earlier_than(programs: Sequence[Program], term: int) -> Earlier:
    """Return what the terms before `term` say; everything from `term` on is not seen."""
    known = tuple(program for program in programs if program.term < term)
    mentors = {one.key: one for program in known for one in program.mentors}
    place = {key: row for row, key in enumerate(sorted(mentors))}
    members = np.zeros((len(known), len(place)))
    for row, program in enumerate(known):
        members[row, [place[one.key] for one in program.mentors]] = 1
    projects = tuple(sorted({program.project for program in known}))
    rows = {slug: row for row, slug in enumerate(projects)}
    project = np.array([rows[program.project] for program in known], np.int64)
    by_project = np.zeros((len(projects), len(place)))
    np.add.at(by_project, project, members)
    return Earlier(
        term=term,
        programs=known,
        mentors=tuple(mentors[key] for key in place),
        members=members,
        age=np.array([term - program.term for program in known], float),
        projects=projects,
        project=project,
        by_project=by_project,
    )
