"""Who could mentor a program for the first time in its project: people from elsewhere.

There are too few such pairs in any history to learn from, so the weights are fixed: how the
candidate's earlier programs speak, and how the projects speak of one another.
"""

from collections.abc import Sequence

import numpy as np

from matching.programs.earlier import Earlier
from matching.programs.features import ProgramTable
from matching.programs.records import Program
from matching.programs.texts import folded, named_text, names_of

MOST_NAMINGS = 3
WEIGHTS = {
    "words_named": 1.0,
    "words_centre": 0.3,
    "named_project": 0.3,
    "alike_project": 0.3,
    "named_by": 0.3,
}
"""Feature → weight of its distance from the mean, in standard deviations among outsiders."""


def elsewhere(table: ProgramTable) -> np.ndarray:
    """Score those who never mentored in the project; the others follow below, shape (q, p)."""
    return elsewhere_terms(table).sum(axis=-1) - 1e6 * table.has_mentored_here


def elsewhere_terms(table: ProgramTable) -> np.ndarray:
    """Return what each feature of `WEIGHTS` adds to the score, shape (q, p, 5)."""
    columns = [
        _named_by(table.earlier, table.programs) if name == "named_by" else table.column(name)
        for name in WEIGHTS
    ]
    outside = ~table.has_mentored_here
    terms = [
        weight * np.stack([_standard(row, out) for row, out in zip(column, outside, strict=True)])
        for column, weight in zip(columns, WEIGHTS.values(), strict=True)
    ]
    return np.stack(terms, axis=-1)


def _standard(values: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Return distances from the outsiders' mean in their standard deviations; 0 if all agree."""
    if not outside.any():
        return np.zeros(len(values))
    spread = values[outside].std()
    if spread < 1e-9:
        return np.zeros(len(values))
    return (values - values[outside].mean()) / spread


def _named_by(earlier: Earlier, programs: Sequence[Program]) -> np.ndarray:
    """Return how many of a candidate's programs name the project, at most 3, shape (q, p)."""
    known = [folded(named_text(one)) for one in earlier.programs]
    naming = [
        [any(folded(name) in text for name in names_of(program)) for text in known]
        for program in programs
    ]
    return np.minimum(np.array(naming, float) @ earlier.members, MOST_NAMINGS)
