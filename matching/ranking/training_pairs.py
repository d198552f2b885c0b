"""The pairs that rankers learn from: every true one, and some of the others.

Several draws read one pass over the features together. Each draws the numbers that it would
have drawn alone, so it keeps the same pairs to the last one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.arrays.history import Ragged
from matching.pairing.pairs import PairTable
from matching.pairing.pool import Pairs

Tables = Iterable[tuple[np.ndarray, PairTable]]


@dataclass(frozen=True)
class TrainingPairs:
    """Pairs drawn for training, sorted by query: features, truth and query."""

    X: np.ndarray
    y: np.ndarray
    owner: np.ndarray
    names: tuple[str, ...]

    @classmethod
    def joined(cls, parts: "Sequence[TrainingPairs]") -> "TrainingPairs":
        """Return the pairs of several, sorted by query; those of a query keep their order."""
        X, y, owner = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("X", "y", "owner")
        )
        if (owner[1:] < owner[:-1]).any():
            order = np.argsort(owner, kind="stable")
            X, y, owner = X[order], y[order], owner[order]
        return cls(X, y, owner, parts[0].names)

    def before(self, query: int) -> "TrainingPairs":
        """Return the pairs of the queries before the given one; they are in time order."""
        stop = int(np.searchsorted(self.owner, query))
        return TrainingPairs(self.X[:stop], self.y[:stop], self.owner[:stop], self.names)


def is_true(pairs: Pairs, truth: Ragged) -> np.ndarray:
    """Return for each pair whether its candidate is among the true answers of its query."""
    size = 1 + max(int(pairs.candidate.max(initial=0)), int(truth.ids.max(initial=0)))
    return np.isin(
        pairs.owner * size + pairs.candidate, truth.owners * size + truth.ids.astype(np.int64)
    )


def draw_training_pairs(
    tables: Tables, truth: Ragged, negatives: int = 12, seed: int = 0
) -> TrainingPairs:
    """Keep every true pair and about `negatives` others a query; memory stays bounded.

    `truth` has one row a query, in the order that `tables` covers.
    """
    everything = np.arange(len(truth.ptr) - 1)
    return draw_each(tables, truth, [everything], [seed], negatives)[0]


def draw_each(
    tables: Tables,
    truth: Ragged,
    asked: Sequence[np.ndarray],
    seeds: Sequence[int],
    negatives: int = 12,
    passed: Sequence[int] | None = None,
) -> list[TrainingPairs]:
    """Draw pairs several times: the draw at a place learns from the queries `asked` there (sorted
    rows of `truth`), numbered from 0 among themselves. ValueError without any query.

    `tables` may begin later than `truth`: each draw has then `passed` so many pairs.
    """
    passed = [0] * len(asked) if passed is None else passed
    draws = [_Draw(*one, negatives) for one in zip(asked, seeds, passed, strict=True)]
    for rows, table in tables:
        true = is_true(table.pairs, truth.take(rows))
        for draw in draws:
            draw.see(rows, table, true)
    return [draw.pairs() for draw in draws]


@dataclass
class _Draw:
    """One draw in the making."""

    asked: np.ndarray
    seed: int
    passed: int
    negatives: int
    kept: list[tuple] = field(default_factory=list)
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.rng.bit_generator.advance(self.passed)  # one number a pair

    def see(self, rows: np.ndarray, table: PairTable, true: np.ndarray) -> None:
        """Keep what is drawn of a table; `rows` are its queries, `true` says which pairs are."""
        owner, size = table.pairs.owner, np.diff(table.pairs.ptr)
        mine = np.flatnonzero(np.isin(rows, self.asked)[owner])
        share = self.negatives / np.maximum(size[owner[mine]], 1)
        chosen = mine[true[mine] | (self.rng.random(len(mine)) < share)]
        query = np.searchsorted(self.asked, rows[owner[chosen]])
        self.kept.append((table.values[chosen], true[chosen], query))
        self.names = table.names

    def pairs(self) -> TrainingPairs:
        if not self.kept:
            raise ValueError("There is no reviewed change to learn from.")
        return TrainingPairs.joined([TrainingPairs(*part, self.names) for part in self.kept])
