"""Simple rankings of mentors for a program: what the ranker has to beat."""

from collections.abc import Callable

import numpy as np

from matching.programs.earlier import Earlier
from matching.programs.features import ProgramTable
from matching.programs.texts import content_space, content_text


def program_count(table: ProgramTable) -> np.ndarray:
    """Score by the number of earlier programs, shape (q, p)."""
    return np.tile(_counts(table.earlier), (len(table.programs), 1))


def same_project(table: ProgramTable) -> np.ndarray:
    """Score who mentored in the project first, each part by the number of earlier programs."""
    return table.has_mentored_here * 1e6 + program_count(table)


def text(table: ProgramTable) -> np.ndarray:
    """Score by the cosine to all that a mentor's earlier programs say, project names removed."""
    earlier = table.earlier
    words = [content_text(program) for program in earlier.programs]
    known = content_space(words)
    everything = [
        " ".join(text for text, here in zip(words, mentored, strict=True) if here)
        for mentored in earlier.members.T > 0
    ]
    asked = known.vectors([content_text(program) for program in table.programs])
    return (asked @ known.vectors(everything).T).toarray()


def both(table: ProgramTable) -> np.ndarray:
    """Score the text, plus 1 in the same project, plus a hundredth an earlier program."""
    return text(table) + table.has_mentored_here + 0.01 * program_count(table)


def random(table: ProgramTable) -> np.ndarray:
    """Score everybody alike: ties count by expectation."""
    return np.zeros(table.values.shape[:2])


def _counts(earlier: Earlier) -> np.ndarray:
    return earlier.members.sum(axis=0)


SIMPLE: dict[str, Callable[[ProgramTable], np.ndarray]] = {
    "program_count": program_count,
    "same_project": same_project,
    "text": text,
    "both": both,
    "random": random,
}
