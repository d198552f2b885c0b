"""Who is compared in the mentors backtest: each learned before the cut, each with its own pool."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import ThreadpoolController

from matching.arrays.history import History
from matching.evaluation import lambdamart
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.pool import ACTIVE_DAYS, RETURNING_DAYS
from matching.pairing.queries import Queries, queries_of_changes
from matching.ranking.baselines import LOGISTIC_FEATURES, SIMPLE, logistic
from matching.ranking.lesson import NEGATIVES, teaching_changes
from matching.ranking.serving import Served, train
from matching.ranking.sources import SHIPPED
from matching.ranking.training_pairs import TrainingPairs, draw_training_pairs
from matching.ranking.travel_protocol import leave_one_project_out

SERVED = "served"
LEARNED = ("logistic", "gradient_boosting", "lambdamart")
METHODS = (SERVED, SHIPPED, *SIMPLE, *LEARNED)
STAND_IN = "recency"
NOT_INSTALLED, TOO_LITTLE = "not_installed", "too_little_to_learn_from"
THREADS = ThreadpoolController()

Score = Callable[[PairTable], np.ndarray]


@dataclass(frozen=True)
class Contender:
    """A method by name; `is_served` says that it is asked about the product's own pool."""

    name: str
    score: Score
    is_served: bool = False


@dataclass(frozen=True)
class Field:
    """The contenders, the served model among them, and why methods are missing or stand-ins."""

    served: Served
    contenders: tuple[Contender, ...]
    failures: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the methods in the order of the report."""
        return [contender.name for contender in self.contenders]

    def of_pool(self, is_served: bool) -> list[Contender]:
        """Return those who are asked about the product's pool, or about the protocol's."""
        return [one for one in self.contenders if one.is_served == is_served]


def enter(
    features: PairFeatures,
    changes: np.ndarray,
    as_of: int,
    methods: Sequence[str],
    seed: int,
) -> Field:
    """Let every method learn from the reviewed changes (rows in time order) before `as_of`.

    ValueError for a method that does not exist.
    """
    unknown = [name for name in methods if name not in METHODS]
    if unknown:
        raise ValueError(f"There is no method called {unknown[0]}.")
    projects = features.history.projects
    served = train(features, as_of, changes, seed)
    learned, failures = _learn(features, changes, as_of, methods, served, seed)
    ours = {SERVED: _of_served(served, projects)} if SERVED in methods else {}
    if SHIPPED in methods:
        ours[SHIPPED] = leave_one_project_out(features, changes, as_of, seed).score_table
    simple = {name: SIMPLE[name] for name in methods if name in SIMPLE}
    contenders = (
        *(Contender(name, score, True) for name, score in ours.items()),
        *(Contender(name, score) for name, score in (simple | learned).items()),
    )
    return Field(served, contenders, failures)


def _of_served(model: Served, projects: tuple[str, ...]) -> Score:
    return lambda table: model.scores(table, projects)


def _learn(features, changes, as_of, methods, served: Served, seed):
    """Return the score functions of `LEARNED`, and what could not be learned and why.

    Where the product learns nothing, they do not either: recency stands in for them.
    """
    wanted = [name for name in methods if name in LEARNED]
    failures = {}
    if "lambdamart" in wanted and not lambdamart.is_installed():
        wanted.remove("lambdamart")
        failures["lambdamart"] = NOT_INSTALLED
    if served.ranker is None:
        failures |= dict.fromkeys(wanted, TOO_LITTLE)
        return dict.fromkeys(wanted, SIMPLE[STAND_IN]), failures
    if not wanted:
        return {}, failures
    drawn = _draw(features, changes[features.history.at[changes] < as_of], seed)
    with THREADS.limit(limits=1):
        return {name: FITS[name](drawn, seed) for name in wanted}, failures


def _draw(features: PairFeatures, past: np.ndarray, seed: int) -> TrainingPairs:
    """Draw pairs of the protocol's own pool: one draw that all the learned baselines share."""
    history: History = features.history
    known = teaching_changes(history, past, seed)
    tables = features.tables(queries_of_changes(history, known))
    return draw_training_pairs(tables, history.reviewers.take(known), NEGATIVES, seed)


def _fit_logistic(drawn: TrainingPairs, seed: int) -> Score:
    columns = [drawn.names.index(name) for name in LOGISTIC_FEATURES]
    model = logistic().fit(drawn.X[:, columns], drawn.y)
    return lambda table: model.decision_function(table.values[:, columns])


def _fit_boosting(drawn: TrainingPairs, seed: int) -> Score:
    """Fit pointwise gradient boosting: the same trees as the product's, alone."""
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.07,
        max_leaf_nodes=24,
        l2_regularization=5.0,
        min_samples_leaf=40,
        max_features=0.5,
        max_bins=127,
        early_stopping=False,
        random_state=seed,
    ).fit(drawn.X, drawn.y)
    return lambda table: _on_one_thread(model.decision_function, table)


def _fit_lambdamart(drawn: TrainingPairs, seed: int) -> Score:
    model = lambdamart.LambdaMart(random_state=seed).fit(drawn)
    return lambda table: model.decision_function(table.values)


def _on_one_thread(predict: Callable, table: PairTable) -> np.ndarray:
    # Waking a thread pool for every tree costs more than such a table's work.
    with THREADS.limit(limits=1):
        return predict(table.values)


FITS: dict[str, Callable[[TrainingPairs, int], Score]] = {
    "logistic": _fit_logistic,
    "gradient_boosting": _fit_boosting,
    "lambdamart": _fit_lambdamart,
}


def tables_of(
    features: PairFeatures, queries: Queries, is_served: bool
) -> Iterator[tuple[np.ndarray, PairTable]]:
    """Yield rows of the queries and their table, of the product's pool or of the protocol's."""
    yield from features.tables(queries, RETURNING_DAYS if is_served else ACTIVE_DAYS)
