"""The programs backtest: term by term, each answered from earlier terms only, misses counted.

Whoever mentors for the first time cannot be suggested by anything that reads earlier programs.
Slice `all` counts such programs as misses; `answerable` leaves them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.measures import RANK_METRICS, bootstrap_interval, expected_ranking
from matching.programs.baselines import SIMPLE
from matching.programs.features import ProgramTable
from matching.programs.records import Program, ProgramFile
from matching.programs.serving import each_pair, table_of_term, tables_before, train

TEST_FROM = 2023
METHODS = ("served", *SIMPLE, "softmax_linear", "gradient_boosting")
SLICES = (
    "all",
    "answerable",
    "project_seen",
    "project_unseen",
    "new_to_project",
    "new_to_project_outside",
)


@dataclass(frozen=True)
class _Answer:
    """Which slices a program belongs to, and each method's metrics there."""

    program: Program
    metrics: dict[str, dict[str, np.ndarray]]


def backtest_programs(file: ProgramFile, test_from: int = TEST_FROM, seed: int = 0) -> dict:
    """Return the report of all programs of the years from `test_from` on, as plain dicts.

    ValueError says what is missing for one.
    """
    programs = file.programs
    terms = sorted({one.term for one in programs if one.year >= test_from})
    if not terms:
        raise ValueError(f"There is no program from {test_from} on.")
    known = tables_before(programs, terms[0])
    if not any(one.mentors for one in programs if one.term < terms[0]):
        raise ValueError(f"There is no program with a mentor before {test_from}.")
    answers, pools, sources = [], [], {}
    for term in terms:
        served = train(known, seed)
        table = table_of_term(programs, term)
        sources[table.programs[0].term_name] = served.source
        pools.append(len(table.earlier.mentors))
        answers += _answers(table, served)
        known.append(table)
    return {
        "task": "programs",
        "projects": sorted({one.program.project for one in answers}),
        "data_hash": file.data_hash,
        "bad_lines": len(file.bad),
        "split": {"test_from": test_from, "test": len(answers), "terms": len(terms)},
        "sources": sources,
        "pool": {
            "mean_size": round(float(np.mean(pools)), 1),
            "covered": round(float(np.mean(["answerable" in one.metrics for one in answers])), 4),
        },
        "misses": sum("answerable" not in one.metrics for one in answers),
        "methods": {method: _summaries(answers, method, seed) for method in METHODS},
    }


def _answers(table: ProgramTable, served) -> list[_Answer]:
    scores = {"served": served.scores(table)}
    scores |= {name: score(table) for name, score in SIMPLE.items()}
    for name, part in _members(served).items():
        scores[name] = each_pair(part, table) if part else scores["served"]
    truth = table.earlier.truth(table.programs)
    here = table.has_mentored_here
    return [
        _Answer(program, _metrics(program, row, truth[row], here[row], scores))
        for row, program in enumerate(table.programs)
    ]


def _members(served) -> dict:
    ranker = served.ranker
    return {
        "softmax_linear": ranker and ranker.linear_.decision_function,
        "gradient_boosting": ranker and ranker.trees_score,
    }


def _metrics(program: Program, row: int, truth, here, scores) -> dict:
    """Return slice → method → metrics: of which candidates, and which of them are answers."""
    everybody = np.ones(len(truth), bool)
    slices = {"all": (everybody, truth)}
    slices["project_seen" if here.any() else "project_unseen"] = (everybody, truth)
    if truth.any():
        slices["answerable"] = (everybody, truth)
    if (truth & ~here).any():
        slices["new_to_project"] = (everybody, truth & ~here)
        slices["new_to_project_outside"] = (~here, truth & ~here)
    n_true = len(program.mentors)
    return {
        name: {
            method: expected_ranking(
                values[row][asked],
                right[asked],
                n_true if right is truth else max(int(right.sum()), 1),
            )
            for method, values in scores.items()
        }
        for name, (asked, right) in slices.items()
    }


def _summaries(answers: Sequence[_Answer], method: str, seed: int) -> dict:
    found = {}
    for name in SLICES:
        chosen = [one for one in answers if name in one.metrics]
        if chosen:
            found[name] = _summary(chosen, name, method, seed)
    return found


def _summary(chosen: Sequence[_Answer], name: str, method: str, seed: int) -> dict:
    """Return n, the mean metrics and their intervals, bootstrapped over projects."""
    values = np.array([one.metrics[name][method] for one in chosen])
    projects = np.unique([one.program.project for one in chosen], return_inverse=True)[1]
    interval = bootstrap_interval(values, projects, seed)
    means = values.mean(axis=0)
    return {
        "n": len(values),
        **{metric: round(float(mean), 4) for metric, mean in zip(RANK_METRICS, means, strict=True)},
        "ci": {
            metric: [round(float(low), 4), round(float(high), 4)]
            for metric, (low, high) in zip(RANK_METRICS, interval, strict=True)
        },
    }
