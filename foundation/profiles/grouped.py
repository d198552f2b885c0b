"""Columns by key, added to a part at a time. Pure: arrays in, arrays out.

A dict of a million keys takes some 300 bytes a key; these take those of their columns.
"""

from collections.abc import Mapping

import numpy as np

ENOUGH = 100_000  # rows that may wait; more where as many keys are known


class Grouped:
    """For each key, what its rows come to: each column by its own rule.

    ``rules`` are ``np.add``, ``np.minimum`` or ``np.maximum``, by column. Sums of doubles are taken
    in the order of the rows, so they are those of a plain loop to the last bit.
    """

    def __init__(self, **rules: np.ufunc):
        self.rules = rules
        self._keys = np.zeros(0, np.int64)
        self._known: Mapping[str, np.ndarray] = dict.fromkeys(rules, self._keys)
        self._waiting: list[tuple[np.ndarray, Mapping[str, np.ndarray]]] = []
        self._rows = 0

    def add(self, keys: np.ndarray, **columns: np.ndarray) -> None:
        """Add rows; columns have the length of ``keys`` and always the same types."""
        self._waiting.append((keys, columns))
        self._rows += len(keys)
        if self._rows > max(ENOUGH, len(self._keys)):  # so that a key is seldom sorted again
            self._settle()

    @property
    def keys(self) -> np.ndarray:
        """All keys, ascending."""
        self._settle()
        return self._keys

    def __getitem__(self, column: str) -> np.ndarray:
        """What a column comes to, for each of ``keys``."""
        self._settle()
        return self._known[column]

    def _settle(self) -> None:
        if not self._waiting:
            return
        parts = [(self._keys, self._known)] if len(self._keys) else []
        parts += self._waiting
        joined = np.concatenate([keys for keys, _ in parts])
        self._keys, first, row = np.unique(joined, return_index=True, return_inverse=True)
        known = {}
        for name, rule in self.rules.items():
            values = np.concatenate([columns[name] for _, columns in parts])
            known[name] = np.zeros(len(first), values.dtype) if rule is np.add else values[first]
            rule.at(known[name], row, values)
        self._known, self._waiting, self._rows = known, [], 0
