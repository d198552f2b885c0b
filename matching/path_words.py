"""The words in paths: `tests/test_vulkan.py` speaks of vulkan as a subject does.

Files that nobody touched before still share words with files that somebody reviewed.
"""

import re

import numpy as np

from matching.history import History, Ragged, expand

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])|[0-9]+")
SHORTEST = 2


class PathWords:
    """Words of paths and subjects in one space, each numbered apart for every project.

    A word that the history never heard in that project is the term `unheard`.
    """

    def __init__(self, history: History) -> None:
        self.word_names = history.word_names
        self._terms: dict[tuple[int, str], int] = {}
        projects = history.prefix_project.tolist()
        self.of_prefix = Ragged.of(
            [
                sorted(self._number(project, word) for word in words_of_path(name))
                for name, project in zip(history.prefix_names, projects, strict=True)
            ]
        )
        for project, word in _distinct_pairs(history.words, history.project)[0].T.tolist():
            self._number(project, self.word_names[word])
        self.unheard = len(self._terms)

    def _number(self, project: int, word: str) -> int:
        return self._terms.setdefault((project, word), len(self._terms))

    def in_paths(self, prefixes: Ragged) -> Ragged:
        """Return for each row of prefixes the distinct terms in their last parts."""
        return _distinct(*self._named(prefixes), len(prefixes.ptr) - 1)

    def in_texts(self, prefixes: Ragged, words: Ragged, project: np.ndarray) -> Ragged:
        """Return the terms of `in_paths` and those of the subject's words, all distinct."""
        owner, term = self._named(prefixes)
        owners = np.concatenate([owner, words.owners])
        terms = np.concatenate([term, self._spoken(words, project)])
        return _distinct(owners, terms, len(prefixes.ptr) - 1)

    def _named(self, prefixes: Ragged) -> tuple[np.ndarray, np.ndarray]:
        start, stop = self.of_prefix.ptr[prefixes.ids], self.of_prefix.ptr[prefixes.ids + 1]
        at, value = expand(start, stop)
        return prefixes.owners[value], self.of_prefix.ids[at].astype(np.int64)

    def _spoken(self, words: Ragged, project: np.ndarray) -> np.ndarray:
        """Return the term of each word in its row's project."""
        distinct, place = _distinct_pairs(words, project)
        terms = [
            self._terms.get((at, self.word_names[word]), self.unheard)
            for at, word in distinct.T.tolist()
        ]
        return np.array(terms, np.int64)[place]


def words_of_path(path: str) -> set[str]:
    """Return the distinct lower-case words of a path's last part."""
    found = WORD.findall(path.rpartition("/")[2])
    return {word.lower() for word in found if len(word) >= SHORTEST}


def _distinct_pairs(words: Ragged, project: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct (project, word) columns, shape (2, n), and each word's place in them."""
    pairs = np.stack([project[words.owners].astype(np.int64), words.ids.astype(np.int64)])
    distinct, place = np.unique(pairs, axis=1, return_inverse=True)
    return distinct, place.ravel()


def _distinct(owner: np.ndarray, term: np.ndarray, n_rows: int) -> Ragged:
    pairs = np.unique((owner.astype(np.int64) << 32) + term)
    ptr = np.searchsorted(pairs >> 32, np.arange(n_rows + 1))
    return Ragged(ptr, (pairs & 0xFFFFFFFF).astype(np.int32))
