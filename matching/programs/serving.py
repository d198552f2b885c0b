"""From programs to a ranking that serves: learn from earlier terms, or fall back and say so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.programs.earlier import earlier_than
from matching.programs.features import ProgramTable, program_table
from matching.programs.ranker import FEWEST_ANSWERS, ProgramPairs, ProgramRanker
from matching.programs.records import Program

Scorer = Callable[[np.ndarray], np.ndarray]
FALLBACK = ("here_ever", "here_share_6", "words_centre")
"""Features whose sum ranks where too few programs teach a ranker."""


@dataclass(frozen=True)
class ProgramServed:
    """What ranks: a learned ranker, or none where too few programs taught one."""

    ranker: ProgramRanker | None

    @property
    def source(self) -> str:
        return "ranker" if self.ranker else "simple"

    def scores(self, table: ProgramTable) -> np.ndarray:
        """Return one score for each program and candidate, shape (q, p)."""
        return each_pair(self.scorer(table.names), table)

    def scorer(self, names: tuple[str, ...]) -> Scorer:
        """Return what maps rows (n, f) of features of these names to scores (n,)."""
        if self.ranker is not None:
            return self.ranker.decision_function
        columns = [names.index(name) for name in FALLBACK]
        return lambda X: X[:, columns].sum(axis=1)


def each_pair(score: Scorer, table: ProgramTable) -> np.ndarray:
    """Return what a scorer of rows (n, f) says of a table, shape (q, p)."""
    flat = table.values.reshape(-1, table.values.shape[-1])
    return score(flat).reshape(table.values.shape[:2])


def table_of_term(programs: Sequence[Program], term: int) -> ProgramTable:
    """Return the features of all programs of a term, as its first day saw them."""
    asked = [program for program in programs if program.term == term]
    return program_table(earlier_than(programs, term), asked)


def tables_before(programs: Sequence[Program], term: int) -> list[ProgramTable]:
    """Return a table for each term before `term` that had mentors of yet earlier terms."""
    terms = sorted({program.term for program in programs if program.term < term})
    mentored = [program.term for program in programs if program.mentors]
    first = min(mentored, default=term)
    return [table_of_term(programs, each) for each in terms if each > first]


def train(tables: Iterable[ProgramTable], seed: int = 0) -> ProgramServed:
    """Learn from tables of past terms; with fewer than 30 answers a simple sum serves."""
    pairs = pairs_of(tables)
    if pairs is None or pairs.answers < FEWEST_ANSWERS:
        return ProgramServed(None)
    return ProgramServed(ProgramRanker(random_state=seed).fit(pairs))


def pairs_of(tables: Iterable[ProgramTable]) -> ProgramPairs | None:
    """Return every pair of the tables with its truth, None without any table."""
    X, y, owner, first = [], [], [], 0
    for table in tables:
        q, p, f = table.values.shape
        X.append(table.values.reshape(-1, f))
        y.append(table.earlier.truth(table.programs).ravel())
        owner.append(np.repeat(np.arange(first, first + q), p))
        first += q
    if not X:
        return None
    return ProgramPairs(np.concatenate(X), np.concatenate(y), np.concatenate(owner))
