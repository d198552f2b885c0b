"""Who of a crowd is worth ranking at all: a few hundred people who stand out in something.

A pool of a hundred thousand cannot be given eighty features each while somebody waits. Where a
project knows so many people, the pool of a query is the union of short lists: who reviews,
writes and helps newcomers most (found once a day of the community), and who has to do with this
very query: its author, its paths and words (found for each query, from the events alone). What
follows sees these people only. Smaller projects never come here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.arrays.history import DAY, History
from matching.pairing.content import Content
from matching.pairing.familiarity import Familiarity
from matching.pairing.pool import CandidatePool, Pairs
from matching.pairing.queries import Queries
from matching.pairing.standing import Standing

CROWD = 2_000
"""Projects that ever knew more people than this are searched before they are ranked."""
FEW = 1_000
"""So many candidates on a day are ranked whole even there."""
DAYS_KEPT = 64
STANDING_OUT, FAMILIAR, ORGANISATION = 120, 120, 60
BY_PATH, BY_WORD = 200, 100
NEWEST = 300


@dataclass(frozen=True)
class Crowd:
    """Who stands out in a project on a day: rows of people, ascending; None: few enough."""

    best: np.ndarray | None


class Retrieval:
    """Pools as `CandidatePool` gives them, and of crowds only those who stand out."""

    def __init__(
        self,
        history: History,
        pool: CandidatePool,
        standing: Standing,
        familiarity: Familiarity,
        content: Content,
    ) -> None:
        self.history, self.pool, self.standing = history, pool, standing
        self.familiarity, self.content = familiarity, content
        self._crowds: dict[tuple, Crowd] = {}

    def pairs(self, queries: Queries, returning_days: int, community_days: int = 0) -> Pairs:
        """Return the pairs of a batch, candidates in ascending order."""
        best = self._bests(queries, returning_days, community_days)
        if not best:
            return self.pool.pairs(queries, returning_days, community_days)
        whole = np.setdiff1d(np.arange(len(queries)), list(best))
        found = self.pool.pairs(queries.take(whole), returning_days, community_days)
        n = self.history.n_people
        codes = np.concatenate(
            [
                whole[found.owner] * n + found.candidate,
                self._outstanding(queries, best, returning_days, community_days),
            ]
        )
        return Pairs.of_codes(np.sort(codes), len(queries), n)

    def most_candidates(self, queries: Queries) -> np.ndarray:
        """Return for each query roughly how many candidates it has at most."""
        known = self.pool.known_in[queries.project]
        return np.where(known > CROWD, FEW, known)

    def _bests(self, queries: Queries, days: int, community: int) -> dict[int, np.ndarray]:
        """Return, for the queries that a crowd is asked, who stands out there on that day."""
        asked = np.flatnonzero(self.pool.known_in[queries.project] > CROWD)
        crowds = {row: self._crowd(queries, row, days, community) for row in asked.tolist()}
        return {row: crowd.best for row, crowd in crowds.items() if crowd.best is not None}

    def _crowd(self, queries: Queries, row: int, days: int, community: int) -> Crowd:
        day = int(queries.as_of[row]) // DAY * DAY
        lag = int(queries.as_of[row] - queries.label_as_of[row])
        key = (int(queries.project[row]), day, lag, days, community)
        if key not in self._crowds:
            while len(self._crowds) >= DAYS_KEPT:
                self._crowds.pop(next(iter(self._crowds)))
            self._crowds[key] = self._gathered(*key)
        return self._crowds[key]

    def _gathered(self, project: int, day: int, lag: int, days: int, community: int) -> Crowd:
        people = self.pool.at(project, day, days, community)
        if len(people) <= FEW:
            return Crowd(None)
        columns = self._columns(np.full(len(people), project), people, day, day - lag)
        return Crowd(np.unique(np.concatenate([_best(people, one) for one in columns])))

    def _columns(self, project, people, day: int, seen: int) -> Iterable[np.ndarray]:
        """Yield what people may stand out in, whoever asks."""
        now, until = np.full(len(people), day), np.full(len(people), seen)
        ever, standing = np.zeros(len(people), np.int64), self.standing
        code = standing.reviews.look_up(project, people)
        for half_life in (14, 90):
            yield standing.reviews.decayed(code, until, now, half_life * DAY)
        yield standing.reviews.counts(code, ever, until)
        code = standing.newcomers.look_up(project, people)
        yield standing.newcomers.counts(code, now - 365 * DAY, until)
        code = standing.commits.look_up(project, people)
        yield standing.commits.counts(code, now - 90 * DAY, now)
        code = standing.reviews_anywhere.look_up(ever, people)
        yield standing.reviews_anywhere.counts(code, now - 90 * DAY, until)

    def _outstanding(self, queries: Queries, best: dict, days: int, community: int) -> np.ndarray:
        """Return codes (query x people + person) of everybody on a list and in the pool."""
        n, rows = self.history.n_people, np.array(list(best))
        asked = queries.take(rows)
        owner = np.repeat(np.arange(len(rows)), [len(people) for people in best.values()])
        parts = [owner * n + np.concatenate(list(best.values()))]
        parts += [*self._about(asked), *self._around(asked)]
        owner, person = np.divmod(np.unique(np.concatenate(parts)), n)
        present = self.pool.holds(asked, owner, person, days, community)
        return rows[owner[present]] * n + person[present]

    def _about(self, queries: Queries) -> Iterable[np.ndarray]:
        """Yield who reviewed or wrote under the same paths, or with the same words."""
        content, anybody = self.content, _Anybody(self.history.n_people)
        by_path = (queries.prefixes, content.rare_prefix, BY_PATH)
        by_word = (queries.words, content.rare_word, BY_WORD)
        for (terms, rarity, most), index, are_reviews in (
            (by_path, content.reviews_by_prefix, True),
            (by_path, content.commits_by_prefix, False),
            (by_word, content.reviews_by_word, True),
            (by_word, content.commits_by_word, False),
        ):
            found = content.matches(queries, anybody, terms, index, rarity, are_reviews)
            codes, place = np.unique(found.pair, return_inverse=True)
            for half_life, power in ((90, 1), (365, 1), (365, 3)):
                shares = found.shares(place, half_life, power, len(codes))
                yield _most(codes, shares, codes // anybody.n_people, most)

    def _around(self, queries: Queries) -> Iterable[np.ndarray]:
        """Yield who reviewed the author, or the author's organisation here, or shared work."""
        n, known = self.history.n_people, self.familiarity
        for index, key, most in (
            (known.reviews_of_author, queries.author, FAMILIAR),
            (known.linked, queries.author, FAMILIAR),
            (known.reviews_of_organisation, known.scope_of(queries), ORGANISATION),
        ):
            asked = np.flatnonzero(key >= 0)
            until = queries.label_as_of[asked]
            rows, place = index.rows(key[asked], np.zeros(len(asked), np.int64), until, NEWEST)
            codes, counts = np.unique(asked[place] * n + index.person[rows], return_counts=True)
            yield _most(codes, counts, codes // n, most)


@dataclass(frozen=True)
class _Anybody:
    """Stands where a lookup of pairs stands, and knows everybody."""

    n_people: int

    def pair(self, query: np.ndarray, person: np.ndarray) -> np.ndarray:
        return query * self.n_people + person


def _best(people: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return who has most of something; nobody who has nothing of it."""
    some = np.flatnonzero(values > 0)
    if len(some) > STANDING_OUT:
        some = some[np.argsort(-values[some], kind="stable")[:STANDING_OUT]]
    return people[some]


def _most(codes: np.ndarray, values: np.ndarray, owner: np.ndarray, most: int) -> np.ndarray:
    """Return the codes with the highest values of each owner; codes are sorted by owner."""
    order = np.lexsort((-values, owner))
    first = np.searchsorted(owner, owner[order])
    return codes[order[np.arange(len(order)) - first < most]]
