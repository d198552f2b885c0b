"""What people did in a project, seen from one moment: the same whoever asks, so looked up once."""

from weakref import WeakKeyDictionary

import numpy as np

from matching.arrays.history import DAY, NEWCOMER_BELOW
from matching.lists.evidence import Evidence, some
from matching.pairing.pair_batch import ReviewEvents
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import Queries

_LATEST: WeakKeyDictionary = WeakKeyDictionary()
"""For the filed events of a community what was looked up last."""


class Deeds:
    """Looks up what people did in one project before a moment, and remembers it."""

    def __init__(self, features: PairFeatures, project: int, as_of: int, label_as_of: int) -> None:
        self.history, self.links = features.history, features.familiarity.linked
        self.events, self.written = features.events, features.familiarity.commits
        self.moment = project, as_of, label_as_of
        self.project, self.as_of, self.label_as_of = self.moment
        self._given: dict[int, ReviewEvents] = {}
        self._found: dict[tuple, tuple[Evidence, ...]] = {}

    @classmethod
    def seen_from(cls, features: PairFeatures, query: Queries) -> "Deeds":
        """Return what is known where and when a query is asked; the latest such is remembered."""
        moment = int(query.project[0]), int(query.as_of[0]), int(query.label_as_of[0])
        known = _LATEST.get(features)
        if known is None or known.moment != moment:
            known = _LATEST[features] = cls(features, *moment)
        return known

    def given_by(self, person: int) -> ReviewEvents:
        """Return the reviews that a person gave, as far as they are known."""
        if person not in self._given:
            rows = self.events.given_by(person)
            known = rows[self.events.at[rows] < self.label_as_of]
            self._given[person] = self.events.take(known)
        return self._given[person]

    def links_of(self, person: int, since: int, until: int) -> tuple[np.ndarray, np.ndarray]:
        """Return rows of the links between a person (-1: nobody) and others, and with whom."""
        asked, window = np.array([person]), (np.array([since]), np.array([until]))
        found, _ = self.links.rows(asked, *window, len(self.links))
        found = found[np.argsort(self.links.source[found], kind="stable")]
        return self.links.source[found], self.links.person[found]

    def of(self, code: str, person: int, organisation: int = 0) -> tuple[Evidence, ...]:
        """Return the evidence for a reason that is the same whoever asks from one organisation."""
        key = code, person, organisation
        if key not in self._found:
            found = self._commits if code == "activity" else self._reviews
            self._found[key] = found(*key)
        return self._found[key]

    def _reviews(self, code: str, person: int, organisation: int) -> tuple[Evidence, ...]:
        """Return the reviews that a reason counts: of newcomers, of colleagues, here, anywhere."""
        history, events, name = self.history, self.given_by(person), code
        chosen = (events.project == self.project) & (events.at >= self.as_of - 365 * DAY)
        if code == "reviews_elsewhere":
            chosen = events.at >= self.as_of - 90 * DAY
        elif code == "organisation":
            name = history.organisations[organisation]
            chosen &= (organisation > 0) & (history.organisation[events.change] == organisation)
        elif code == "newcomers_helped":
            chosen &= events.author_earlier < NEWCOMER_BELOW
        return some(name, events.at[chosen], events.change[chosen])

    def _commits(self, code: str, person: int, _: int) -> tuple[Evidence, ...]:
        history, index = self.history, self.written
        window = np.array([self.as_of - 365 * DAY]), np.array([self.as_of])
        events, _ = index.rows(np.array([person]), *window, len(index))
        rows = index.source[events]
        rows = rows[(history.project[rows] == self.project) & ~history.is_merge[rows]]
        return some(code, history.at[rows], rows)
