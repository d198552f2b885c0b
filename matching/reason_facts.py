"""What a candidate did, seen from one query: the facts behind each reason, to be checked.

Only numbers and names of paths and words come out; wording belongs to the page.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.history import DAY, NEWCOMER_BELOW
from matching.pair_batch import ReviewEvents
from matching.pairs import PairFeatures, PairTable
from matching.postings import Postings

EVIDENCE_DAYS = 730
MOST_EVENTS = 2_000
MOST_TERMS = 3
MOST_CHANGES = 5


@dataclass(frozen=True)
class Evidence:
    """A fact behind a reason: `count` events under a name, the first and last (seconds), and
    rows of `History` of the newest changes."""

    name: str
    count: int
    first_at: int
    last_at: int
    changes: tuple[int, ...]


class Facts:
    """Looks up what candidates did, seen from one query; what is the same for all is read once."""

    def __init__(self, features: PairFeatures, table: PairTable) -> None:
        self.history = features.history
        self.queries = table.queries
        self.content = features.content
        self.events = features.events
        self.written = features.familiarity.commits
        self._under: dict[str, tuple[np.ndarray, ...]] = {}
        self._given: dict[int, ReviewEvents] = {}

    def of(self, code: str, person: int) -> tuple[Evidence, ...]:
        """Return the evidence for one reason code, () where the number says it all."""
        history, content = self.history, self.content
        prefixes, words = self.queries.prefixes.ids, self.queries.words.ids
        match code:
            case "areas_reviewed":
                index = content.reviews_by_prefix
                return self._terms(code, index, prefixes, history.prefix_names, person)
            case "areas_written":
                index = content.commits_by_prefix
                return self._terms(code, index, prefixes, history.prefix_names, person)
            case "topics":
                index = content.reviews_by_word
                return self._terms(code, index, words, history.word_names, person)
            case "shared_work":
                return self._links(person)
            case "activity":
                return self._commits(person)
            case "hours":
                return ()
        return self._reviews(code, person)

    def _terms(
        self, code: str, index: Postings, terms: np.ndarray, names: tuple[str, ...], person: int
    ) -> tuple[Evidence, ...]:
        """Return the terms that say most: first those seldom used, each with its events."""
        if code not in self._under:
            self._under[code] = self._events_under(index, terms)
        rows, term, by, busy = self._under[code]
        mine = by == person
        rows, term = rows[mine], term[mine]
        found = []
        for place in sorted(np.unique(term), key=lambda place: (busy[place], names[terms[place]])):
            events = rows[term == place]
            changes = index.source[events]
            if any(set(changes.tolist()) == set(other) for _, other in found):
                continue
            found.append(
                (_evidence(names[terms[place]], index.at(events), changes), changes.tolist())
            )
            if len(found) == MOST_TERMS:
                break
        return tuple(evidence for evidence, _ in found)

    def _events_under(self, index: Postings, terms: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return events, the term and the person of each, and how many each term has."""
        as_of = np.full(len(terms), int(self.queries.label_as_of[0]))
        rows, term = index.rows(terms, as_of - EVIDENCE_DAYS * DAY, as_of, MOST_EVENTS)
        return rows, term, index.person[rows], np.bincount(term, minlength=len(terms))

    def _reviews(self, code: str, person: int) -> tuple[Evidence, ...]:
        """Return the reviews that a reason counts: of the author, of newcomers, here, anywhere."""
        query, history = self.queries, self.history
        events = self._given_by(person)
        here = events.project == query.project[0]
        lately = events.at >= query.as_of[0] - 365 * DAY
        name = code
        if code == "familiarity":
            chosen = events.author == query.author[0]
        elif code == "reviews_elsewhere":
            chosen = events.at >= query.as_of[0] - 90 * DAY
        elif code == "organisation":
            own = query.organisation[0]
            name = history.organisations[own]
            chosen = here & lately & (own > 0) & (history.organisation[events.change] == own)
        elif code == "newcomers_helped":
            chosen = here & lately & (events.author_earlier < NEWCOMER_BELOW)
        else:
            chosen = here & lately
        return _some(name, events.at[chosen], events.change[chosen])

    def _given_by(self, person: int) -> ReviewEvents:
        if person not in self._given:
            rows = self.events.given_by(person)
            known = self.events.at[rows] < self.queries.label_as_of[0]
            self._given[person] = self.events.take(rows[known])
        return self._given[person]

    @cached_property
    def _links_of_asker(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the links between the asker and anybody, and with whom."""
        history, query = self.history, self.queries
        asker, author = query.author[0], history.author[history.link_change]
        seen = (history.link_at >= query.as_of[0] - EVIDENCE_DAYS * DAY) & (
            history.link_at < query.label_as_of[0]
        )
        of_asker = (author == asker) | (history.link_person == asker)
        rows = np.flatnonzero(of_asker & seen & (asker >= 0))
        mine = author[rows] == asker
        return rows, np.where(mine, history.link_person[rows], author[rows])

    def _links(self, person: int) -> tuple[Evidence, ...]:
        """Return what the mentee and the candidate did about each other's changes."""
        history = self.history
        rows, other = self._links_of_asker
        rows = rows[other == person]
        return _some("shared_work", history.link_at[rows], history.link_change[rows])

    def _commits(self, person: int) -> tuple[Evidence, ...]:
        history, query, index = self.history, self.queries, self.written
        year = query.as_of - 365 * DAY
        events, _ = index.rows(np.array([person]), year, query.as_of, len(index))
        rows = index.source[events]
        rows = rows[(history.project[rows] == query.project[0]) & ~history.is_merge[rows]]
        return _some("activity", history.at[rows], rows)


def _some(name: str, at: np.ndarray, changes: np.ndarray) -> tuple[Evidence, ...]:
    """Return the evidence of some events, () where there is none."""
    return (_evidence(name, at, changes),) if len(at) else ()


def _evidence(name: str, at: np.ndarray, changes: np.ndarray) -> Evidence:
    newest = changes[np.argsort(at, kind="stable")[::-1][:MOST_CHANGES]]
    return Evidence(name, len(at), int(at.min()), int(at.max()), tuple(newest.tolist()))
