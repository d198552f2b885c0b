"""Whole numbers of many rows as arrays, without an object for each."""

from itertools import chain

import numpy as np
from django.db.models import QuerySet

CHUNK = 5_000


def columns(rows: QuerySet, *fields) -> np.ndarray:
    """An array for each of ``fields`` (names or expressions), shape (n_fields, n_rows).

    Fields must be whole numbers and never empty: ``Coalesce`` says what stands for nothing.
    """
    values = rows.values_list(*fields).iterator(chunk_size=CHUNK)
    return np.fromiter(chain.from_iterable(values), np.int64).reshape(-1, len(fields)).T
