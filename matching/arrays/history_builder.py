"""Plain rows in any order -> a `History` that is the same whatever the order was."""

import re
from collections.abc import Collection, Hashable, Iterable

import numpy as np

from matching.arrays.history import UNKNOWN_OFFSET, History, Ragged

REVIEW_KINDS = ("reviewed", "acked", "approved", "mentored")
LINK_KINDS = ("co_authored", "sponsored", "helped", "tested")
MAX_PREFIXES = 400
MAX_DEPTH = 10
MAX_WORDS = 32
WORD = re.compile(r"[A-Z]?[a-z]{2,}[0-9]*|[A-Z]{2,}[0-9]*(?![a-z])")
STOP_WORDS = frozenset(
    """
    the and for from with into that this not use add fix adds fixes added fixed make pull request
    merge merged update updates updated remove removed revert when all new some more only
    an of to in on by is as it if or at be we no so do up its are was has can
    """.split()
)


def words_of(text: str) -> set[str]:
    """Return the distinct lower-case words of a subject or a skill; camelCase is taken apart."""
    found = {match.lower() for match in WORD.findall(text)}
    return found - STOP_WORDS


def prefixes_of(paths: Iterable[str], known: dict[str, tuple[str, ...]]) -> set[str] | list[str]:
    """Return every folder and file that paths lie in or are; ``known`` remembers path by path.

    Of a sweep only the folders nearest the top: it makes nobody an expert of each file.
    """
    found: set[str] = set()
    for path in paths:
        if path not in known:
            parts = path.split("/")[:MAX_DEPTH]
            known[path] = tuple("/".join(parts[: depth + 1]) for depth in range(len(parts)))
        found.update(known[path])
    if len(found) > MAX_PREFIXES:
        return sorted(found, key=lambda name: (name.count("/"), name))[:MAX_PREFIXES]
    return found


def stretch_of(paths: Collection[str], path_count: int | None) -> float:
    """Return how many times more paths were touched than are told; 1 where all are."""
    return max(path_count / len(paths), 1.0) if path_count and paths else 1.0


class Names:
    """Names numbered as they come; `sorted_rows` later renumbers them alphabetically."""

    def __init__(self) -> None:
        self.rows: dict = {}
        self.names: list = []

    def number(self, name: Hashable) -> int:
        """Return the number of a name, a new one if it was not seen before."""
        row = self.rows.setdefault(name, len(self.names))
        if row == len(self.names):
            self.names.append(name)
        return row

    def in_order(self) -> tuple[tuple, np.ndarray]:
        """Return the sorted names, and for each provisional number its place among them."""
        names = sorted(self.rows)
        place = np.empty(len(names), np.int32)
        place[[self.rows[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        return tuple(names), place


class HistoryBuilder:
    """Collects rows and builds the arrays.

    Keys of people must be sortable among themselves (all int or all str), as must those of
    changes. Leave bots out: pass `author=None` for a bot's change, and do not add a bot's review.
    """

    def __init__(self) -> None:
        self._people, self._projects, self._organisations = Names(), Names(), Names()
        self._prefixes, self._words, self._languages = Names(), Names(), Names()
        self._prefixes_of_path: dict[str, tuple[str, ...]] = {}
        self._change_rows: dict[Hashable, int] = {}
        self._changes: list[tuple] = []
        self._stretch: list[float] = []
        self._change_prefixes: list[Iterable[int]] = []
        self._change_words: list[Iterable[int]] = []
        self._change_languages: list[Iterable[int]] = []
        self._reviews: list[tuple] = []
        self._links: list[tuple] = []
        self._others: list[tuple] = []
        self._organisations.number("")

    def add_change(
        self,
        key: Hashable,
        project: str,
        author: Hashable | None,
        at: int,
        paths: Collection[str] = (),
        subject: str = "",
        is_merge: bool = False,
        *,
        organisation: str = "",
        offset_minutes: int | None = None,
        languages: Iterable[str] = (),
        path_count: int | None = None,
    ) -> None:
        """Take in one landed change; `at` in seconds, ValueError if the key came before.

        `path_count` says how many paths it touched where `paths` are only the first of them.
        """
        if key in self._change_rows:
            raise ValueError(f"Change {key} was added twice.")
        self._change_rows[key] = len(self._changes)
        self._stretch.append(stretch_of(paths, path_count))
        project_row = self._projects.number(project)
        author_row = -1 if author is None else self._people.number(author)
        offset = UNKNOWN_OFFSET if offset_minutes is None else offset_minutes
        org = self._organisations.number(organisation)
        self._changes.append((key, project_row, author_row, int(at), is_merge, offset, org))
        self._change_prefixes.append(self._prefix_rows(project, paths))
        self._change_words.append([self._words.number(word) for word in words_of(subject)])
        self._change_languages.append({self._languages.number(name) for name in languages})

    def add_review(
        self, key: Hashable, reviewer: Hashable, kind: str = "reviewed", at: int | None = None
    ) -> None:
        """Take in one review of a change; known when the change lands, or at `at` if later."""
        kind_row = REVIEW_KINDS.index(kind)
        self._reviews.append((key, self._people.number(reviewer), kind_row, at))

    def add_link(self, key: Hashable, person: Hashable, kind: str, at: int | None = None) -> None:
        """Take in a co-author, sponsor, helper or tester of a change."""
        self._links.append((key, self._people.number(person), LINK_KINDS.index(kind), at))

    def add_activity(self, person: Hashable, project: str, at: int) -> None:
        """Take in anything else that somebody did in a project (an answer, triage, a talk)."""
        self._others.append((self._people.number(person), self._projects.number(project), int(at)))

    def build(self) -> History:
        """Return the history; KeyError if a review or link names a change that never came."""
        people, person_place = self._people.in_order()
        projects, project_place = self._projects.in_order()
        order = self._order(project_place)
        texts = self._texts(order, projects)
        arrays = self._change_arrays(order, person_place, project_place)
        row_of = np.argsort(order)
        at = arrays["at"]
        arrays |= self._events("review", self._reviews, row_of, at, person_place)
        arrays |= self._events("link", self._links, row_of, at, person_place)
        arrays |= self._other_events(person_place, project_place)
        return History(
            projects=projects,
            people=people,
            change_keys=tuple(self._changes[row][0] for row in order),
            organisations=self._organisations.in_order()[0],
            stretch=np.array(self._stretch, np.float64)[order],
            **texts,
            **arrays,
        )

    def _order(self, project_place: np.ndarray) -> np.ndarray:
        """Return the changes by time, then project, then key."""
        keys, project, _, at, *_ = _columns(self._changes, 7)
        rank = np.empty(len(keys), np.int64)
        rank[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
        places = project_place[np.array(project, np.int64)]
        return np.lexsort((rank, places, np.array(at, np.int64)))

    def _change_arrays(self, order, person_place, project_place) -> dict[str, np.ndarray]:
        _, project, author, at, merge, offset, organisation = _columns(self._changes, 7)
        author = np.array(author, np.int64)[order]
        organisation_place = self._organisations.in_order()[1]
        return {
            "project": project_place[np.array(project, np.int64)][order].astype(np.int32),
            "author": np.where(author < 0, -1, np.append(person_place, -1)[author]).astype(
                np.int32
            ),
            "at": np.array(at, np.int64)[order],
            "is_merge": np.array(merge, bool)[order],
            "offset": np.array(offset, np.int16)[order],
            "organisation": organisation_place[np.array(organisation, np.int64)][order],
        }

    def _texts(self, order: np.ndarray, projects: tuple[str, ...]) -> dict:
        """Return paths, words and languages of the changes, with their names in order."""
        prefixes, prefix_keys = _renumbered(self._change_prefixes, self._prefixes, order)
        words, word_names = _renumbered(self._change_words, self._words, order)
        languages, language_names = _renumbered(self._change_languages, self._languages, order)
        project_rows = {slug: row for row, slug in enumerate(projects)}
        return {
            "prefixes": prefixes,
            "prefix_names": tuple(name for _, name in prefix_keys),
            "prefix_project": np.array([project_rows[slug] for slug, _ in prefix_keys], np.int32),
            "words": words,
            "word_names": word_names,
            "languages": languages,
            "language_names": language_names,
        }

    def _prefix_rows(self, project: str, paths: Iterable[str]) -> list[int]:
        names = prefixes_of(paths, self._prefixes_of_path)
        return [self._prefixes.number((project, name)) for name in names]

    def _events(self, name, rows, row_of, at, person_place) -> dict[str, np.ndarray]:
        change = np.fromiter((self._change_rows[row[0]] for row in rows), np.int64, len(rows))
        change = row_of[change] if len(rows) else change
        person = person_place[np.fromiter((row[1] for row in rows), np.int64, len(rows))]
        kind = np.fromiter((row[2] for row in rows), np.int8, len(rows))
        said = np.fromiter((0 if row[3] is None else row[3] for row in rows), np.int64, len(rows))
        known = np.maximum(said, at[change]) if len(rows) else said
        order = np.lexsort((kind, person, change, known))
        return {
            f"{name}_change": change[order].astype(np.int32),
            f"{name}_person": person[order].astype(np.int32),
            f"{name}_kind": kind[order],
            f"{name}_at": known[order],
        }

    def _other_events(self, person_place, project_place) -> dict[str, np.ndarray]:
        person, project, at = _columns(self._others, 3)
        person = person_place[np.array(person, np.int64)]
        project = project_place[np.array(project, np.int64)]
        at = np.array(at, np.int64)
        order = np.lexsort((person, project, at))
        return {
            "other_person": person[order].astype(np.int32),
            "other_project": project[order].astype(np.int32),
            "other_at": at[order],
        }


def _columns(rows: list[tuple], width: int) -> tuple:
    return tuple(zip(*rows, strict=True)) if rows else ((),) * width


def _renumbered(rows: list, names: Names, order: np.ndarray) -> tuple[Ragged, tuple]:
    """Return the rows in the given order, each number replaced by its alphabetical place."""
    sorted_names, place = names.in_order()
    ragged = Ragged.of(rows).take(order)
    return Ragged(ragged.ptr, place[ragged.ids]).ascending(), sorted_names
