"""Facts as plain arrays, as they were told: people as identities, nothing dated or withdrawn out.

Append-only like the tables they are read from, so that new facts are added without reading the
old ones. Who is who, what was withdrawn and up to when facts count is decided where they become a
`History` (``assembly.py``).
"""

from dataclasses import dataclass, fields

import numpy as np

from matching.arrays.history import Ragged

NOBODY = -1
NO_NUMBER = -1
NEVER = np.iinfo(np.int64).max
OTHER, COMMIT, PULL_REQUEST = 0, 1, 2


@dataclass(frozen=True)
class Facts:
    """Changes by ascending key and activities by ascending key; names are sorted.

    ``at`` in seconds, `NEVER` where nothing landed. ``stretch`` is that of `History`. ``prefixes``,
    ``words`` and ``languages`` are empty for what is no commit. Activities that a change tells
    already are left out.
    """

    key: np.ndarray
    repository: np.ndarray
    author: np.ndarray
    at: np.ndarray
    sort: np.ndarray
    pull_request: np.ndarray
    is_merge: np.ndarray
    offset: np.ndarray
    stretch: np.ndarray
    prefixes: Ragged
    prefix_names: tuple[str, ...]
    words: Ragged
    word_names: tuple[str, ...]
    languages: Ragged
    language_names: tuple[str, ...]
    done_key: np.ndarray
    done_change: np.ndarray
    done_by: np.ndarray
    done_kind: np.ndarray
    done_at: np.ndarray
    kind_names: tuple[str, ...]

    def __add__(self, later: "Facts") -> "Facts":
        """Return the facts of both; every key of ``later`` is above those here."""
        joined = {}
        for names, numbers in NAMED.items():
            joined |= _joined_names(self, later, names, numbers)
        for field in fields(Facts):
            if field.name not in joined:
                both = getattr(self, field.name), getattr(later, field.name)
                joined[field.name] = np.concatenate(both)
        return Facts(**joined)


NAMED = {
    "prefix_names": "prefixes",
    "word_names": "words",
    "language_names": "languages",
    "kind_names": "done_kind",
}


def _joined_names(one: Facts, other: Facts, names: str, numbers: str) -> dict:
    """Return the names of both in order, and the rows of both renumbered."""
    known, more = getattr(one, names), getattr(other, names)
    fresh = sorted(set(more).difference(known))
    together = tuple(sorted([*known, *fresh])) if fresh else known
    row_of = {name: row for row, name in enumerate(together)}
    parts = []
    for owner, own in ((one, known), (other, more)):
        place = np.array([row_of[name] for name in own], np.int32)
        rows = getattr(owner, numbers)
        parts.append(Ragged(rows.ptr, place[rows.ids]) if isinstance(rows, Ragged) else place[rows])
    if not isinstance(parts[0], Ragged):
        return {names: together, numbers: np.concatenate(parts).astype(np.int16)}
    ptr = np.concatenate([parts[0].ptr, parts[0].ptr[-1] + parts[1].ptr[1:]])
    ids = np.concatenate([part.ids for part in parts])
    return {names: together, numbers: Ragged(ptr, ids)}
