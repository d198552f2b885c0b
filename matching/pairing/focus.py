"""One project's part of a large history: what its queries may ask of, and nothing else.

A query asks of its own project everything, and of the others what people of its own did there,
wrote, reviewed or were helped with. So the events of millions of changes need not be filed at once.
Small histories are never parted. In a part all numbers keep their order and all features their
values, but for those of words (`word_…`), which are then weighed among the part's own changes; and
where a crowd is searched, who was found by a word may be somebody else.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.arrays.history import History, Ragged
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.pool import ACTIVE_DAYS, Pairs
from matching.pairing.queries import Queries

LARGE = 200_000
"""Histories of more changes than this are worked on one project at a time."""
GONE = -1


def is_large(history: History) -> bool:
    """Return whether a history is worked on in parts; not if one project is most of it."""
    if history.n_changes <= LARGE:
        return False
    return 2 * int(np.bincount(history.project).max()) <= history.n_changes


@dataclass(frozen=True)
class Part:
    """A part of a history, and the rows of the whole that its own numbers stand for, ascending.

    Words keep their numbers: also one that the part never heard may be asked about.
    """

    history: History
    people: np.ndarray
    prefixes: np.ndarray

    @classmethod
    def around(cls, whole: History, project: int, also: Sequence[int] = ()) -> "Part":
        """Return the part around a project (row), and around some more people (rows)."""
        inside = _people_in(whole, project)
        inside[list(also)] = True
        own = (whole.project == project) | ((whole.author >= 0) & inside[whole.author])
        reviews = own[whole.review_change] | inside[whole.review_person]
        links = own[whole.link_change]
        others = whole.other_project == project
        kept = own.copy()
        kept[whole.review_change[reviews]] = True
        changes = np.flatnonzero(kept)
        author = whole.author[changes]
        seen = np.zeros(whole.n_people, bool)
        for people in (author[author >= 0], whole.review_person[reviews]):
            seen[people] = True
        for people in (whole.link_person[links], whole.other_person[others]):
            seen[people] = True
        return _cut(whole, changes, np.flatnonzero(seen), reviews, links, others)

    def within(self, queries: Queries) -> Queries:
        """Return queries of the whole in this part's numbers; paths it never saw are left out."""
        known = queries.author >= 0
        author = np.where(known, _places(self.people, queries.author), GONE)
        return replace(
            queries,
            author=author.astype(np.int32),
            prefixes=_renumbered(queries.prefixes, self.prefixes),
        )

    def outside(self, table: PairTable, queries: Queries) -> PairTable:
        """Return a table of this part in the numbers of the whole, as its `queries` have them."""
        candidates = self.people[table.pairs.candidate].astype(np.int32)
        return replace(table, queries=queries, pairs=Pairs(table.pairs.ptr, candidates))


class FeaturesByProject:
    """Answers as `PairFeatures` does, with the events of one project at a time in memory.

    Batches come project by project; the rows that come with each say which queries they hold.
    """

    def __init__(self, history: History) -> None:
        self.history = history

    def tables(
        self, queries: Queries, returning_days: int = ACTIVE_DAYS
    ) -> Iterator[tuple[np.ndarray, PairTable]]:
        """Yield batches: the rows of `queries` they cover, and their table."""
        for project in np.unique(queries.project).tolist():
            mine = np.flatnonzero(queries.project == project)
            asked = queries.take(mine)
            part = Part.around(self.history, project, asked.author[asked.author >= 0].tolist())
            features = PairFeatures(part.history)
            for rows, table in features.tables(part.within(asked), returning_days):
                yield mine[rows], part.outside(table, asked.take(rows))


def _people_in(whole: History, project: int) -> np.ndarray:
    """Return for everybody whether they ever did anything in the project."""
    inside = np.zeros(whole.n_people, bool)
    here = whole.project == project
    author = whole.author[here]
    inside[author[author >= 0]] = True
    inside[whole.review_person[here[whole.review_change]]] = True
    inside[whole.link_person[here[whole.link_change]]] = True
    inside[whole.other_person[whole.other_project == project]] = True
    return inside


def _cut(whole: History, changes, people, reviews, links, others) -> Part:
    """Return the part of some changes and people (rows), with the chosen events."""
    change_of = _numbers(changes, whole.n_changes)
    person_of = _numbers(people, whole.n_people)
    author = whole.author[changes]
    prefixes, known_prefixes = whole.prefixes.take(changes).used_only(len(whole.prefix_names))
    flat = ("project", "at", "is_merge", "offset", "organisation", "stretch")
    history = replace(
        whole,
        people=_keys(whole.people, people),
        change_keys=_keys(whole.change_keys, changes),
        author=np.where(author >= 0, person_of[author], GONE).astype(np.int32),
        **{name: getattr(whole, name)[changes] for name in flat},
        prefixes=prefixes,
        prefix_names=tuple(whole.prefix_names[row] for row in known_prefixes.tolist()),
        prefix_project=whole.prefix_project[known_prefixes],
        words=whole.words.take(changes),
        languages=whole.languages.take(changes),
        **_events(whole, "review", reviews, change_of, person_of),
        **_events(whole, "link", links, change_of, person_of),
        other_person=person_of[whole.other_person[others]],
        other_project=whole.other_project[others],
        other_at=whole.other_at[others],
    )
    return Part(history, people, known_prefixes)


def _events(whole: History, name: str, chosen: np.ndarray, change_of, person_of) -> dict:
    return {
        f"{name}_change": change_of[getattr(whole, f"{name}_change")[chosen]],
        f"{name}_person": person_of[getattr(whole, f"{name}_person")[chosen]],
        f"{name}_kind": getattr(whole, f"{name}_kind")[chosen],
        f"{name}_at": getattr(whole, f"{name}_at")[chosen],
    }


def _numbers(rows: np.ndarray, size: int) -> np.ndarray:
    """Return for each row of the whole its number among `rows`, `GONE` elsewhere."""
    numbers = np.full(size, GONE, np.int32)
    numbers[rows] = np.arange(len(rows), dtype=np.int32)
    return numbers


def _keys(keys: Sequence, rows: np.ndarray) -> Sequence:
    """Return the keys at some rows, in a sequence of the same kind."""
    found = [keys[row] for row in rows.tolist()]
    return array(keys.typecode, found) if isinstance(keys, array) else tuple(found)


def _renumbered(rows: Ragged, known: np.ndarray) -> Ragged:
    """Return the rows in the numbers of what is known, without the rest."""
    place = _places(known, rows.ids)
    kept = place >= 0
    ptr = np.append(0, np.cumsum(kept))[rows.ptr]
    return Ragged(ptr, place[kept].astype(np.int32))


def _places(known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return where each value stands among those known (ascending), `GONE` where it does not."""
    if not len(known):
        return np.full(len(values), GONE)
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[place] == values, place, GONE)
