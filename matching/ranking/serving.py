"""What the product shows: a trained ranker, and for each project whether it is believed.

`train` learns from everything before `as_of`; `Served.top` answers for one query. The backtest
calls the same two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import Queries
from matching.ranking.baselines import SIMPLE
from matching.ranking.lesson import Lesson, learn_part
from matching.ranking.ranker import RankerCommittee
from matching.ranking.sources import FEWEST_CHANGES, LEARNED, MODEL, SHIPPED, THIN_BASELINE, choose
from matching.ranking.threads import THREADS
from matching.ranking.training_parts import SOURCES, part_names
from matching.ranking.travelling import TravellingRanker
from matching.ranking.trial import Trial, reciprocal_ranks

MOST_PAIRS = 20_000
"""Roughly, of queries that are answered together: a table of them takes some 20 MB."""
WORK_WEIGHT = 1e-3
"""Of one recent review: it only parts those who reviewed alike, or not at all."""


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

    def plain(self, name: str) -> TravellingRanker | None:
        """Return the model of a source as plain numbers, None for a simple ranking."""
        return {MODEL: self.ranker and self.ranker.plain, SHIPPED: self.shipped}.get(name)

    def score_source(
        self, name: str, table: PairTable, ptr: np.ndarray | None = None
    ) -> np.ndarray:
        """Return the scores of a table by a model or by a simple ranking.

        Those of rows `ptr[i]:ptr[i + 1]` are what they would be without the others, to the bit.
        """
        if name == MODEL:
            return self.ranker.score_table(table, ptr)
        if name == SHIPPED:
            return self.shipped.score_table(table, ptr)
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
    return top_each(served, features, query, count)[0]


def top_each(
    served: Served, features: PairFeatures, queries: Queries, count: int = 10
) -> list[tuple[list[Suggestion], PairTable]]:
    """Return what `top` does for each of some queries of one project: asked once, equal to the bit.

    Memory grows with all their pairs: `parted` says how many queries go together.
    """
    table = served_table(features, queries)
    source = served.source_for(features.history.projects[int(queries.project[0])])
    scores = np.zeros(len(table.pairs))
    if len(scores):
        with THREADS.limit(limits=1):
            scores[:] = served.score_source(source, table, table.pairs.ptr)
    return [
        (_best(one, scores[begin:end], source in LEARNED, count), one)
        for one, begin, end in table.each()
    ]


def parted(features: PairFeatures, queries: Queries) -> list[np.ndarray]:
    """Return rows of the queries, in order, in parts whose tables fit into little memory."""
    most = int(features.retrieval.most_candidates(queries).max(initial=1))
    size = max(1, MOST_PAIRS // max(most, 1))
    rows = np.arange(len(queries))
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _best(table: PairTable, scores: np.ndarray, is_log: bool, count: int) -> list[Suggestion]:
    chance = _softmax(scores) if is_log else scores / max(scores.sum(), 1e-12)
    order = np.lexsort((table.pairs.candidate, -scores))[:count]
    return [
        Suggestion(int(table.pairs.candidate[pair]), float(chance[pair]), place + 1, int(pair))
        for place, pair in enumerate(order)
    ]


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(initial=-np.inf))
    return raised / raised.sum() if len(raised) else raised


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
