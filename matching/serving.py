"""What the product shows: a trained ranker, and for each project whether it is believed.

`train` learns from everything before `as_of`; `Served.top` answers for one query. The backtest
calls the same two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from threadpoolctl import ThreadpoolController

from matching.baselines import SIMPLE
from matching.history import NEWCOMER_BELOW, History
from matching.measures import expected_rankings
from matching.pairs import PairFeatures, PairTable
from matching.queries import Queries, queries_of_changes
from matching.ranker import (
    MentorRanker,
    RankerCommittee,
    TrainingPairs,
    draw_training_pairs,
    is_true,
)
from matching.sources import FEWEST_CHANGES, LEARNED, MODEL, RIVALS, SHIPPED, THIN_BASELINE, choose
from matching.training_parts import SOURCES, number_of, part_names
from matching.travelling import TravellingRanker

THREADS = ThreadpoolController()
"""Looked up once: a limit set anew for each question would cost more than the question."""
WORK_WEIGHT = 1e-3
"""Of one recent review: it only parts those who reviewed alike, or not at all."""
RETURNING_DAYS = 540
"""The served pool: people back after a pause stay candidates this long."""
FEWEST_TRUE = 100
"""Below so many in the whole community nothing is learned at all."""
REGULAR_SHARE = 0.2
"""So much of the regulars' changes is drawn: they say less about who helps newcomers."""
MOST_CHANGES = 30_000
"""Only the newest so many are learned from: bounds time and memory of a training."""
NEGATIVES = 12
MOST_TRIALS = 2_000
"""The newest fifth, or so many queries, decide whether a project's model is believed."""


class Ranker(Protocol):
    """Whatever scores the pairs of a table."""

    def score_table(self, table: PairTable) -> np.ndarray: ...


@dataclass(frozen=True)
class Trial:
    """A stand-in of the ranker, learned without the newest `changes`, and how it did on them.

    `lead` holds the reciprocal rank of each change by source.
    """

    stand_in: MentorRanker
    changes: np.ndarray
    lead: dict[str, np.ndarray]


@dataclass(frozen=True)
class Served:
    """A ranker (None: too little to learn from) and the source of the scores per project slug.

    `shipped` is the model learned elsewhere, if it fits; `trial` is how the ranker was judged.
    """

    ranker: RankerCommittee | None
    sources: dict[str, str] = field(default_factory=dict)
    shipped: TravellingRanker | None = None
    trial: Trial | None = field(default=None, compare=False)

    def source_for(self, project: str) -> str:
        """Return "model", "shipped" or the name of the simple ranking that serves this project."""
        fallback = THIN_BASELINE if self.shipped is None else SHIPPED
        source = self.sources.get(project, fallback)
        absent = {MODEL: self.ranker is None, SHIPPED: self.shipped is None}
        return fallback if absent.get(source) else source

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
        """Return the scores of a table by a model or by a simple ranking."""
        if name == MODEL:
            return self.ranker.score_table(table)
        if name == SHIPPED:
            return self.shipped.score_table(table)
        if name == THIN_BASELINE:
            # Where nobody reviews, recent work under the same folders decides, not chance; work
            # elsewhere, below a tenth however much it is, only parts those who are alike here.
            elsewhere = table.column("commits_90d")
            work = table.column("path_commits_365d") + 0.1 * elsewhere / (elsewhere + 10)
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
    chance = _softmax(scores) if source in LEARNED else scores / max(scores.sum(), 1e-12)
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

    @property
    def asked_in_trial(self) -> np.ndarray:
        """Return the newest changes of the first draw: what a stand-in is asked about."""
        changes = self.teaching(0)
        return changes[max(int(0.8 * len(changes)), len(changes) - MOST_TRIALS) :]

    def draw(self, number: int) -> TrainingPairs:
        """Return the pairs that a member learns from; the first are kept, two parts need them."""
        return self._first if number == 0 else self._drawn(number)

    @cached_property
    def _first(self) -> TrainingPairs:
        return self._drawn(0)

    def _drawn(self, number: int) -> TrainingPairs:
        return _draw(self.features, self.teaching(number), self.seed + number)


def train(
    features: PairFeatures,
    as_of: int,
    changes: np.ndarray,
    seed: int = 0,
    shipped: TravellingRanker | None = None,
    taught: Collection[int] = (),
) -> Served:
    """Learn from the given reviewed changes (rows in time order) that landed before `as_of`.

    The `shipped` model is believed where it does better; it was `taught` by some of the projects
    (rows) itself.
    """
    lesson = Lesson.before(features, as_of, changes, seed)
    parts = {name: learn_part(lesson, name, shipped) for name in part_names()}
    return put_together(lesson, parts, shipped, taught)


def learn_part(
    lesson: Lesson, name: str, shipped: TravellingRanker | None = None
) -> "MentorRanker | Trial | None":
    """Learn one part: a member, or the trial that sources rest on; None: nothing to learn from.

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
            return _try(lesson, drawn, shipped)
        return MentorRanker(random_state=lesson.seed + number).fit(drawn)


def put_together(
    lesson: Lesson,
    parts: Mapping,
    shipped: TravellingRanker | None = None,
    taught: Collection[int] = (),
) -> Served:
    """Return the ranker of parts by name: the same as if it had been learned in one go."""
    if any(parts[name] is None for name in part_names()):
        with THREADS.limit(limits=1):
            return Served(None, _sources(lesson, shipped, taught), shipped)
    history, trial = lesson.features.history, parts[SOURCES]
    counts = np.bincount(history.project[lesson.past], minlength=len(history.projects))
    asked = history.project[trial.changes]
    sources = choose(history.projects, counts, asked, trial.lead, taught)
    members = [parts[name] for name in part_names() if name != SOURCES]
    return Served(RankerCommittee.of(members, lesson.seed), sources, shipped, trial)


def _sources(
    lesson: Lesson, shipped: TravellingRanker | None, taught: Collection[int]
) -> dict[str, str]:
    """Return where a simple ranking does better than the shipped model, if that is all there is."""
    features, past = lesson.features, lesson.past
    history = features.history
    counts = np.bincount(history.project[past], minlength=len(history.projects))
    if shipped is None or counts.max(initial=0) < FEWEST_CHANGES:
        return {}
    lead = reciprocal_ranks(features, {SHIPPED: shipped}, past)
    return choose(history.projects, counts, history.project[past], lead, taught)


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


def _try(lesson: Lesson, drawn: TrainingPairs, shipped: TravellingRanker | None) -> Trial:
    """Return how a model of the older part did on the newest fifth of the changes drawn from."""
    asked = lesson.asked_in_trial
    stand_in = MentorRanker(max_iter=60, learning_rate=0.15, random_state=lesson.seed)
    rankers = {MODEL: stand_in.fit(drawn.before(len(lesson.teaching(0)) - len(asked)))}
    if shipped is not None:
        rankers[SHIPPED] = shipped
    return Trial(stand_in, asked, reciprocal_ranks(lesson.features, rankers, asked))


def reciprocal_ranks(
    features: PairFeatures,
    rankers: Mapping[str, Ranker],
    changes: np.ndarray,
    queries: Queries | None = None,
    rivals: Collection[str] = RIVALS,
) -> dict[str, np.ndarray]:
    """Return the reciprocal rank of each change by the given rankers and by simple rankings.

    `queries` are the changes' own, if not given: other views of them see less.
    """
    history = features.history
    truth = history.reviewers.take(changes)
    scorers = {name: SIMPLE[name] for name in rivals}
    scorers |= {name: ranker.score_table for name, ranker in rankers.items()}
    found: dict[str, list] = {name: [np.zeros(0)] for name in scorers}
    queries = queries_of_changes(history, changes) if queries is None else queries
    for rows, table in features.tables(queries, returning_days=RETURNING_DAYS):
        relevant = is_true(table.pairs, truth.take(rows))
        n_true = np.diff(truth.ptr)[rows]
        for name, score in scorers.items():
            found[name].append(rank_metrics(table, score(table), relevant, n_true)[:, 0])
    return {name: np.concatenate(parts) for name, parts in found.items()}


def rank_metrics(
    table: PairTable, scores: np.ndarray, relevant: np.ndarray, n_true: np.ndarray
) -> np.ndarray:
    """Return `measures.RANK_METRICS` of each query of a table, shape (n, 5)."""
    return expected_rankings(table.pairs.ptr, scores, relevant, n_true)
