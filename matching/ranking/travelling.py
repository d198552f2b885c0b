"""A ranker as plain numbers: arrays in, scores out, exactly those of the model it was made from.

The trees of a fitted `MentorRanker` become node arrays, its linear part three vectors. Nothing
of a library is kept, so such a model fits whatever version is installed, and loading it runs no
code. One that shall serve other communities learns from scale-free features only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import is_not
from weakref import WeakKeyDictionary

import numpy as np

from matching.pairing.feature_groups import bundles_of
from matching.pairing.pairs import PairTable
from matching.ranking.bundles import Bundled
from matching.ranking.forest import Forest
from matching.ranking.plain_trees import KINDS as OF_TREES
from matching.ranking.plain_trees import PlainTrees
from matching.ranking.softmax_linear import SoftmaxLinear, squeeze
from matching.ranking.written_down import UnfitModel, require, taken

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

OF_LINEAR = {
    "comparable": (np.bool_,),
    "linear_share": (np.float64,),
    "coef": (np.float64,),
    "mean": (np.float32, np.float64),
    "scale": (np.float32, np.float64),
}
"""What is written of a member beside its trees."""


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
        share = np.array([ranker.linear_share], float)
        trees = PlainTrees.of(ranker.trees_)
        return cls(trees, ranker.comparable_, share, linear.coef_, linear.mean_, linear.scale_)

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], prefix: str, n_features: int
    ) -> "PlainMember":
        """Return the member that is written under `prefix`; UnfitModel unless whole and sound."""
        trees = PlainTrees.from_arrays(arrays, prefix, n_features)
        member = cls(trees, **taken(arrays, prefix, OF_LINEAR))
        if len(member.comparable) != n_features:
            raise UnfitModel("The model is of another number of features.")
        share = member.linear_share
        require(len(share) == 1 and 0 <= share[0] <= 1, "linear_share")
        for name in ("coef", "mean", "scale"):
            part = getattr(member, name)
            require(len(part) == member.comparable.sum() and np.isfinite(part).all(), name)
        with np.errstate(all="ignore"):
            weights = (member.coef / member.scale).astype(np.float32)
        require((member.scale > 0).all() and np.isfinite(weights).all(), "scale")
        return member

    def mixed(self, trees: np.ndarray, squeezed: np.ndarray, ptr: np.ndarray | None) -> np.ndarray:
        """Return one score a pair of what the trees say and of its compressed columns."""
        linear = SoftmaxLinear()
        linear.coef_, linear.mean_, linear.scale_ = self.coef, self.mean, self.scale
        share = float(self.linear_share[0])
        # Column by column in memory, as a choice of columns lies there.
        straight = linear.of_squeezed(squeezed[:, self.comparable], ptr)
        return (1 - share) * trees + share * straight


_WRITTEN_DOWN: WeakKeyDictionary = WeakKeyDictionary()
"""Fitted rankers, what they had learned then, and what it was written down as."""


@dataclass(frozen=True)
class TravellingRanker:
    """The same contract as the ranker it was made from, but for the features it picks by name."""

    feature_names_: tuple[str, ...]
    members: tuple[PlainMember, ...]

    @classmethod
    def of(cls, ranker) -> "TravellingRanker":
        """Return a fitted `MentorRanker` or `RankerCommittee` as numbers, once for all who ask."""
        members = getattr(ranker, "members_", [ranker])
        learned = [
            part
            for one in members
            for part in (one.trees_._predictors, one.linear_.coef_, one.linear_share)
        ]
        known, written = _WRITTEN_DOWN.get(ranker, ([], None))
        if len(known) != len(learned) or any(map(is_not, known, learned)):  # new, or fitted anew
            written = cls(tuple(ranker.feature_names_), tuple(map(PlainMember.of, members)))
            _WRITTEN_DOWN[ranker] = learned, written
        return written

    @classmethod
    def from_arrays(
        cls, names: tuple[str, ...], arrays: Mapping[str, np.ndarray]
    ) -> "TravellingRanker":
        """Return the ranker that `arrays` describe; UnfitModel if it is not whole and sound."""
        count = len({key.partition("/")[0] for key in arrays})
        if not count:
            raise UnfitModel("The model is empty.")
        return cls(
            tuple(names),
            tuple(PlainMember.from_arrays(arrays, f"{row}/", len(names)) for row in range(count)),
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """Return everything that was learned, by name; plain numbers only."""
        return {
            f"{number}/{name}": np.asarray(getattr(part, name))
            for number, member in enumerate(self.members)
            for part, names in ((member.trees, OF_TREES), (member, OF_LINEAR))
            for name in names
        }

    def decision_function(self, X: np.ndarray, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return one score a pair from the columns `feature_names_`, in their order.

        Those of rows `ptr[i]:ptr[i + 1]` are, to the last bit, what they would be without others.
        """
        return self.score(self.told(X), ptr)

    def told(self, X: np.ndarray) -> Bundled:
        """Return rows as `score` wants them told."""
        return Bundled.of(np.asarray(X, np.float32), bundles_of(self.feature_names_))

    def score(self, rows: Bundled, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return what `decision_function` does."""
        squeezed = rows.values([squeeze(part) for part in rows.parts])
        trees = self.forest.sums(rows)
        scores = [
            member.mixed(own, squeezed, ptr)
            for member, own in zip(self.members, trees, strict=True)
        ]
        return np.mean(scores, axis=0)

    @cached_property
    def forest(self) -> Forest:
        """Return the trees of all members, to be asked together."""
        return Forest([member.trees for member in self.members])

    def score_table(self, table: PairTable, ptr: np.ndarray | None = None) -> np.ndarray:
        """Return the scores of a table; UnfitModel if a feature is not there."""
        return self.decision_function(self.read(table.names, table.values), ptr)

    def read(self, names: tuple[str, ...], values: np.ndarray) -> np.ndarray:
        """Return the columns `feature_names_` of (n, f); UnfitModel if one is not there."""
        return values[:, columns_of(names, self.feature_names_)]


@lru_cache(maxsize=16)
def columns_of(names: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray:
    """Return where the wanted features stand; UnfitModel if one is not there."""
    place = {name: column for column, name in enumerate(names)}
    if not set(wanted) <= place.keys():
        raise UnfitModel("The model was trained on other features than these.")
    return np.array([place[name] for name in wanted], np.int64)
