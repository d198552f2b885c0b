"""The words in paths: `tests/test_vulkan.py` speaks of vulkan as a subject does.

Files that nobody touched before still share words with files that somebody reviewed.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.arrays.history import History, Ragged, expand

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])|[0-9]+")
SHORTEST = 2
BITS, LOW = 32, 2**32 - 1
"""Two numbers in one: the upper bits, and the lower."""


class PathWords:
    """Words of paths and subjects in one space, each numbered apart for every project.

    A word that the history never heard in that project is the term `unheard`.
    """

    def __init__(self, history: History) -> None:
        numbers = {word: number for number, word in enumerate(history.word_names)}
        named = _words_in(history.prefix_names, numbers)
        spoken = _sorted_distinct(_codes(history.words, history.project))
        in_names = _codes(named, history.prefix_project)
        codes, terms = _numbered(np.concatenate([in_names, spoken]))
        term = terms[np.searchsorted(codes, in_names)]
        rows = np.sort((named.owners << BITS) + term) & LOW
        self.of_prefix = Ragged(named.ptr, rows.astype(np.int32))
        self.unheard = len(codes)
        heard = (codes & LOW) < len(history.word_names)
        self._codes, self._code_terms = codes[heard], terms[heard]

    def in_paths(self, prefixes: Ragged) -> Ragged:
        """Return for each row of prefixes the distinct terms in their last parts."""
        return _distinct(*self._named(prefixes), len(prefixes.ptr) - 1)

    def in_texts(self, named: Ragged, words: Ragged, project: np.ndarray) -> Ragged:
        """Return the terms `in_paths` and those of the subject's words, all distinct."""
        owners = np.concatenate([named.owners, words.owners])
        terms = np.concatenate([named.ids, self._spoken(words, project)])
        return _distinct(owners, terms, len(named.ptr) - 1)

    def _named(self, prefixes: Ragged) -> tuple[np.ndarray, np.ndarray]:
        start, stop = self.of_prefix.ptr[prefixes.ids], self.of_prefix.ptr[prefixes.ids + 1]
        at, value = expand(start, stop)
        return prefixes.owners[value], self.of_prefix.ids[at].astype(np.int64)

    def _spoken(self, words: Ragged, project: np.ndarray) -> np.ndarray:
        """Return the term of each word in its row's project."""
        asked = _codes(words, project)
        if not len(self._codes):
            return np.full(len(asked), self.unheard, np.int64)
        place = np.minimum(np.searchsorted(self._codes, asked), len(self._codes) - 1)
        return np.where(self._codes[place] == asked, self._code_terms[place], self.unheard)


def _words_in(paths: Sequence[str], numbers: dict[str, int]) -> Ragged:
    """Return for each path the numbers of its words in order; new words are numbered on."""
    place: dict[str, int] = {}
    last = [place.setdefault(path.rpartition("/")[2], len(place)) for path in paths]
    words = [
        [numbers.setdefault(word, len(numbers)) for word in _words_of_name(name)] for name in place
    ]
    return Ragged.of(words).take(np.array(last, np.int64))


def _numbered(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct values in order, and the number of each, in order of appearance."""
    distinct, first = np.unique(values, return_index=True)
    number = np.empty(len(distinct), np.int64)
    number[np.argsort(first)] = np.arange(len(distinct))
    return distinct, number


def words_of_path(path: str) -> tuple[str, ...]:
    """Return the distinct lower-case words of a path's last part, in order."""
    return _words_of_name(path.rpartition("/")[2])


@lru_cache(maxsize=2**17)
def _words_of_name(name: str) -> tuple[str, ...]:
    """Names recur in other folders, and in the next refresh."""
    return tuple(sorted({word.lower() for word in WORD.findall(name) if len(word) >= SHORTEST}))


def _codes(words: Ragged, project: np.ndarray) -> np.ndarray:
    """Return project and word of each value as one number."""
    return (project[words.owners].astype(np.int64) << BITS) + words.ids


def _distinct(owner: np.ndarray, term: np.ndarray, n_rows: int) -> Ragged:
    pairs = _sorted_distinct((owner.astype(np.int64) << BITS) + term)
    ptr = np.searchsorted(pairs >> BITS, np.arange(n_rows + 1))
    return Ragged(ptr, (pairs & LOW).astype(np.int32))


def _sorted_distinct(values: np.ndarray) -> np.ndarray:
    """Return the distinct values in order; much faster than hashing them where most differ."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
