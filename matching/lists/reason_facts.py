"""What a candidate did, seen from one query: the facts behind each reason, to be checked.

Only codes, numbers and names of paths and words come out; wording belongs to the page.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from matching.arrays.history import DAY
from matching.lists.deeds import Deeds
from matching.lists.evidence import Evidence, some
from matching.pairing.pairs import PairFeatures, PairTable
from matching.pairing.postings import Postings

EVIDENCE_DAYS = 730
MOST_EVENTS = 2_000
MOST_TERMS = 3


class Under:
    """Events under the terms of a query, by person; `busy` is how many each term has."""

    def __init__(self, rows: np.ndarray, term: np.ndarray, person: np.ndarray, terms: int) -> None:
        self.busy = np.bincount(term, minlength=terms).tolist()
        order = np.argsort(person, kind="stable")  # of one person by term, then in time order
        self._rows, self._term = rows[order], term[order]
        people, begins = np.unique(person[order], return_index=True)
        ends = [*begins[1:].tolist(), len(order)]
        spans = zip(begins.tolist(), ends, strict=False)
        self._spans = dict(zip(people.tolist(), spans, strict=False))

    def of(self, person: int) -> Iterator[tuple[int, np.ndarray]]:
        """Yield the terms that a person has events under, and those."""
        if person not in self._spans:
            return
        begin, end = self._spans[person]
        term, rows = self._term[begin:end], self._rows[begin:end]
        bounds = (np.flatnonzero(term[1:] != term[:-1]) + 1).tolist()
        for start, stop in zip([0, *bounds], [*bounds, len(term)], strict=True):
            yield int(term[start]), rows[start:stop]


class Facts:
    """Looks up what candidates did, seen from one query; what is the same for all is read once."""

    def __init__(self, features: PairFeatures, table: PairTable) -> None:
        self.history = features.history
        self.queries = table.queries
        self.content = features.content
        self.deeds = Deeds.seen_from(features, table.queries)
        self._under: dict[str, Under] = {}

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
            case "familiarity":
                return self._of_the_asker(person)
            case "hours":
                return ()
        own = int(self.queries.organisation[0]) if code == "organisation" else 0
        return self.deeds.of(code, person, own)

    def _terms(
        self, code: str, index: Postings, terms: np.ndarray, names: tuple[str, ...], person: int
    ) -> tuple[Evidence, ...]:
        """Return the terms that say most: first those seldom used, each with its events."""
        if code not in self._under:
            self._under[code] = self._events_under(index, terms)
        under, found, told = self._under[code], [], []
        mine = [(under.busy[term], names[terms[term]], rows) for term, rows in under.of(person)]
        for _, name, rows in sorted(mine, key=lambda one: one[:2]):
            changes = index.source[rows]
            alike = set(changes.tolist())
            if alike in told:
                continue
            told.append(alike)
            found.append(Evidence.of(name, index.at(rows), changes))
            if len(found) == MOST_TERMS:
                break
        return tuple(found)

    def _events_under(self, index: Postings, terms: np.ndarray) -> Under:
        as_of = np.full(len(terms), int(self.queries.label_as_of[0]))
        rows, term = index.rows(terms, as_of - EVIDENCE_DAYS * DAY, as_of, MOST_EVENTS)
        return Under(rows, term, index.person[rows], len(terms))

    def _of_the_asker(self, person: int) -> tuple[Evidence, ...]:
        """Return the reviews that the candidate gave to the mentee."""
        events = self.deeds.given_by(person)
        chosen = events.author == self.queries.author[0]
        return some("familiarity", events.at[chosen], events.change[chosen])

    @cached_property
    def _links_of_asker(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the links between the asker and anybody, and with whom."""
        asker, until = int(self.queries.author[0]), int(self.queries.label_as_of[0])
        since = int(self.queries.as_of[0]) - EVIDENCE_DAYS * DAY
        return self.deeds.links_of(asker, since, until)

    def _links(self, person: int) -> tuple[Evidence, ...]:
        """Return what the mentee and the candidate did about each other's changes."""
        history = self.history
        rows, other = self._links_of_asker
        rows = rows[other == person]
        return some("shared_work", history.link_at[rows], history.link_change[rows])
