"""A ranker as plain numbers: arrays in, scores out, exactly those of the model it was made from.

The trees of a fitted `MentorRanker` become node arrays, its linear part three vectors. Nothing
of a library is kept, so such a model fits whatever version is installed, and loading it runs no
code. One that shall serve other communities learns from scale-free features only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.distinct import of_distinct
from matching.pairs import PairTable
from matching.plain_trees import PlainTrees
from matching.softmax_linear import SoftmaxLinear

SCALE_FREE_ENDINGS = (":share", ":rank", ":top")
SCALE_FREE_BEGINNINGS = (
    "days_since_",
    "path_",
    "file_",
    "word_",
    "text_",
    "was_last_reviewer",
    "same_organisation",
    "hours_apart",
)
"""Shares, ages and yes-or-no: what means the same in a community of ten and of ten thousand."""


def scale_free(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features that travel, in their order: no raw counts."""
    return tuple(
        name
        for name in names
        if name.endswith(SCALE_FREE_ENDINGS) or name.startswith(SCALE_FREE_BEGINNINGS)
    )


@dataclass(frozen=True)
class PlainMember:
    """One ranker of a committee: trees, and a linear part over some of the columns."""

    trees: PlainTrees
    comparable: np.ndarray
    linear_share: np.ndarray
    coef: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, ranker) -> "PlainMember":
        """Return a fitted `MentorRanker` as numbers."""
        linear = ranker.linear_
        share = np.array([ranker.linear_share])
        trees = PlainTrees.of(ranker.trees_)
        return cls(trees, ranker.comparable_, share, linear.coef_, linear.mean_, linear.scale_)

    def decision_function(self, X: np.ndarray, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return one score a pair, more is better; `ptr` is that of `MentorRanker`."""
        linear = SoftmaxLinear()
        linear.coef_, linear.mean_, linear.scale_ = self.coef, self.mean, self.scale
        share = float(self.linear_share[0])
        straight = linear.decision_function(X[:, self.comparable], ptr)
        ask = self.trees.decision_function
        return (1 - share) * (ask(X) if ptr is None else of_distinct(ask, X)) + share * straight


@dataclass(frozen=True)
class TravellingRanker:
    """The same contract as the ranker it was made from, but for the features it picks by name."""

    feature_names_: tuple[str, ...]
    members: tuple[PlainMember, ...]

    @classmethod
    def of(cls, ranker) -> "TravellingRanker":
        """Return a fitted `MentorRanker` or `RankerCommittee` as numbers."""
        members = getattr(ranker, "members_", [ranker])
        return cls(ranker.feature_names_, tuple(map(PlainMember.of, members)))

    @classmethod
    def from_arrays(
        cls, names: tuple[str, ...], arrays: Mapping[str, np.ndarray]
    ) -> "TravellingRanker":
        """Return the ranker that `arrays` describe; ValueError if it is not whole and sound."""
        count = len({key.partition("/")[0] for key in arrays})
        try:
            members = tuple(_member(arrays, f"{number}/") for number in range(count))
        except KeyError as error:
            raise ValueError("The model is not whole.") from error
        if not members:
            raise ValueError("The model is empty.")
        for member in members:
            member.trees.require_sound(len(names))
            if len(member.comparable) != len(names):
                raise ValueError("The model is of another number of features.")
        return cls(tuple(names), members)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return everything that was learned, by name; plain numbers only."""
        found = {}
        for number, member in enumerate(self.members):
            parts = vars(member) | vars(member.trees)
            del parts["trees"]
            found |= {f"{number}/{name}": np.asarray(value) for name, value in parts.items()}
        return found

    def decision_function(self, X: np.ndarray, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return one score a pair from the columns `feature_names_`, in their order."""
        return np.mean([member.decision_function(X, ptr) for member in self.members], axis=0)

    def score_table(self, table: PairTable, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return the scores of a table; ValueError if one of the features is not there."""
        columns = columns_of(table.names, self.feature_names_)
        return self.decision_function(table.values[:, columns], ptr)


def columns_of(names: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray:
    """Return where the wanted features stand; ValueError if one is not there."""
    place = {name: column for column, name in enumerate(names)}
    if not set(wanted) <= place.keys():
        raise ValueError("The model was trained on other features than these.")
    return np.array([place[name] for name in wanted], np.int64)


def _member(arrays: Mapping[str, np.ndarray], prefix: str) -> PlainMember:
    trees = PlainTrees(**{name: arrays[prefix + name] for name in PlainTrees.__annotations__})
    rest = [name for name in PlainMember.__annotations__ if name != "trees"]
    return PlainMember(trees, **{name: arrays[prefix + name] for name in rest})
