"""Which pairs the hard constraints let through."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from matching.cohort.cast import Cast, Pair

# Why a pair is ruled out; the first that holds is said. 0: it is not. Beyond ``CO``: it is not the
# mentor whom the constraint is about, but a co-mentor.
RULES = ("self", "conflict", "forbidden", "hours", "language")
REASONS = ("", *RULES, *(f"co_{rule}" for rule in RULES))
SELF, CONFLICT, FORBIDDEN, HOURS, LANGUAGE = range(1, 6)
CO = len(RULES)
WORD = 64


@dataclass(frozen=True)
class Admission:
    """Answers for any arrays of (mentee, offer); what somebody did not say rules nothing out.

    Whoever takes an offer works with its mentor and with every co-mentor: all tests hold for each.
    """

    offers: object
    n_mentors: int
    n_projects: int
    same: np.ndarray  # keys mentee * n_mentors + mentor, sorted; likewise the next two
    conflicts: np.ndarray
    forbidden: np.ndarray
    forbidden_here: np.ndarray  # keys (mentee * n_projects + project) * n_mentors + mentor
    mentee_hours: np.ndarray  # (N,) 24 bits; 0: not said
    mentor_hours: np.ndarray
    min_hours: int
    mentee_tongues: np.ndarray  # (N, words) bits; 0: not said
    mentor_tongues: np.ndarray

    @classmethod
    def of(cls, cast: Cast, mentees, projects, mentors, offers) -> "Admission":
        rules = cast.rules
        tongues = sorted({t for one in (*cast.mentees, *cast.mentors) for t in one.languages})
        places = {tongue: place for place, tongue in enumerate(tongues)}
        if not rules.common_language:
            places = {}

        def key(pair: Pair) -> int:
            place = mentees.place[pair.mentee]
            if pair.project is not None:
                place = place * len(projects.keys) + projects.place[pair.project]
            return place * len(mentors.keys) + mentors.place[pair.mentor]

        anywhere = [pair for pair in rules.forbidden if pair.project is None]
        here = [pair for pair in rules.forbidden if pair.project is not None]
        both = mentees.place.keys() & mentors.place.keys()
        return cls(
            offers=offers,
            n_mentors=len(mentors.keys),
            n_projects=len(projects.keys),
            same=_sorted(key(Pair(one, one)) for one in both),
            conflicts=_sorted(key(replace(pair, project=None)) for pair in rules.conflicts),
            forbidden=_sorted(map(key, anywhere)),
            forbidden_here=_sorted(map(key, here)),
            mentee_hours=_hours(cast.mentees, mentees),
            mentor_hours=_hours(cast.mentors, mentors),
            min_hours=rules.min_hours,
            mentee_tongues=_tongues(cast.mentees, mentees, places),
            mentor_tongues=_tongues(cast.mentors, mentors, places),
        )

    def reasons(self, mentee: np.ndarray, offer: np.ndarray) -> np.ndarray:
        """For each pair the reason it is ruled out, or 0."""
        project = self.offers.project[offer]
        found = self._of_pairs(mentee, self.offers.mentor[offer], project)
        for duty, helper in zip(self.offers.co_offer, self.offers.co_mentor, strict=True):
            rows = np.flatnonzero((offer == duty) & (found == 0))
            with_helper = self._of_pairs(mentee[rows], np.full(len(rows), helper), project[rows])
            found[rows] = np.where(with_helper > 0, with_helper + CO, 0)
        return found

    def _of_pairs(self, mentee, mentor, project) -> np.ndarray:
        pair = mentee * self.n_mentors + mentor
        here = (mentee * self.n_projects + project) * self.n_mentors + mentor
        found = np.zeros(len(mentee), dtype=np.int8)
        shared = np.bitwise_count(self.mentee_hours[mentee] & self.mentor_hours[mentor])
        said = (self.mentee_hours[mentee] > 0) & (self.mentor_hours[mentor] > 0)
        found[self._strangers(mentee, mentor)] = LANGUAGE
        found[said & (shared < self.min_hours)] = HOURS
        found[_isin(pair, self.forbidden) | _isin(here, self.forbidden_here)] = FORBIDDEN
        found[_isin(pair, self.conflicts)] = CONFLICT
        found[_isin(pair, self.same)] = SELF
        return found

    def _strangers(self, mentee, mentor) -> np.ndarray:
        mine, theirs = self.mentee_tongues, self.mentor_tongues
        common = np.zeros(len(mentee), dtype=bool)
        for word in range(mine.shape[1]):
            common |= (mine[mentee, word] & theirs[mentor, word]) > 0
        return mine.any(axis=1)[mentee] & theirs.any(axis=1)[mentor] & ~common


def _sorted(keys: Iterable[int]) -> np.ndarray:
    return np.unique(np.fromiter(keys, dtype=np.int64))


def _isin(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    if not len(known):
        return np.zeros(len(keys), dtype=bool)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return known[place] == keys


def _hours(people, index) -> np.ndarray:
    bits = np.zeros(len(index.keys), dtype=np.int64)
    for one in people:
        bits[index.place[one.key]] = sum(1 << hour for hour in one.hours)
    return bits


def _tongues(people, index, places: dict[str, int]) -> np.ndarray:
    bits = np.zeros((len(index.keys), len(places) // WORD + 1), dtype=np.uint64)
    for one in people if places else ():
        for tongue in one.languages:
            word, bit = divmod(places[tongue], WORD)
            bits[index.place[one.key], word] |= np.uint64(1 << bit)
    return bits
