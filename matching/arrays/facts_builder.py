"""Plain rows of facts, in the order of their keys -> `Facts`. Memory is that of the arrays."""

from collections.abc import Collection, Iterable

import numpy as np

from matching.arrays.facts import COMMIT, NEVER, NO_NUMBER, NOBODY, OTHER, PULL_REQUEST, Facts
from matching.arrays.history import UNKNOWN_OFFSET, Ragged
from matching.arrays.history_builder import Names, prefixes_of, stretch_of, words_of

SORTS = {"commit": COMMIT, "pull_request": PULL_REQUEST}
MOST_PATHS_KEPT = 400_000
CHUNK = 20_000
CHANGE = {
    "key": np.int64,
    "repository": np.int32,
    "author": np.int64,
    "at": np.int64,
    "sort": np.int8,
    "pull_request": np.int64,
    "is_merge": bool,
    "offset": np.int16,
    "stretch": np.float64,
}
DONE = {
    "done_key": np.int64,
    "done_change": np.int64,
    "done_by": np.int64,
    "done_kind": np.int16,
    "done_at": np.int64,
}


class Columns:
    """Rows become arrays a chunk at a time."""

    def __init__(self, types: dict) -> None:
        self.types, self.rows = types, []
        self.parts = [[np.zeros(0, kind)] for kind in types.values()]

    def add(self, row: tuple) -> None:
        self.rows.append(row)
        if len(self.rows) >= CHUNK:
            self._settle()

    def arrays(self) -> dict[str, np.ndarray]:
        self._settle()
        return {
            name: np.concatenate(parts) for name, parts in zip(self.types, self.parts, strict=True)
        }

    def _settle(self) -> None:
        columns = zip(*self.rows, strict=True)
        for parts, kind, values in zip(self.parts, self.types.values(), columns, strict=False):
            parts.append(np.array(values, kind))
        self.rows = []


class NamedRows:
    """Rows of names, such as the words of subjects; numbered in order at the end."""

    def __init__(self) -> None:
        self.names = Names()
        self.lengths: list[np.ndarray] = [np.zeros(1, np.int64)]
        self.ids: list[np.ndarray] = [np.zeros(0, np.int32)]
        self._rows: list[Collection[int]] = []

    def add(self, names: Iterable[str]) -> None:
        number = self.names.number
        self._rows.append([number(name) for name in names])
        if len(self._rows) >= CHUNK:
            self._settle()

    def in_order(self) -> tuple[Ragged, tuple[str, ...]]:
        """Return the rows, each ascending, and the sorted names."""
        self._settle()
        names, place = self.names.in_order()
        ragged = Ragged(np.cumsum(np.concatenate(self.lengths)), np.concatenate(self.ids))
        return Ragged(ragged.ptr, place[ragged.ids]).ascending(), names

    def _settle(self) -> None:
        part = Ragged.of(self._rows)
        self.lengths.append(np.diff(part.ptr))
        self.ids.append(part.ids)
        self._rows = []


class FactsBuilder:
    """Takes changes and activities, each in ascending order of keys."""

    def __init__(self) -> None:
        self._changes, self._done = Columns(CHANGE), Columns(DONE)
        self._prefixes, self._words, self._languages = NamedRows(), NamedRows(), NamedRows()
        self._kinds = Names()
        self._prefixes_of: dict[str, tuple[str, ...]] = {}

    def add_change(
        self,
        key: int,
        repository: int,
        kind: str,
        author: int | None,
        at: int | None,
        paths: Collection[str],
        subject: str,
        is_merge: bool,
        offset: int | None,
        pull_request: int | None,
        languages: Iterable[str],
        path_count: int | None = None,
    ) -> None:
        """Take in one change; only of commits are paths, words and languages kept."""
        sort = SORTS.get(kind, OTHER)
        self._changes.add(
            (
                key,
                repository,
                NOBODY if author is None else author,
                NEVER if at is None else at,
                sort,
                NO_NUMBER if pull_request is None else pull_request,
                is_merge,
                UNKNOWN_OFFSET if offset is None else offset,
                stretch_of(paths, path_count),
            )
        )
        is_commit = sort == COMMIT
        self._prefixes.add(self._of_paths(paths) if is_commit else ())
        self._words.add(words_of(subject) if is_commit else ())
        self._languages.add(set(languages) if is_commit else ())

    def add_activity(self, key: int, change: int, by: int, kind: str, at: int | None) -> None:
        at = NEVER if at is None else at
        self._done.add((key, change, by, self._kinds.number(kind), at))

    def build(self) -> Facts:
        prefixes, prefix_names = self._prefixes.in_order()
        words, word_names = self._words.in_order()
        languages, language_names = self._languages.in_order()
        done = self._done.arrays()
        kind_names, place = self._kinds.in_order()
        return Facts(
            **self._changes.arrays(),
            **(done | {"done_kind": place[done["done_kind"]].astype(np.int16)}),
            kind_names=kind_names,
            prefixes=prefixes,
            prefix_names=prefix_names,
            words=words,
            word_names=word_names,
            languages=languages,
            language_names=language_names,
        )

    def _of_paths(self, paths: Collection[str]) -> Collection[str]:
        if len(self._prefixes_of) > MOST_PATHS_KEPT:
            self._prefixes_of.clear()
        return prefixes_of(paths, self._prefixes_of)
