"""One form for everybody who looks for a mentor: a change, a person's recent work, or words.

A batch holds n queries as arrays; a single person is a batch of one. Whatever asks, the
features and the model are the same.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.arrays.history import DAY, UNKNOWN_OFFSET, History, Ragged
from matching.arrays.history_builder import words_of

RECENT = 90 * DAY
MOST_RECENT_CHANGES = 20
MOST_NAMED = 50
MOST_PLACES = 10


@dataclass(frozen=True)
class Queries:
    """n queries: who asks (-1: nobody known), in which project, when, and about what.

    `as_of` is the moment (seconds): nothing from then on is seen. `label_as_of` may be earlier:
    reviews become known only until then (the lagged protocol).
    """

    author: np.ndarray
    project: np.ndarray
    as_of: np.ndarray
    label_as_of: np.ndarray
    prefixes: Ragged
    words: Ragged
    organisation: np.ndarray
    offset: np.ndarray

    def __len__(self) -> int:
        return len(self.author)

    def take(self, rows: np.ndarray) -> "Queries":
        """Return the chosen queries, in the order asked for."""
        return Queries(
            **{name: getattr(self, name)[rows] for name in _FLAT},
            prefixes=self.prefixes.take(rows),
            words=self.words.take(rows),
        )

    @classmethod
    def joined(cls, parts: Sequence["Queries"]) -> "Queries":
        """Return the queries of several batches, one after the other."""
        flat = {name: np.concatenate([getattr(one, name) for one in parts]) for name in _FLAT}
        texts = {
            name: Ragged.joined([getattr(one, name) for one in parts])
            for name in ("prefixes", "words")
        }
        return cls(**flat, **texts)

    def lagged(self, days: float) -> "Queries":
        """Return the same queries when a review is known only `days` after its change."""
        return replace(self, label_as_of=self.as_of - int(days * DAY))


_FLAT = ("author", "project", "as_of", "label_as_of", "organisation", "offset")


def queries_of_changes(history: History, changes: np.ndarray) -> Queries:
    """Return the query of each change: its author asks, the moment before it lands."""
    return Queries(
        author=history.author[changes],
        project=history.project[changes],
        as_of=history.at[changes],
        label_as_of=history.at[changes],
        prefixes=history.prefixes.take(changes),
        words=history.words.take(changes),
        organisation=history.organisation[changes],
        offset=history.offset[changes],
    )


def query_of_person(
    history: History,
    person: int,
    project: int,
    as_of: int,
    interests: Iterable[str] = (),
    mine: np.ndarray | None = None,
) -> Queries:
    """Return one query for a person: recent changes there taken together, plus stated interests.

    `person` is a row of the history, or -1 for somebody it does not know. Interests and skills
    are words, languages or paths; they stand in for work that is not there yet. `mine` are the
    person's changes before `as_of`, where they are filed; without, the whole history is searched.
    """
    if mine is None:
        mine = np.flatnonzero((history.author == person) & (history.at < as_of) & (person >= 0))
    here = mine[history.project[mine] == project]
    recent = here[history.at[here] >= as_of - RECENT][-MOST_RECENT_CHANGES:]
    recent = recent if len(recent) else here[-1:]
    prefixes = np.unique(history.prefixes.take(recent).ids)
    words = np.unique(history.words.take(recent).ids)
    stated_prefixes, stated_words = match_interests(history, project, interests)
    last = mine[-1] if len(mine) else None
    return Queries(
        author=np.array([person], np.int32),
        project=np.array([project], np.int32),
        as_of=np.array([as_of], np.int64),
        label_as_of=np.array([as_of], np.int64),
        prefixes=Ragged.of([np.union1d(prefixes, stated_prefixes).astype(int).tolist()]),
        words=Ragged.of([np.union1d(words, stated_words).astype(int).tolist()]),
        organisation=np.array([0 if last is None else history.organisation[last]], np.int32),
        offset=np.array([UNKNOWN_OFFSET if last is None else history.offset[last]], np.int16),
    )


def match_interests(
    history: History, project: int, interests: Iterable[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the prefixes of a project and the words of subjects that stated interests name.

    An interest names a part of a path ("docs", "distributed") or a language, which stands for
    the directories where it is mostly written. At most `MOST_NAMED` prefixes, nearest the top.
    """
    wanted = {interest.strip().lower() for interest in interests} - {""}
    words = wanted.union(*(words_of(interest) for interest in wanted))
    rows = np.flatnonzero(history.prefix_project == project) if words else ()
    named = [row for row in rows if _is_named(history.prefix_names[row], words)]
    named.sort(key=lambda row: (history.prefix_names[row].count("/"), row))
    prefixes = np.union1d(named[:MOST_NAMED], _places_of_languages(history, project, wanted))
    places = {word: bisect_left(history.word_names, word) for word in sorted(words)}
    found = [row for word, row in places.items() if history.word_names[row : row + 1] == (word,)]
    return prefixes.astype(np.int64), np.array(found, np.int64)


def _is_named(prefix: str, words: set[str]) -> bool:
    last = prefix.rpartition("/")[2].lower()
    return last in words or last.rpartition(".")[0] in words


def _places_of_languages(history: History, project: int, wanted: set[str]) -> np.ndarray:
    """Return the prefixes of a project touched most by changes in the wanted languages."""
    spoken = [row for row, name in enumerate(history.language_names) if name.lower() in wanted]
    if not spoken:
        return np.zeros(0, np.int64)
    owners = history.languages.owners[np.isin(history.languages.ids, spoken)]
    changes = np.unique(owners[history.project[owners] == project])
    touched, counts = np.unique(history.prefixes.take(changes).ids, return_counts=True)
    return touched[np.argsort(-counts, kind="stable")[:MOST_PLACES]]
