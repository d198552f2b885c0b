"""The mentors backtest: the last 30 % of the reviewed changes, run once, misses counted.

Everything is learned before the cut; every answer sees only what was known at its moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History, Ragged
from matching.evaluation.contenders import METHODS, SERVED, Field, enter
from matching.evaluation.examination import Answers, examine
from matching.evaluation.loads import Loads, SharedLoad, could_be_asked
from matching.evaluation.score_keeper import Scored, ScoreKeeper
from matching.evaluation.slices import PROJECT, mentors_named, slices_of
from matching.evaluation.summaries import (
    gap_to_simple,
    number,
    per_project,
    rounded,
    summarise,
    taken,
)
from matching.evaluation.too_little import TooLittle
from matching.lists.load import WEIGHT, shares_load
from matching.measures import reliability
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes

TEST_SHARE = 0.3
SHARED = "served_shared"
"""What is served with its load shared, as lists are shown: in the table of loads only."""
LAG_DAYS = 7
FEWEST_CHANGES = 20
MOST_KEPT = 5_000
"""The accuracy–load curve asks the newest so many newcomers' queries: bounds its memory."""
CURVE_SLICES = ("newcomers", "area_divided")
"""Where one or two people review nearly everything, nothing is shared, so no curve is drawn."""


def backtest_mentors(
    history: History,
    projects: Sequence[str] | None = None,
    methods: Sequence[str] | None = None,
    seed: int = 0,
    features: PairFeatures | None = None,
    load_weight: float = WEIGHT,
) -> dict:
    """Return the protocol's report as plain dicts; ValueError if there is too little to split.

    `projects` restricts both what is learned from and what is tested; `load_weight` is how much
    of the load the product takes off the score (`matching.lists.load`).
    """
    changes = _chosen_changes(history, projects)
    features = features or PairFeatures(history)
    as_of = int(history.at[changes[int((1 - TEST_SHARE) * len(changes))]])
    field = enter(features, changes, as_of, methods or METHODS, seed)
    slugs = sorted(projects) if projects else list(history.projects)
    return Examined(features, changes, as_of, field, slugs, seed, load_weight).report()


def _chosen_changes(history: History, projects: Sequence[str] | None) -> np.ndarray:
    changes = history.reviewed_changes()
    if projects is not None:
        unknown = sorted(set(projects) - set(history.projects))
        if unknown:
            raise ValueError(f"There is no project called {unknown[0]}.")
        rows = [history.projects.index(slug) for slug in projects]
        changes = changes[np.isin(history.project[changes], rows)]
    if len(changes) < FEWEST_CHANGES:
        raise TooLittle(
            "Only %(count)s reviewed changes: too few for a backtest.", count=len(changes)
        )
    return changes


@dataclass(frozen=True)
class Examined:
    """Everything that is asked of the test period, each pass over it made once."""

    features: PairFeatures
    changes: np.ndarray
    as_of: int
    field: Field
    projects: list[str]
    seed: int
    load_weight: float

    @property
    def history(self) -> History:
        return self.features.history

    @cached_property
    def test(self) -> np.ndarray:
        """Return the reviewed changes from the cut on: the queries, in time order."""
        return self.changes[self.history.at[self.changes] >= self.as_of]

    @cached_property
    def truth(self) -> Ragged:
        """Return who reviewed each test change."""
        return self.history.reviewers.take(self.test)

    @cached_property
    def newcomers(self) -> np.ndarray:
        """Return which test queries (positions) are newcomers'."""
        return np.flatnonzero(self.history.earlier_changes[self.test] < NEWCOMER_BELOW)

    @cached_property
    def slices(self) -> dict[str, np.ndarray]:
        """Return positions in `test` by slice."""
        return slices_of(self.history, self.changes, self.as_of, self.test)

    @cached_property
    def now(self) -> tuple[dict[str, Answers], Scored]:
        """Return the answers to all test queries, and the served chances of newcomers' pools."""
        wanted = np.zeros(len(self.test), bool)
        if SERVED in self.field.names():
            wanted[self.newcomers[-MOST_KEPT:]] = True
        keeper = ScoreKeeper(self.field.served, self.history.projects, wanted)
        queries = queries_of_changes(self.history, self.test)
        found = examine(self.features, self.field, queries, self.truth, self.seed, keeper)
        return found, keeper.kept()

    @cached_property
    def lagged(self) -> dict[str, Answers]:
        """Return the answers to newcomers when a review is known only a week later."""
        asked = self.test[self.newcomers]
        queries = queries_of_changes(self.history, asked).lagged(LAG_DAYS)
        truth = self.truth.take(self.newcomers)
        return examine(self.features, self.field, queries, truth, self.seed)

    def report(self) -> dict:
        """Return the whole report."""
        return {
            "task": "mentors",
            "projects": self.projects,
            "data_hash": self.history.data_hash,
            "seed": self.seed,
            "split": {
                "test_from": self.as_of,
                "train": len(self.changes) - len(self.test),
                "test": len(self.test),
            },
            "sources": {slug: self.field.served.source_for(slug) for slug in self.projects},
            "pool": self._pools(),
            "methods": self._methods(),
            "gaps": self._gaps(),
            "load": self._load(),
            "reliability": self._reliability(),
            "failures": self._failures(),
        }

    def _methods(self) -> dict[str, dict]:
        people = self.history.author[self.test]
        answers, _ = self.now
        report: dict[str, dict] = {name: {} for name in answers}
        for label, rows in self.slices.items():
            _add(report, label, summarise(taken(answers, rows), people[rows], self.seed))
        _add(report, "lagged", summarise(self.lagged, people[self.newcomers], self.seed))
        _add(report, "mentored", self._mentored())
        _add(report, "load", self._load_of(np.arange(len(self.test))))
        project = self.history.project[self.test[self.newcomers]]
        news = taken(answers, self.newcomers)
        _add(report, "per_project", per_project(news, people[self.newcomers], project, self.seed))
        return report

    def _mentored(self) -> dict[str, dict]:
        """Return the figures of explicit pairs; {} where the test period names no mentor."""
        asked, mentors = mentors_named(self.history, self.test)
        if not len(asked):
            return {}
        queries = queries_of_changes(self.history, asked)
        answers = examine(self.features, self.field, queries, mentors, self.seed)
        return summarise(answers, self.history.author[asked], self.seed)

    def _pools(self) -> dict:
        answers, _ = self.now
        names = {"served": SERVED, "protocol": self._on_protocol_pool()}
        return {
            label: {
                name: {
                    "mean_size": _mean(answers[method].pool_size[self.slices[name]]),
                    "covered": _mean(answers[method].covered[self.slices[name]]),
                }
                for name in ("all", "newcomers", "first_change")
            }
            for label, method in names.items()
            if method in answers
        }

    def _on_protocol_pool(self) -> str | None:
        return next((one.name for one in self.field.of_pool(is_served=False)), None)

    def _gaps(self) -> dict[str, dict]:
        """Return per served model and project the gap to the best simple ranking there."""
        answers, _ = self.now
        people = self.history.author[self.test]
        report: dict[str, dict] = {}
        for one in self.field.of_pool(is_served=True):
            found = {
                label.removeprefix(PROJECT): gap_to_simple(
                    one.name, taken(answers, rows), people[rows], self.seed
                )
                for label, rows in self.slices.items()
                if label.startswith(PROJECT)
            }
            report[one.name] = {slug: gap for slug, gap in found.items() if gap is not None}
        return report

    @cached_property
    def _loads(self) -> Loads:
        tested = np.unique(self.history.project[self.test])
        people = could_be_asked(self.history, tested, self.as_of)
        return Loads(self.history.at[self.test], people)

    def _load_of(self, rows: np.ndarray) -> dict[str, dict]:
        answers, _ = self.now
        return {name: self._loads.of_first(found.first, rows) for name, found in answers.items()}

    def _load(self) -> dict:
        """Return the load of real history, that of newcomers' queries, and what sharing costs."""
        _, scored = self.now
        news, loads = self.newcomers, self._loads
        lists = scored.lists(self.history, self.test, np.diff(self.truth.ptr))
        divided = shares_load(self.history, self.as_of)
        shared = SharedLoad(lists, divided, self.load_weight)
        newcomers = {"history": loads.of_history(self.truth, news), **self._load_of(news)}
        if SERVED in newcomers and len(lists) == len(news):
            newcomers[SHARED] = Loads(lists.at, loads.people).of_first(shared.first)
        rows = {n: np.flatnonzero(np.isin(scored.query, self.slices[n])) for n in CURVE_SLICES}
        return {
            "people": loads.people,
            "history": loads.of_history(self.truth),
            "newcomers": newcomers,
            "weight": self.load_weight,
            "projects": [self.history.projects[row] for row in shared.projects()],
            "curve": shared.curve(rows),
        }

    def _reliability(self) -> dict[str, list]:
        """Return how often the first suggestion was right, by the chance it was given."""
        _, scored = self.now
        if not len(scored):
            return {}
        asked = np.flatnonzero(np.diff(scored.ptr))
        owner = np.repeat(np.arange(len(scored)), np.diff(scored.ptr))
        order = np.lexsort((scored.candidate, -scored.chance, owner))
        best = order[scored.ptr[asked]]
        points = reliability(scored.is_true[best], scored.chance[best])
        return {SERVED: [rounded(point) for point in points]}

    def _failures(self) -> dict:
        answers, _ = self.now
        names = {"served": SERVED, "protocol": self._on_protocol_pool()}
        return {
            "methods": self.field.failures,
            "projects": self._silent_projects(),
            "queries": {
                label: {
                    "no_candidate": int((answers[method].pool_size == 0).sum()),
                    "mentor_outside_pool": int((~answers[method].covered).sum()),
                }
                for label, method in names.items()
                if method in answers
            },
        }

    def _silent_projects(self) -> dict[str, str]:
        """Return the projects about which nothing can be said, and why."""
        history, found = self.history, {}
        for slug in self.projects:
            row = history.projects.index(slug)
            if f"{PROJECT}{slug}" in self.slices:
                continue
            if (history.project[self.test] == row).any():
                found[slug] = "no_newcomer_query"
            elif (history.project[self.changes] == row).any():
                found[slug] = "no_query_in_test_period"
            else:
                found[slug] = "no_reviewed_change"
        return found


def _add(report: dict[str, dict], label: str, by_method: Mapping[str, dict]) -> None:
    for name, found in by_method.items():
        report[name][label] = found


def _mean(values: np.ndarray) -> float | None:
    return number(values.mean()) if len(values) else None
