"""Which rows stand for all: those of the same bits are one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matching.ranking import distinct as module
from matching.ranking.distinct import distinct

SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=8)
FEW = st.sampled_from([0.0, -0.0, 1.0, 2.0, np.nan, np.inf])


def bits(X: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in X]


@given(arrays.arrays(np.float32, SHAPES, elements=FEW))
def test_each_row_has_its_own_among_those_that_stand_for_all(X):
    first, place = distinct(X)
    assert len(first) == len(set(bits(X)))
    assert bits(X[first][place]) == bits(X)


def test_unlike_rows_that_bear_the_same_number_are_told_apart(monkeypatch):
    monkeypatch.setattr(module, "_numbers", lambda columns: np.zeros(columns.shape[1], np.uint64))
    X = np.array([[1, 2], [3, 4], [1, 2]], np.float32)
    first, place = distinct(X)
    assert sorted(X[first].tolist()) == [[1, 2], [3, 4]]
    assert X[first][place].tolist() == X.tolist()
