"""What a mentor ranker learns from, and the parts that it is learned in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History
from matching.pairing.focus import FeaturesByProject
from matching.pairing.pairs import PairFeatures
from matching.pairing.pool import RETURNING_DAYS
from matching.pairing.queries import queries_of_changes
from matching.ranking.ranker import MentorRanker
from matching.ranking.sources import MODEL, SHIPPED
from matching.ranking.threads import THREADS
from matching.ranking.training_pairs import TrainingPairs, draw_each
from matching.ranking.training_parts import DRAWS, SOURCES, draw_of
from matching.ranking.travelling import TravellingRanker
from matching.ranking.trial import Trial, reciprocal_ranks

FEWEST_TRUE = 100
"""Below so many in the whole community nothing is learned at all."""
REGULAR_SHARE = 0.2
"""So much of the regulars' changes is drawn: they say less about who helps newcomers."""
MOST_CHANGES = 30_000
"""Only the newest so many are learned from: bounds time and memory of a training."""
MOST_TOGETHER = 12_000
"""Changes of a draw up to which all draws are held at once: about 50 MB each."""
NEGATIVES = 12
MOST_TRIALS = 2_000
"""The newest fifth, or so many queries, decide whether a project's model is believed."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """What all parts of one training learn from: reviewed changes, rows in time order."""

    features: PairFeatures | FeaturesByProject
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
        """Return the pairs that a member learns from; the first are kept, two parts need them.

        All are drawn in one pass over the features, and wait here until they are asked for; but
        where they are many, memory is dearer than time, and each is drawn by itself.
        """
        if number not in self._drawn:
            is_small = len(self.teaching(number)) <= MOST_TOGETHER
            self._drawn.update(self._draw_each(range(DRAWS) if is_small else (number,)))
        return self._drawn[number] if number == 0 else self._drawn.pop(number)

    def draw_slice(self, number: int, slices: int) -> list[TrainingPairs]:
        """Return what each draw keeps of a slice of the queries, nothing if it holds none.

        Joined, the slices are the draws. Each has about as many pairs, and so bounds memory.
        """
        asking, sizes = self._asking, self._pool_sizes
        begin, end = parted(sizes + 1, slices)[number : number + 2].tolist()
        if begin == end:
            return []
        passed = [int(sizes[rows[rows < begin]].sum()) for rows in asking.asked]
        return asking.draw(self.features, range(begin, end), passed)

    @cached_property
    def _asking(self) -> "_Asking":
        return _Asking.of(self, range(DRAWS))

    @cached_property
    def _pool_sizes(self) -> np.ndarray:
        """Return how many candidates each query of all draws has, which is found quickly."""
        queries = queries_of_changes(self.features.history, self._asking.known)
        return self.features.pool_sizes(queries, RETURNING_DAYS)

    @cached_property
    def _drawn(self) -> dict[int, TrainingPairs]:
        return {}

    def _draw_each(self, numbers: Sequence[int]) -> dict[int, TrainingPairs]:
        asking = _Asking.of(self, numbers)
        drawn = asking.draw(self.features, range(len(asking.known)), [0] * len(numbers))
        return dict(zip(numbers, drawn, strict=True))


@dataclass(frozen=True)
class _Asking:
    """The changes that some draws ask about: all that are `known`, and which rows each asks."""

    known: np.ndarray
    asked: list[np.ndarray]
    seeds: list[int]

    @classmethod
    def of(cls, lesson: Lesson, numbers: Sequence[int]) -> "_Asking":
        each = [lesson.teaching(number) for number in numbers]
        known = np.unique(np.concatenate(each))
        asked = [np.searchsorted(known, changes) for changes in each]
        return cls(known, asked, [lesson.seed + number for number in numbers])

    def draw(self, features: PairFeatures, rows: range, passed: list[int]) -> list[TrainingPairs]:
        """Draw from the queries at `rows`; the pairs of those before were `passed` by each draw."""
        history = features.history
        queries = queries_of_changes(history, self.known[rows.start : rows.stop])
        tables = features.tables(queries, RETURNING_DAYS)
        moved = ((rows.start + place, table) for place, table in tables)
        truth = history.reviewers.take(self.known)
        return draw_each(moved, truth, self.asked, self.seeds, NEGATIVES, passed)


def learn_part(
    lesson: Lesson,
    name: str,
    shipped: TravellingRanker | None = None,
    drawn: TrainingPairs | None = None,
) -> "MentorRanker | Trial | None":
    """Learn one part: a member, or the trial that sources rest on; None: nothing to learn from.

    Pairs that were `drawn` before need not be drawn again.

    One thread on purpose: the same numbers on every machine, and workers beside each other do
    not fight for the cores.
    """
    if not lesson.is_enough:
        return None
    number = draw_of(name)
    drawn = lesson.draw(number) if drawn is None else drawn
    if not drawn.y.any():
        return None
    with THREADS.limit(limits=1):
        if name == SOURCES:
            return _try(lesson, drawn, shipped)
        return MentorRanker(random_state=lesson.seed + number).fit(drawn)


def parted(cost: np.ndarray, parts: int) -> np.ndarray:
    """Return where parts of about the same cost begin, and where the last one ends."""
    total = np.append(0, np.cumsum(cost))
    return np.searchsorted(total, total[-1] * np.arange(parts + 1) // parts)


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
