"""Why this mentor for this program: what groups of features add to the score, with facts.

Only codes, numbers, names and words of texts come out; wording belongs to the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from matching.programs.features import ProgramTable
from matching.programs.records import Program
from matching.programs.serving import ProgramServed
from matching.programs.texts import (
    content_space,
    content_text,
    folded,
    named_text,
    names_of,
    skill_space,
    without_names,
)
from matching.ranking.attribution import attribute

MOST_NAMES = 3

GROUPS: dict[str, tuple[str, ...]] = {
    "same_project": (
        "here_ever",
        "here_share_",
        "here_recency",
        "here_latest_share",
        "here_terms",
        "part_",
        "owner_",
    ),
    "same_words": ("here_words_", "here_title_", "words_"),
    "same_skills": ("skills_",),
    "neighbour_projects": ("named_project", "alike_project", "sister_project"),
    "co_mentors": ("beside_mentors",),
    "organisation": ("organisation",),
    "programs_before": ("programs_",),
}
"""Reason code -> how the names of its features begin; every feature belongs to one."""


@dataclass(frozen=True)
class ProgramReason:
    """What a group of features adds to the score, and the facts behind it: `count`, `since`
    and `last` (years or names of terms), `names`; {} where there is nothing to show."""

    code: str
    contribution: float
    evidence: dict


@dataclass(frozen=True)
class Suggestion:
    """A mentor for a program. `base` (the score of the pool's median) + all contributions =
    `score`; only differences between scores of one program mean something."""

    rank: int
    name: str
    is_new_here: bool
    base: float
    score: float
    reasons: tuple[ProgramReason, ...]


def suggest(
    served: ProgramServed, table: ProgramTable, row: int, count: int, outside: int = 0
) -> list[Suggestion]:
    """Return the best `count` mentors for program `row` of the table, with reasons.

    Up to `outside` further people follow who never mentored in the project; ranks tell where
    they stand. Equal scores stand in the order of names.
    """
    scores = served.scores(table)[row]
    people = np.array([mentor.name for mentor in table.earlier.mentors])
    order = np.lexsort((people, -scores))
    here = table.has_mentored_here[row]
    chosen = list(order[:count])
    chosen += [person for person in order[count:] if not here[person]][:outside]
    place = {int(person): rank for rank, person in enumerate(order, 1)}
    explained = _explained(served, table, row, chosen)
    return [
        Suggestion(place[int(person)], str(people[person]), not here[person], *found)
        for person, found in zip(chosen, explained, strict=True)
    ]


def columns_of(names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the columns of each reason code; the longest matching beginning decides."""
    found: dict[str, list[int]] = {code: [] for code in GROUPS}
    for place, name in enumerate(names):
        fits = [
            (len(start), code)
            for code, starts in GROUPS.items()
            for start in starts
            if name.startswith(start)
        ]
        found[max(fits)[1]].append(place)
    return {code: np.array(places, np.int64) for code, places in found.items()}


def _explained(served: ProgramServed, table: ProgramTable, row: int, people: list) -> list[tuple]:
    """Return base, score and reasons of each person, the strongest reason first."""
    groups = columns_of(table.names)
    median = np.median(table.values[row], axis=0).astype(np.float32)
    X = table.values[row][people]
    base, parts = attribute(served.scorer(table.names), X, median, list(groups.values()))
    facts = _Facts(table, row)
    found = []
    for place, person in enumerate(people):
        reasons = [
            ProgramReason(code, float(part), facts.of(code, int(person)))
            for code, part in zip(groups, parts[place], strict=True)
        ]
        reasons.sort(key=lambda reason: (-reason.contribution, reason.code))
        start = float(base[place])
        score = start + sum(reason.contribution for reason in reasons)
        found.append((start, score, tuple(reasons)))
    return found


class _Facts:
    """Looks up what somebody did before, seen from one program."""

    def __init__(self, table: ProgramTable, row: int) -> None:
        self.earlier = table.earlier
        self.program = table.programs[row]
        self.words = _Shared(self.earlier.programs, self.program, content_space, content_text)
        self.skills = _Shared(self.earlier.programs, self.program, skill_space, _skill_text)

    def of(self, code: str, person: int) -> dict:
        mine = np.flatnonzero(self.earlier.members[:, person])
        programs = [self.earlier.programs[place] for place in mine]
        here = [one for one in programs if one.project == self.program.project]
        match code:
            case "same_project" if here:
                return _counted(here) | {"project": self.program.project_name}
            case "same_words":
                return _named(self.words.with_any(mine))
            case "same_skills":
                return _named(self.skills.with_any(mine))
            case "neighbour_projects":
                return _named(self._neighbours(programs))
            case "co_mentors":
                return _named(self._mates(person, programs))
            case "organisation":
                return _named(self._organisations(person, programs))
            case "programs_before":
                return _counted(programs)
        return {}

    def _neighbours(self, programs: list[Program]) -> list[str]:
        """Return the projects somebody mentored in that the program's text names."""
        text = folded(named_text(self.program))
        return [
            one.project_name
            for one in programs
            if one.project != self.program.project
            and any(folded(name) in text for name in names_of(one))
        ]

    def _mates(self, person: int, programs: list[Program]) -> list[str]:
        """Return who mentored together with somebody, and in this project."""
        me = self.earlier.mentors[person].key
        return [
            mate.name
            for one in programs
            for mate in one.mentors
            if mate.key != me and mate.key in self._keys_here()
        ]

    def _organisations(self, person: int, programs: list[Program]) -> list[str]:
        """Return the organisations somebody shares with mentors of the project."""
        me = self.earlier.mentors[person].key
        mine = {
            mentor.organisation for one in programs for mentor in one.mentors if mentor.key == me
        }
        theirs = {
            mentor.organisation
            for one in self.earlier.programs
            for mentor in one.mentors
            if mentor.key != me and one.project == self.program.project
        }
        return sorted(mine & theirs - {""})

    def _keys_here(self) -> set[str]:
        return {
            mentor.key
            for one in self.earlier.programs
            if one.project == self.program.project
            for mentor in one.mentors
        }


class _Shared:
    """Which words of a program stand in earlier ones, those that weigh most first."""

    def __init__(self, earlier: Sequence[Program], program: Program, space, text_of) -> None:
        self.space = space([text_of(one) for one in earlier])
        self.asked = self.space.vectors([text_of(program)]).toarray()[0]

    def with_any(self, places: np.ndarray) -> list[str]:
        if self.space.vectorizer is None:
            return []
        weight = self.asked * self.space.earlier[places].max(axis=0).toarray().ravel()
        words = self.space.vectorizer.get_feature_names_out()
        best = [str(words[place]) for place in np.argsort(-weight, kind="stable") if weight[place]]
        return _apart(best)


def _apart(words: list[str]) -> list[str]:
    """Return the words that say something and that no stronger word or pair already holds."""
    kept: list[str] = []
    seen = set(ENGLISH_STOP_WORDS)
    for word in words[: 4 * MOST_NAMES]:
        if seen.isdisjoint(word.split()):
            kept.append(word)
            seen.update(word.split())
    return kept


def _skill_text(program: Program) -> str:
    return without_names(program, program.skills.lower())


def _counted(programs: list[Program]) -> dict:
    first, last = programs[0], programs[-1]
    return {"count": len(programs), "since": str(first.year), "last": last.term_name}


def _named(names: Sequence[str]) -> dict:
    names = list(dict.fromkeys(names))[:MOST_NAMES]
    return {"names": names} if names else {}
