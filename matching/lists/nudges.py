"""What moves mentors held for alike against each other: wishes, load, and in a random share luck.

A nudge is a weight in natural logarithms on the chance that the ranking gives. Here it is said
what the nudged list shows: a share of the pool for each, and what each reason adds to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from matching.ranking.attribution import log_mean

NEAR = 0.2
"""Chances nearer than this (natural logarithms) may change places in the unflagged share."""
FAR = 50.0
"""A base further above its score (natural logarithms) is not told: nothing but noise is there."""
UNFLAGGED_SEED = 20_240_701


@dataclass(frozen=True)
class Nudge:
    """A reason beside the work: its code, its weight, and the facts that a page shows."""

    code: str
    weight: float
    value: float = 0.0
    evidence: dict = field(default_factory=dict)


@lru_cache(maxsize=2**16)
def is_unflagged(person: int, share: float) -> bool:
    """Does this mentee (primary key) belong to the share that fit alone orders? Always the same."""
    return bool(np.random.default_rng([UNFLAGGED_SEED, person]).random() < share)


def luck(person: int, count: int) -> np.ndarray:
    """Return a mentee's own draw for near ties, shape (count,), from 0 to `NEAR`."""
    return np.random.default_rng([UNFLAGGED_SEED + 1, person]).uniform(0, NEAR, count)


@dataclass(frozen=True)
class Shares:
    """Of one suggestion: base + sum of parts + sum of nudges = score, a share of the pool."""

    score: float
    base: float
    parts: tuple[float, ...]
    nudges: tuple[float, ...]


class Nudged:
    """The list of one mentee after all nudges.

    `chances` are shares of the whole pool by the ranking alone, best first; those after the last
    are not nudged. `nudges` has the nudges of each.
    """

    def __init__(self, chances: Sequence[float], nudges: Sequence[Collection[Nudge]]) -> None:
        self.chances = np.asarray(chances, float)
        self.nudges = nudges
        self.weights = np.array([sum(one.weight for one in each) for each in nudges])
        self.total = 1 + float(self.chances @ np.expm1(self.weights))
        """What the pool's shares add up to after the nudges."""

    def order(self) -> list[int]:
        """Return the places in `chances`, best first; ties keep their order."""
        raised = self.chances * np.exp(self.weights)
        return np.argsort(-raised, kind="stable").tolist()

    @cached_property
    def final(self) -> np.ndarray:
        """Return the shares of the pool after all nudges, in the order of `chances`."""
        return self.chances * np.exp(self.weights) / self.total

    def shares(self, place: int, parts: Sequence[float], *, is_log: bool) -> Shares:
        """Say what adds up to the share of one suggestion.

        `parts` add up from the pool's median to the ranking's own score: in natural logarithms
        (`is_log`, a model), or as a plain sum (a simple ranking), then in parts of its chance.
        """
        score = float(self.final[place])
        weights = [one.weight for one in self.nudges[place]]
        if is_log:
            raised = np.array([*parts, *weights])
            added = log_mean(score, score * np.exp(min(-raised.sum(), FAR))) * raised
        else:
            steps = np.exp(np.cumsum([0.0, *weights]))
            share = self.chances[place] / self.total
            added = np.array([*(np.array(parts) / self.total), *(share * np.diff(steps))])
        return Shares(
            score,
            score - float(added.sum()),
            tuple(added[: len(parts)].tolist()),
            tuple(added[len(parts) :].tolist()),
        )
