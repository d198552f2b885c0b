"""Features of who knows whom: earlier reviews, shared work, the same organisation and hours."""

from functools import cached_property

import numpy as np

from matching.arrays.history import DAY, UNKNOWN_OFFSET, History
from matching.pairing.pair_batch import PairBatch, ReviewEvents, links_both_ways
from matching.pairing.postings import Counter, Postings
from matching.pairing.queries import Queries

AFFINITY_WINDOWS = (30, 180, 730)
HOUR = 60


class Familiarity:
    """What the author of a query and a candidate have to do with each other."""

    def __init__(self, history: History, reviews: ReviewEvents) -> None:
        self.history, self.reviews = history, reviews
        self.pair = Counter.of(reviews.author, reviews.reviewer, reviews.at)
        self.reverse = Counter.of(reviews.reviewer, reviews.author, reviews.at)
        self.of_author = Counter.of(reviews.author, np.zeros_like(reviews.author), reviews.at)
        self.links = Counter.of(*links_both_ways(history)[:3])
        some, code = self._reviews_of_organised()
        self._scopes, scope = np.unique(code, return_inverse=True)
        self.for_organisation = Counter.of(scope, reviews.reviewer[some], reviews.at[some])
        mine = np.flatnonzero(history.author >= 0)
        writer = history.author[mine]
        self.commits = Postings.of(writer, history.at[mine], writer, mine)

    @cached_property
    def linked(self) -> Postings:
        """Return for each person the rows of links with others, and with whom."""
        one, other, at, row = links_both_ways(self.history)
        return Postings.of(one, at, other, row)

    @cached_property
    def reviews_of_author(self) -> Postings:
        """Return for each person the reviews of their changes, and by whom."""
        return Postings.of(self.reviews.author, self.reviews.at, self.reviews.reviewer)

    @cached_property
    def reviews_of_organisation(self) -> Postings:
        """Return for each scope (see `scope_of`) the reviews there, and by whom."""
        some, code = self._reviews_of_organised()
        scope = np.searchsorted(self._scopes, code)
        return Postings.of(scope, self.reviews.at[some], self.reviews.reviewer[some])

    def scope_of(self, queries: Queries) -> np.ndarray:
        """Return the number of each query's organisation in its project, -1 for none.

        Only those have one whose changes were ever reviewed there: all organisations of all
        projects are more numbers than an index has.
        """
        code = self._scope_code(queries.project, queries.organisation)
        place = np.searchsorted(self._scopes, code)
        return np.where(np.append(self._scopes, -1)[place] == code, place, -1)

    def _reviews_of_organised(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the reviews of changes whose author's organisation is known, and its code."""
        organisation = self.history.organisation[self.reviews.change]
        some = np.flatnonzero(organisation > 0)
        return some, self._scope_code(self.reviews.project[some], organisation[some])

    def _scope_code(self, project: np.ndarray, organisation: np.ndarray) -> np.ndarray:
        return project.astype(np.int64) * len(self.history.organisations) + organisation

    def written_by(self, person: int, as_of: int) -> np.ndarray:
        """Return the changes of a person (-1: nobody) before a moment, in order."""
        key, until = np.array([person]), np.array([as_of])
        rows, _ = self.commits.rows(key, np.zeros_like(until), until, len(self.commits))
        return self.commits.source[rows]

    def columns(self, batch: PairBatch) -> dict[str, np.ndarray]:
        """Return the columns, float, one value a pair."""
        return {**self._affinity(batch), **self._links(batch), **self._background(batch)}

    def _affinity(self, batch: PairBatch) -> dict[str, np.ndarray]:
        author, candidate = batch.of_query(batch.queries.author), batch.pairs.candidate
        seen, now = batch.label_as_of, batch.as_of
        pair = self.pair.look_up(author, candidate)
        found = {
            f"affinity_{days}d": self.pair.counts(pair, now - days * DAY, seen)
            for days in AFFINITY_WINDOWS
        }
        found["affinity_decayed_180d"] = self.pair.decayed(pair, seen, now, 180 * DAY)
        found["affinity_ever"] = self.pair.counts(pair, np.zeros_like(now), seen)
        last = self.pair.last(pair, seen)
        found["days_since_affinity"] = batch.age(last)
        total = self.of_author.look_up(batch.queries.author, np.zeros(len(batch.queries)))
        latest = self.of_author.last(total, batch.queries.label_as_of)
        found["was_last_reviewer"] = (last >= 0) & (last == batch.of_query(latest))
        reverse = self.reverse.look_up(author, candidate)
        found["reverse_affinity_730d"] = self.reverse.counts(reverse, now - 730 * DAY, seen)
        return found

    def _links(self, batch: PairBatch) -> dict[str, np.ndarray]:
        author, candidate = batch.of_query(batch.queries.author), batch.pairs.candidate
        link = self.links.look_up(author, candidate)
        since = batch.as_of - 730 * DAY
        return {"links_730d": self.links.counts(link, since, batch.label_as_of)}

    def _background(self, batch: PairBatch) -> dict[str, np.ndarray]:
        queries, candidate = batch.queries, batch.pairs.candidate
        scope = self.scope_of(queries)
        code = self.for_organisation.look_up(batch.of_query(scope), candidate)
        since = batch.as_of - 365 * DAY
        reviews = self.for_organisation.counts(code, since, batch.label_as_of)
        stop = self.commits.before(candidate, batch.as_of)
        wrote = stop > self.commits.before(candidate, np.zeros(len(stop), np.int64))
        last = self.commits.source[stop[wrote] - 1]
        own, offset = np.zeros(len(stop), np.int32), np.full(len(stop), UNKNOWN_OFFSET)
        own[wrote], offset[wrote] = self.history.organisation[last], self.history.offset[last]
        asked = batch.of_query(queries.organisation)
        same = np.where((own > 0) & (asked > 0), np.where(own == asked, 1.0, -1.0), 0.0)
        return {
            "organisation_reviews_365d": reviews,
            "same_organisation": same,
            "hours_apart": _hours_apart(offset, batch.of_query(queries.offset)),
        }


def _hours_apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the distance between two offsets on the clock, 0 to 12 hours; -1 if one is unknown."""
    apart = np.abs(one.astype(np.int64) - other) % (24 * HOUR)
    apart = np.minimum(apart, 24 * HOUR - apart) / HOUR
    return np.where((one == UNKNOWN_OFFSET) | (other == UNKNOWN_OFFSET), -1.0, apart)
