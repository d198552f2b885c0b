"""What the product shows: a trained ranker, and for each project whether it is believed.

`train` learns from everything before `as_of`; `Served.top` answers for one query. The backtest
calls the same two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from threadpoolctl import ThreadpoolController

from matching.baselines import SIMPLE
from matching.history import NEWCOMER_BELOW, History
from matching.measures import expected_ranking
from matching.pairs import PairFeatures, PairTable
from matching.queries import Queries, queries_of_changes
from matching.ranker import (
    MentorRanker,
    RankerCommittee,
    TrainingPairs,
    draw_training_pairs,
    is_true,
)
from matching.training_parts import SOURCES, number_of, part_names

THREADS = ThreadpoolController()
"""Looked up once: a limit set anew for each question would cost more than the question."""
MODEL = "model"
THIN_BASELINE = "recency"
WORK_WEIGHT = 1e-3
"""Of one recent review: it only parts those who reviewed alike, or not at all."""
RETURNING_DAYS = 540
"""The served pool: people back after a pause stay candidates this long."""
FEWEST_CHANGES = 30
"""Below so many reviewed changes a project is served by recency, and says so."""
FEWEST_TRUE = 100
"""Below so many in the whole community nothing is learned at all."""
REGULAR_SHARE = 0.2
"""So much of the regulars' changes is drawn: they say less about who helps newcomers."""
MOST_CHANGES = 30_000
"""Only the newest so many are learned from: bounds time and memory of a training."""
NEGATIVES = 12
MOST_TRIALS = 2_000
"""The newest fifth, or so many queries, decide whether a project's model is believed."""
RIVALS = ("recency", "affinity", "path_overlap", "hybrid")


@dataclass(frozen=True)
class Served:
    """A ranker (None: too little to learn from) and the source of the scores per project slug."""

    ranker: RankerCommittee | None
    sources: dict[str, str] = field(default_factory=dict)

    def source_for(self, project: str) -> str:
        """Return "model" or the name of the simple ranking that serves this project."""
        return self.sources.get(project, THIN_BASELINE)

    def scores(self, table: PairTable, projects: tuple[str, ...]) -> np.ndarray:
        """Return one score a pair; only scores of one query may be compared."""
        source = np.array([self.source_for(slug) for slug in projects])[table.queries.project]
        by_pair = source[table.pairs.owner]
        scores = np.zeros(len(table.pairs))
        for name in np.unique(source):
            chosen = by_pair == name
            found = self.score_source(str(name), table)
            scores[chosen] = found[chosen]
        return scores

    def score_source(self, name: str, table: PairTable) -> np.ndarray:
        """Return the scores of a table by the model or by a simple ranking."""
        if name == MODEL:
            return self.ranker.score_table(table)
        if name == THIN_BASELINE:
            # Where nobody reviews, recent work under the same folders decides, not chance.
            work = table.column("path_commits_365d") + 0.1 * table.column("commits_90d")
            return SIMPLE[name](table) + WORK_WEIGHT * work
        return SIMPLE[name](table)


@dataclass(frozen=True)
class Suggestion:
    """One candidate of a query: row in `History.people`, chance, place, and its pair."""

    person: int
    score: float
    rank: int
    pair: int


def served_table(features: PairFeatures, queries: Queries) -> PairTable:
    """Return the pairs that the product considers, with their features."""
    return features.table(queries, returning_days=RETURNING_DAYS)


def top(
    served: Served, features: PairFeatures, query: Queries, count: int = 10
) -> tuple[list[Suggestion], PairTable]:
    """Return the best candidates of one query, best first, and the table to explain them from.

    Ties go to the lower person row. The score is the chance by the model among this pool
    (for a simple ranking, the share of its total), between 0 and 1.
    """
    table = served_table(features, query)
    if not len(table.pairs):
        return [], table
    with THREADS.limit(limits=1):
        scores = served.scores(table, features.history.projects)
    source = served.source_for(features.history.projects[int(query.project[0])])
    chance = _softmax(scores) if source == MODEL else scores / max(scores.sum(), 1e-12)
    order = np.lexsort((table.pairs.candidate, -scores))[:count]
    found = [
        Suggestion(int(table.pairs.candidate[pair]), float(chance[pair]), place + 1, int(pair))
        for place, pair in enumerate(order)
    ]
    return found, table


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(initial=-np.inf))
    return raised / raised.sum() if len(raised) else raised


@dataclass(frozen=True, eq=False)
class Lesson:
    """What all parts of one training learn from: reviewed changes, rows in time order."""

    features: PairFeatures
    past: np.ndarray
    seed: int = 0

    @classmethod
    def before(cls, features: PairFeatures, as_of: int, changes: np.ndarray, seed: int = 0):
        """Return the lesson of those changes that landed before `as_of`."""
        return cls(features, changes[features.history.at[changes] < as_of], seed)

    @property
    def is_enough(self) -> bool:
        return len(self.past) >= FEWEST_TRUE

    def teaching(self, number: int) -> np.ndarray:
        return teaching_changes(self.features.history, self.past, self.seed + number)

    def draw(self, number: int) -> TrainingPairs:
        """Return the pairs that a member learns from; the first are kept, two parts need them."""
        return self._first if number == 0 else self._drawn(number)

    @cached_property
    def _first(self) -> TrainingPairs:
        return self._drawn(0)

    def _drawn(self, number: int) -> TrainingPairs:
        return _draw(self.features, self.teaching(number), self.seed + number)


def train(features: PairFeatures, as_of: int, changes: np.ndarray, seed: int = 0) -> Served:
    """Learn from the given reviewed changes (rows in time order) that landed before `as_of`."""
    lesson = Lesson.before(features, as_of, changes, seed)
    return put_together(lesson, {name: learn_part(lesson, name) for name in part_names()})


def learn_part(lesson: Lesson, name: str) -> MentorRanker | dict[str, str] | None:
    """Learn one part: a member, or the sources by project; None: there is nothing to learn from.

    One thread on purpose: the same numbers on every machine, and workers beside each other do
    not fight for the cores.
    """
    if not lesson.is_enough:
        return None
    number = 0 if name == SOURCES else number_of(name)
    drawn = lesson.draw(number)
    if not drawn.y.any():
        return None
    with THREADS.limit(limits=1):
        if name == SOURCES:
            teaching = lesson.teaching(number)
            return choose_sources(lesson.features, lesson.past, teaching, drawn, lesson.seed)
        return MentorRanker(random_state=lesson.seed + number).fit(drawn)


def put_together(lesson: Lesson, parts: Mapping) -> Served:
    """Return the ranker of parts by name: the same as if it had been learned in one go."""
    if any(parts[name] is None for name in part_names()):
        return Served(None)
    members = [parts[name] for name in part_names() if name != SOURCES]
    return Served(RankerCommittee.of(members, random_state=lesson.seed), parts[SOURCES])


def _draw(features: PairFeatures, known: np.ndarray, seed: int) -> TrainingPairs:
    queries = queries_of_changes(features.history, known)
    tables = features.tables(queries, returning_days=RETURNING_DAYS)
    truth = features.history.reviewers.take(known)
    return draw_training_pairs(tables, truth, NEGATIVES, seed)


def teaching_changes(history: History, changes: np.ndarray, seed: int) -> np.ndarray:
    """Return all newcomers' changes and a seeded part of the regulars', the newest of them."""
    newcomer = history.earlier_changes[changes] < NEWCOMER_BELOW
    drawn = np.random.default_rng(seed).random(len(changes)) < REGULAR_SHARE
    return changes[newcomer | drawn][-MOST_CHANGES:]


def choose_sources(
    features: PairFeatures,
    past: np.ndarray,
    changes: np.ndarray,
    drawn: TrainingPairs,
    seed: int,
) -> dict[str, str]:
    """Return the source per project, by how a model of the older part did on the newest fifth.

    `past` are all reviewed changes, `changes` those that `drawn` was drawn from. A simple
    ranking is preferred where it was better by more than one standard error.
    """
    history = features.history
    counts = np.bincount(history.project[past], minlength=len(history.projects))
    cut = max(int(0.8 * len(changes)), len(changes) - MOST_TRIALS)
    trial = MentorRanker(max_iter=60, learning_rate=0.15, random_state=seed).fit(drawn.before(cut))
    lead = _reciprocal_ranks(features, trial, changes[cut:])
    project = history.project[changes[cut:]]
    sources = {}
    for row in np.flatnonzero(counts >= FEWEST_CHANGES):
        here = {name: values[project == row] for name, values in lead.items()}
        sources[history.projects[row]] = _preferred(here)
    return sources


def _preferred(found: dict[str, np.ndarray]) -> str:
    """Return the rival that beats the model beyond chance, else the model."""
    best = max(RIVALS, key=lambda name: found[name].mean() if len(found[name]) else 0.0)
    gap = found[best] - found[MODEL]
    if len(gap) < FEWEST_CHANGES or gap.mean() <= gap.std() / np.sqrt(len(gap)):
        return MODEL
    return best


def _reciprocal_ranks(
    features: PairFeatures, ranker: MentorRanker, changes: np.ndarray
) -> dict[str, np.ndarray]:
    history = features.history
    truth = history.reviewers.take(changes)
    found: dict[str, list] = {name: [] for name in (MODEL, *RIVALS)}
    queries = queries_of_changes(history, changes)
    for rows, table in features.tables(queries, returning_days=RETURNING_DAYS):
        relevant = is_true(table.pairs, truth.take(rows))
        for name in found:
            scores = ranker.score_table(table) if name == MODEL else SIMPLE[name](table)
            found[name].append(
                rank_metrics(table, scores, relevant, np.diff(truth.ptr)[rows])[:, 0]
            )
    return {name: np.concatenate(parts) for name, parts in found.items()}


def rank_metrics(
    table: PairTable, scores: np.ndarray, relevant: np.ndarray, n_true: np.ndarray
) -> np.ndarray:
    """Return `measures.RANK_METRICS` of each query of a table, shape (n, 5)."""
    ptr = table.pairs.ptr
    return np.stack(
        [
            expected_ranking(scores[start:stop], relevant[start:stop], int(true))
            for start, stop, true in zip(ptr[:-1], ptr[1:], n_true, strict=True)
        ]
    )
