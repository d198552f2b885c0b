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
