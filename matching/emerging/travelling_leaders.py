"""What becoming core looks like elsewhere: boosted trees learned from public communities.

Kept as plain numbers, so that loading it runs no code. A community too young to learn from is
told by this alone; any other takes the mean of it and of what it learned itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from matching.arrays.history import DAY, History
from matching.emerging.landmark_surroundings import YEAR_DAYS
from matching.emerging.landmarks import FEATURES, Landmarks, build_landmarks
from matching.measures import average_precision, roc_auc
from matching.ranking.plain_trees import KINDS, PlainTrees
from matching.ranking.written_down import UnfitModel, require, taken

STEP_DAYS = 91
MEMBERS = 4
CORE_WEIGHT = 0.5
"""Of rows about people who are core already: they teach, but are not asked about."""
MOST_OF_A_PROJECT = 4_000
"""A project with more rows weighs no more than one with so many."""
FEWEST_POSITIVE = 20
FOLDS = 5
FEWEST_ANSWERS = 5


@dataclass(frozen=True)
class LearnedElsewhere:
    """Trees that answer for one horizon; each member knows other communities than the rest."""

    members: tuple[PlainTrees, ...]
    base_rate: float

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "LearnedElsewhere":
        """Return what `arrays` describe; UnfitModel if it is not whole and sound."""
        base_rate = taken(arrays, "", {"base_rate": (np.float64,)})["base_rate"]
        require(len(base_rate) == 1 and 0 <= base_rate[0] <= 1, "base_rate")
        count = len({key.partition("/")[0] for key in arrays if "/" in key})
        if not count:
            raise UnfitModel("The model is empty.")
        members = (PlainTrees.from_arrays(arrays, f"{row}/", len(FEATURES)) for row in range(count))
        return cls(tuple(members), float(base_rate[0]))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return everything that was learned, by name; plain numbers only."""
        found = {"base_rate": np.array([self.base_rate])}
        for row, member in enumerate(self.members):
            for name in KINDS:
                found[f"{row}/{name}"] = np.asarray(getattr(member, name))
        return found

    def each(self, X: np.ndarray) -> np.ndarray:
        """Return the log odds of being core that each member gives, shape (members, n)."""
        return np.array([member.decision_function(X) for member in self.members])


def rows_elsewhere(history: History, known_by: int, horizon: int = 1) -> Landmarks:
    """Return what all projects teach at `known_by` (seconds): no label is of later."""
    first = int(history.at[0]) + YEAR_DAYS * DAY if history.n_changes else known_by
    last = known_by - horizon * YEAR_DAYS * DAY
    dates: Sequence[int] = range(last, first, -STEP_DAYS * DAY)
    return build_landmarks(history, dates[::-1], horizon=horizon, with_core=True)


def fit_elsewhere(rows: Landmarks, seed: int = 0, members: int = MEMBERS) -> LearnedElsewhere:
    """Learn from rows with labels; each of several members leaves out other projects.

    ValueError if hardly anybody became core.
    """
    asked = ~rows.is_core
    if rows.core_later[asked].sum() < FEWEST_POSITIVE:
        raise ValueError("Too few people became core: there is nothing to learn from.")
    projects, owner, size = np.unique(rows.project, return_inverse=True, return_counts=True)
    weight = np.where(rows.is_core, CORE_WEIGHT, 1.0)
    weight *= np.minimum(1, MOST_OF_A_PROJECT / size)[owner]
    part = np.random.default_rng(seed).permutation(len(projects)) % members
    learned = []
    for number in range(members):
        known = (part != number)[owner]
        if len(np.unique(rows.core_later[known])) < 2:
            known[:] = True  # so few projects, or a single member: none can be spared
        learned.append(_member(rows, np.where(known, weight, 0), seed + number))
    return LearnedElsewhere(tuple(learned), float(rows.core_later[asked].mean()))


def _member(rows: Landmarks, weight: np.ndarray, seed: int) -> PlainTrees:
    trees = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=100,
        l2_regularization=10,
        max_features=0.3,
        early_stopping=False,
        random_state=seed,
    )
    kept = np.flatnonzero(weight)
    with threadpool_limits(1):
        trees.fit(rows.X[kept], rows.core_later[kept], weight[kept])
    return PlainTrees.of(trees)


def worth_elsewhere(
    rows: Landmarks, marks: Sequence[str], seed: int = 0
) -> dict[str, float | int | None]:
    """Return how well people are told apart in projects that were left out, a fifth at a time.

    Means over the projects in which at least `FEWEST_ANSWERS` became core. `marks` are the
    `fingerprints` of the history's projects: those of one mark are left out together.
    """
    fold, found = _folds(rows.project, marks, seed), []
    for part in range(FOLDS):
        model = fit_elsewhere(rows.take(np.flatnonzero(fold != part)), seed, members=1)
        for project in np.unique(rows.project[fold == part]):
            asked = rows.take(np.flatnonzero((rows.project == project) & ~rows.is_core))
            if asked.core_later.sum() >= FEWEST_ANSWERS:
                found.append(_told_apart(asked, model.each(asked.X).mean(axis=0)))
    names = ("auc", "ap", "commits_90d_auc", "commits_90d_ap", "base_rate")
    if not found:
        return {"projects": 0} | dict.fromkeys(names)
    means = np.round(np.mean(found, axis=0), 4).tolist()
    return {"projects": len(found)} | dict(zip(names, means, strict=True))


def _folds(project: np.ndarray, marks: Sequence[str], seed: int) -> np.ndarray:
    """Return the fold of each row; projects of one mark share a past, and so a fold."""
    projects, owner = np.unique(project, return_inverse=True)
    first: dict[str | int, int] = {}
    twin = [first.setdefault(marks[row] or row, row) for row in projects.tolist()]
    pasts, past = np.unique(twin, return_inverse=True)
    return (np.random.default_rng(seed).permutation(len(pasts)) % FOLDS)[past][owner]


def _told_apart(asked: Landmarks, scores: np.ndarray) -> tuple[float, ...]:
    truth, commits = asked.core_later, asked.column("commits_90d").astype(float)
    return (
        roc_auc(truth, scores),
        average_precision(truth, scores),
        roc_auc(truth, commits),
        average_precision(truth, commits),
        float(truth.mean()),
    )
