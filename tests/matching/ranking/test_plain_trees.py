"""Boosted trees as plain arrays: the sums of the library, or a refusal."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from matching.ranking import plain_trees
from matching.ranking.plain_trees import PlainTrees


def boosted(X: np.ndarray, y: np.ndarray, **options) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(early_stopping=False, random_state=0, **options).fit(X, y)


@pytest.fixture(scope="module")
def some():
    """Trees of many rounds, and rows to ask them about."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 5)).astype(np.float32)
    return PlainTrees.of(boosted(X, X[:, 0] + rng.normal(size=400) > 0, max_iter=60)), X


def test_a_row_is_told_the_same_alone_and_among_others(some):
    trees, X = some
    alone = [trees.decision_function(row[None])[0] for row in X]
    np.testing.assert_array_equal(trees.decision_function(X), alone)


def test_a_row_that_is_left_over_is_told_the_same_as_well(some, monkeypatch):
    trees, X = some
    whole = trees.decision_function(X)
    monkeypatch.setattr(plain_trees, "ROWS", 133)  # 400 is three times so many, and one
    np.testing.assert_array_equal(trees.decision_function(X), whole)


def column(*values: float) -> np.ndarray:
    """Each value a hundred times."""
    return np.repeat(np.array(values, np.float32), 100)[:, None]


@pytest.mark.parametrize("values", [(-np.inf, 1, 2, np.inf), (np.nan, 1, 2, np.inf), (np.nan, 1)])
def test_trees_that_split_off_what_is_infinite_or_missing_are_written_down_exactly(values):
    X = column(*values)
    boosting = boosted(X, ~np.isfinite(X[:, 0]), max_iter=3)
    told = PlainTrees.of(boosting).decision_function(X)
    np.testing.assert_array_equal(told, boosting.decision_function(X))


def test_trees_whose_last_threshold_is_no_number_are_refused():
    # More values than are told apart one by one, so that the library takes means of infinities.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 1)).astype(np.float32)
    X[:150] = column(np.nan, np.inf, -np.inf)[::2]
    with np.errstate(invalid="ignore"):
        boosting = boosted(
            X, (rng.random(500) < 0.3) | np.isinf(X[:, 0]), max_iter=3, min_samples_leaf=2
        )
    nodes = [round_[0].nodes for round_ in boosting._predictors]
    assert np.isnan(np.concatenate(nodes)["num_threshold"]).any()
    with pytest.raises(ValueError, match="split at a number"):
        PlainTrees.of(boosting)
