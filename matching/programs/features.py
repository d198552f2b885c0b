"""What is known of every (program, candidate) pair when a term begins; nothing later is seen.

Shares, ages in terms and cosines: they mean the same in a small foundation as in a large one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.preprocessing import normalize

from matching.programs.earlier import Earlier
from matching.programs.records import Program
from matching.programs.texts import (
    content_space,
    content_text,
    folded,
    letter_space,
    named_text,
    names_of,
    skill_space,
    title_text,
    without_names,
    word_space,
)

MOST_NAMINGS = 3


@dataclass(frozen=True)
class ProgramTable:
    """Features of q programs and their p candidates: `values` (q, p, f), `names` of length f."""

    earlier: Earlier
    programs: tuple[Program, ...]
    names: tuple[str, ...]
    values: np.ndarray

    def column(self, name: str) -> np.ndarray:
        """Return one feature, shape (q, p)."""
        return self.values[:, :, self.names.index(name)]

    @property
    def has_mentored_here(self) -> np.ndarray:
        """Whether the candidate ever mentored in the program's project, shape (q, p)."""
        return self.column("here_ever") > 0


def program_table(earlier: Earlier, programs: Sequence[Program]) -> ProgramTable:
    """Return the features of programs of one term; ValueError if nobody mentored before."""
    if not earlier.mentors:
        raise ValueError("There is no earlier program with a mentor to learn from.")
    alike = _Likeness(earlier, programs)
    columns = {
        **_history_here(alike),
        **_same_words_here(alike),
        **_same_words(alike),
        **_neighbour_projects(alike),
        **_people_around(alike),
        "programs_decayed_3": earlier.decay(3) @ earlier.members,
    }
    shape = (len(programs), len(earlier.mentors))
    values = [np.broadcast_to(column, shape).astype(np.float32) for column in columns.values()]
    return ProgramTable(earlier, tuple(programs), tuple(columns), np.stack(values, axis=-1))


class _Likeness:
    """How the programs asked about resemble the earlier ones, each matrix (q, n)."""

    def __init__(self, earlier: Earlier, programs: Sequence[Program]) -> None:
        self.earlier, self.programs = earlier, programs
        self.project = earlier.projects_of(programs)
        self.here = (self.project[:, None] == earlier.project[None]).astype(float)
        self.content = content_space([content_text(one) for one in earlier.programs])
        self.vectors = self.content.vectors([content_text(one) for one in programs])
        self.words = (self.vectors @ self.content.earlier.T).toarray()
        self.named = self._cosines(word_space, named_text)
        self.skills = self._cosines(skill_space, _skill_text)
        self.titles = self._cosines(letter_space, title_text)

    def _cosines(self, space, text_of) -> np.ndarray:
        known = space([text_of(one) for one in self.earlier.programs])
        return known.likeness([text_of(one) for one in self.programs])

    def largest(self, likeness: np.ndarray) -> np.ndarray:
        """Return each candidate's most similar program, shape (q, p)."""
        found = np.zeros((len(likeness), len(self.earlier.mentors)))
        for person, mentored in enumerate(self.earlier.members.T > 0):
            found[:, person] = likeness[:, mentored].max(axis=1)
        return found

    def shares(self, weights: np.ndarray) -> np.ndarray:
        """Return the share of the weight of all programs that a candidate mentored, (q, p)."""
        total = weights.sum(axis=1, keepdims=True)
        return _ratio(weights @ self.earlier.members, total)


def _skill_text(program: Program) -> str:
    return without_names(program, program.skills.lower())


def _history_here(alike: _Likeness) -> dict[str, np.ndarray]:
    """Who mentored in this project, in this part of it, under this owner of repositories."""
    earlier, here = alike.earlier, alike.here
    lately = np.where(here > 0, earlier.age[None], np.inf)
    latest = here * (lately == lately.min(axis=1, keepdims=True))
    ages = alike.largest(here / earlier.age)
    part = _same([[one.project_name.lower()] for one in alike.programs], earlier, _part_of)
    owner = _same([one.owners for one in alike.programs], earlier, _owners_of)
    return {
        "here_ever": alike.largest(here),
        "here_share_6": alike.shares(here * earlier.decay(6)),
        "here_share_2": alike.shares(here * earlier.decay(2)),
        "here_recency": ages,
        "here_latest_share": alike.shares(latest),
        "here_terms": _terms(here, earlier),
        "part_share_6": alike.shares(part * earlier.decay(6)),
        "owner_share_6": alike.shares(owner * earlier.decay(6)),
    }


def _part_of(program: Program) -> list[str]:
    return [program.project_name.lower()]


def _owners_of(program: Program) -> tuple[str, ...]:
    return program.owners


def _same(wanted, earlier: Earlier, names_of_program) -> np.ndarray:
    """Return 1 where a program asked about shares a name with an earlier one, shape (q, n)."""
    known = [set(names_of_program(program)) for program in earlier.programs]
    return np.array([[float(not one.isdisjoint(names)) for one in known] for names in wanted])


def _terms(here: np.ndarray, earlier: Earlier) -> np.ndarray:
    """Return in how many terms each candidate mentored here, shape (q, p)."""
    found = np.zeros((len(here), len(earlier.mentors)))
    for age in np.unique(earlier.age):
        found += (here * (earlier.age == age)) @ earlier.members > 0
    return found


def _same_words_here(alike: _Likeness) -> dict[str, np.ndarray]:
    """Which of the project's mentors its earlier programs in the same words belong to."""
    words, here = alike.words, alike.here
    return {
        "here_words_share": alike.shares(words * here),
        "here_words_recent_share": alike.shares(words**2 * here * alike.earlier.decay(3)),
        "here_words_max": alike.largest(words * here),
        "here_title_share": alike.shares(alike.titles**2 * here),
    }


def _same_words(alike: _Likeness) -> dict[str, np.ndarray]:
    """Whose earlier programs, wherever they were, speak of the same things."""
    earlier, words = alike.earlier, alike.words
    centre = normalize(alike.content.earlier.T @ earlier.members, axis=0)
    return {
        "words_named": alike.named @ earlier.members / np.sqrt(earlier.members.sum(axis=0)),
        "words_centre": alike.vectors @ centre,
        "words_neighbours": alike.shares(words**2),
        "words_elsewhere_max": alike.largest(words * (1 - alike.here)),
        "skills_max": alike.largest(alike.skills),
    }


def _neighbour_projects(alike: _Likeness) -> dict[str, np.ndarray]:
    """Who mentored in projects that the text names, or that resemble this one."""
    earlier = alike.earlier
    mentored = earlier.by_project > 0
    naming = _namings(alike)
    resemble = _resembling(alike)
    return {
        "named_project": _best(naming, mentored),
        "alike_project": _best(resemble, mentored),
    }


def _namings(alike: _Likeness) -> np.ndarray:
    """Return how much each text names other projects, seldom named ones more, (q, projects)."""
    earlier = alike.earlier
    known = [folded(named_text(one)) for one in earlier.programs]
    asked = [folded(named_text(one)) for one in alike.programs]
    names = project_names(earlier)
    found = np.zeros((len(asked), len(names)))
    for row, called in enumerate(names):
        elsewhere = [text for text, at in zip(known, earlier.project, strict=True) if at != row]
        often = sum(any(name in text for name in called) for text in elsewhere)
        weight = np.log((1 + len(known)) / (1 + often))
        counts = [max(text.count(name) for name in called) for text in asked]
        found[:, row] = np.log1p(np.minimum(counts, MOST_NAMINGS)) * weight
    return _without_own(found, alike.project)


def project_names(earlier: Earlier) -> list[set[str]]:
    """Return the names of each row of `earlier.projects`, as they stand in a folded text."""
    found: list[set[str]] = [set() for _ in earlier.projects]
    for program, row in zip(earlier.programs, earlier.project, strict=True):
        found[row] |= {folded(name) for name in names_of(program)}
    return found


def _resembling(alike: _Likeness) -> np.ndarray:
    """Return how alike the words of the program's project and of others are, (q, projects)."""
    earlier = alike.earlier
    belongs = (earlier.project[None] == np.arange(len(earlier.projects))[:, None]).astype(float)
    centres = normalize(belongs @ alike.content.earlier)
    own = np.where(alike.project >= 0, alike.project, 0)
    cosines = centres[own] @ centres.T * (alike.project >= 0)[:, None]
    return _without_own(cosines, alike.project)


def _without_own(values: np.ndarray, project: np.ndarray) -> np.ndarray:
    known = np.flatnonzero(project >= 0)
    values[known, project[known]] = 0
    return values


def _best(values: np.ndarray, mentored: np.ndarray) -> np.ndarray:
    """Return the largest value among the projects that a candidate mentored in, (q, p)."""
    return np.stack([(row[:, None] * mentored).max(axis=0) for row in values])


def _people_around(alike: _Likeness) -> dict[str, np.ndarray]:
    """Who mentored beside this project's mentors, in projects with mentors in common, or works
    in the same organisation."""
    earlier = alike.earlier
    here = alike.shares(alike.here * earlier.decay(6))
    together = earlier.members.T @ earlier.members
    np.fill_diagonal(together, 0)
    beside = _ratio(together, together.sum(axis=1, keepdims=True))
    counts = earlier.by_project
    common = normalize(counts) @ normalize(counts).T
    np.fill_diagonal(common, 0)
    own = np.where(alike.project >= 0, alike.project, 0)
    sisters = common[own] * (alike.project >= 0)[:, None]
    works = organisations(earlier)
    return {
        "beside_mentors": here @ beside,
        "sister_project": sisters @ _ratio(counts, counts.sum(axis=1, keepdims=True)),
        "organisation": _ratio(here, here.sum(axis=1, keepdims=True)) @ works @ works.T,
    }


def organisations(earlier: Earlier) -> np.ndarray:
    """Return which organisations each candidate wrote from in earlier programs, 0/1, (p, o)."""
    place = {mentor.key: row for row, mentor in enumerate(earlier.mentors)}
    told = {
        (place[one.key], one.organisation)
        for program in earlier.programs
        for one in program.mentors
        if one.organisation
    }
    names = {name: column for column, name in enumerate(sorted({name for _, name in told}))}
    found = np.zeros((len(place), max(len(names), 1)))
    for row, name in told:
        found[row, names[name]] = 1
    return found


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)
