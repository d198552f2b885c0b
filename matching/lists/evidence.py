"""A fact behind a reason, to be checked: only numbers and names of paths and words."""

from typing import NamedTuple

import numpy as np

MOST_CHANGES = 5


class Evidence(NamedTuple):
    """A fact behind a reason: `count` events under a name, the first and last (seconds), and
    rows of `History` of the newest changes."""

    name: str
    count: int
    first_at: int
    last_at: int
    changes: tuple[int, ...]

    @classmethod
    def of(cls, name: str, at: np.ndarray, changes: np.ndarray) -> "Evidence":
        """Return what some events say; there is at least one."""
        if (at[1:] < at[:-1]).any():
            order = np.argsort(at, kind="stable")
            at, changes = at[order], changes[order]
        newest = changes[: -MOST_CHANGES - 1 : -1]
        return cls(name, len(at), int(at[0]), int(at[-1]), tuple(newest.tolist()))


def some(name: str, at: np.ndarray, changes: np.ndarray) -> tuple[Evidence, ...]:
    """Return the evidence of some events, () where there is none."""
    return (Evidence.of(name, at, changes),) if len(at) else ()
