"""The question as arrays, in an order of its own: shuffled rows ask, and get, the same.

An *offer* is a mentor in a project. An *option* is an offer that a mentee wished for and that no
hard constraint rules out. Every engine chooses at most one option a mentee.
"""

from dataclasses import dataclass

import numpy as np

from matching.cohort.admission import REASONS, Admission
from matching.cohort.cast import Cast
from matching.cohort.pins import Fault, Pins

UNLIMITED = 1 << 30
PINNED_RANK = 0  # stronger than any claim by wish or preference


class Infeasible(Exception):
    """No assignment can meet the constraints; ``faults`` names every one of them."""

    def __init__(self, faults: list[Fault]):
        super().__init__(f"{len(faults)} constraints contradict each other.")
        self.faults = faults


@dataclass(frozen=True)
class Excluded:
    """Wished-for offers that a hard constraint rules out; ``reason`` points into ``REASONS``."""

    mentee: np.ndarray
    offer: np.ndarray
    wish_rank: np.ndarray
    reason: np.ndarray

    def words(self, row: int) -> str:
        return REASONS[self.reason[row]]


@dataclass(frozen=True)
class Problem:
    """N mentees, P projects, M mentors by key; O offers; C duties of co-mentors; R options.

    Options stand in the order of (mentee, offer). ``wish_rank`` and ``mentor_rank`` are 1 or
    more, lower is dearer, equal is a tie; both are 0 for a pinned mentee's only option.
    ``score`` lies in [0, 1]. ``pinned`` is an offer, or -1. ``cast`` is what all was built from.
    """

    mentees: tuple[str, ...]
    projects: tuple[str, ...]
    mentors: tuple[str, ...]
    project_places: np.ndarray  # (P,)
    mentor_places: np.ndarray  # (M,)
    offer_project: np.ndarray  # (O,)
    offer_mentor: np.ndarray  # (O,)
    co_offer: np.ndarray  # (C,)
    co_mentor: np.ndarray  # (C,)
    mentee: np.ndarray  # (R,)
    offer: np.ndarray  # (R,)
    wish_rank: np.ndarray  # (R,)
    mentor_rank: np.ndarray  # (R,)
    score: np.ndarray  # (R,)
    pinned: np.ndarray  # (N,)
    excluded: Excluded
    cast: Cast

    @property
    def project(self) -> np.ndarray:
        """The project of each option."""
        return self.offer_project[self.offer]

    @property
    def mentor(self) -> np.ndarray:
        """The mentor of each option."""
        return self.offer_mentor[self.offer]

    def rows_of(self, offers: np.ndarray) -> np.ndarray:
        """For each mentee the option with the given offer, or -1."""
        keys = self.mentee * len(self.offer_project) + self.offer
        wanted = np.arange(len(self.mentees)) * len(self.offer_project) + offers
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        known = (offers >= 0) & (len(keys) > 0)
        known[known] = keys[place[known]] == wanted[known]
        return np.where(known, place, -1)


@dataclass(frozen=True)
class Index:
    """Keys in their order, and the place of each."""

    keys: tuple[str, ...]
    place: dict[str, int]

    @classmethod
    def of(cls, keys) -> "Index":
        ordered = tuple(sorted(keys))
        return cls(ordered, {key: place for place, key in enumerate(ordered)})


def build(cast: Cast) -> Problem:
    """The cast as arrays. Raises Infeasible when the constraints contradict each other."""
    mentees = Index.of(one.key for one in cast.mentees)
    mentors = Index.of(one.key for one in cast.mentors)
    projects = Index.of(one.key for one in cast.projects)
    offers = _Offers.of(cast, projects, mentors)
    wished = _wished(cast, mentees, offers, projects, mentors)
    admission = Admission.of(cast, mentees, projects, mentors, offers)
    pins = Pins.of(cast, mentees, projects, mentors, offers, admission)
    if pins.faults:
        raise Infeasible(pins.faults)
    reason = admission.reasons(wished.mentee, wished.offer)
    # A pinned mentee has nothing to choose: neither an option nor a reason against one.
    free = pins.offer[wished.mentee] < 0
    barred = wished.rows(free & (reason > 0))
    options = _with_pins(wished, wished.rows(free & (reason == 0)), pins.offer, len(offers.project))
    mentor_rank, score = _judged(cast, mentees, mentors, offers, options)
    return Problem(
        mentees=mentees.keys,
        projects=projects.keys,
        mentors=mentors.keys,
        project_places=_project_places(cast, projects),
        mentor_places=_by_key(cast.mentors, mentors, "places"),
        offer_project=offers.project,
        offer_mentor=offers.mentor,
        co_offer=offers.co_offer,
        co_mentor=offers.co_mentor,
        mentee=options.mentee,
        offer=options.offer,
        wish_rank=options.rank,
        mentor_rank=mentor_rank,
        score=score,
        pinned=pins.offer,
        excluded=Excluded(barred.mentee, barred.offer, barred.rank, reason[free & (reason > 0)]),
        cast=cast,
    )


def _by_key(people, index: Index, name: str) -> np.ndarray:
    values = np.zeros(len(index.keys), dtype=np.int64)
    for one in people:
        values[index.place[one.key]] = getattr(one, name)
    return values


def _project_places(cast: Cast, projects: Index) -> np.ndarray:
    places = np.full(len(projects.keys), UNLIMITED, dtype=np.int64)
    for one in cast.projects:
        if one.places is not None:
            places[projects.place[one.key]] = one.places
    return places


@dataclass(frozen=True)
class _Offers:
    project: np.ndarray
    mentor: np.ndarray
    place: dict[tuple[int, int], int]  # (project, mentor) → offer
    co_offer: np.ndarray
    co_mentor: np.ndarray

    @classmethod
    def of(cls, cast: Cast, projects: Index, mentors: Index) -> "_Offers":
        pairs, duties = set(), []
        for one in cast.projects:
            project = projects.place[one.key]
            pairs |= {(project, mentors.place[key]) for key in one.mentors}
        ordered = sorted(pairs)
        place = {pair: number for number, pair in enumerate(ordered)}
        for one in cast.projects:
            project = projects.place[one.key]
            for lead in sorted({mentors.place[key] for key in one.mentors}):
                helpers = {mentors.place[key] for key in one.co_mentors} - {lead}
                duties += [(place[project, lead], helper) for helper in helpers]
        duties.sort()
        table = np.array(ordered, dtype=np.int64).reshape(-1, 2)
        co = np.array(duties, dtype=np.int64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1], place, co[:, 0], co[:, 1])


@dataclass(frozen=True)
class _Wished:
    """Offers that mentees wished for, each pair once, at its best rank."""

    mentee: np.ndarray
    offer: np.ndarray
    rank: np.ndarray
    score: np.ndarray  # NaN: not given

    def rows(self, which: np.ndarray) -> "_Wished":
        return _Wished(self.mentee[which], self.offer[which], self.rank[which], self.score[which])

    def each_pair_once(self, n_offers: int) -> "_Wished":
        order = np.lexsort((self.rank, self.offer, self.mentee))
        ordered = self.rows(order)
        pair = ordered.mentee * max(n_offers, 1) + ordered.offer
        return ordered.rows(np.r_[True, pair[1:] != pair[:-1]] if len(pair) else order)


def _wished(cast: Cast, mentees: Index, offers: _Offers, projects: Index, mentors: Index):
    rows = [
        (
            mentees.place[one.key],
            projects.place[wish.project],
            -1 if wish.mentor is None else mentors.place[wish.mentor],
            wish.rank,
            np.nan if wish.score is None else wish.score,
        )
        for one in cast.mentees
        for wish in one.wishes
    ]
    table = np.array(rows, dtype=float).reshape(-1, 5)
    who, where, whom, rank = table[:, :4].astype(np.int64).T
    first = np.searchsorted(offers.project, np.arange(len(projects.keys) + 1))
    count = (first[1:] - first[:-1])[where]
    wish = np.repeat(np.arange(len(table)), count)
    step = np.arange(len(wish)) - np.repeat(np.cumsum(count) - count, count)
    offer = first[where[wish]] + step
    fits = (whom[wish] < 0) | (whom[wish] == offers.mentor[offer])
    wish, offer = wish[fits], offer[fits]
    found = _Wished(who[wish], offer, rank[wish], table[wish, 4])
    return found.each_pair_once(len(offers.project))


def _with_pins(wished: _Wished, options: _Wished, pinned: np.ndarray, n_offers: int) -> _Wished:
    """The options, and one of rank 0 for everybody who is pinned."""
    who = np.flatnonzero(pinned >= 0)
    score = np.full(len(who), np.nan)
    known = dict(zip((wished.mentee * n_offers + wished.offer).tolist(), wished.score, strict=True))
    for row, mentee in enumerate(who.tolist()):
        score[row] = known.get(mentee * n_offers + int(pinned[mentee]), np.nan)
    both = _Wished(
        np.r_[options.mentee, who],
        np.r_[options.offer, pinned[who]],
        np.r_[options.rank, np.full(len(who), PINNED_RANK)],
        np.r_[options.score, score],
    )
    return both.rows(np.lexsort((both.offer, both.mentee)))


def _judged(cast: Cast, mentees: Index, mentors: Index, offers: _Offers, options: _Wished):
    """The mentors' ranks and the scores of the options."""
    mentor = offers.mentor[options.offer]
    said = _said_ranks(cast, mentees, mentors, options.mentee, mentor)
    by_fit = ~np.isin(mentor, _who_ranks(cast, mentors)) & ~np.isnan(options.score)
    rank = np.where(by_fit, _ranks_by_score(mentor, options.score), said)
    score = np.where(np.isnan(options.score), _derived(options.rank, said), options.score)
    return np.where(options.rank == PINNED_RANK, PINNED_RANK, rank), score


def _who_ranks(cast: Cast, mentors: Index) -> np.ndarray:
    return np.array([mentors.place[one.key] for one in cast.mentors if one.ranks], dtype=np.int64)


def _said_ranks(cast: Cast, mentees: Index, mentors: Index, who, whom) -> np.ndarray:
    """What mentors said; the rank after their last for whoever they did not name."""
    n = len(mentees.keys)
    last = np.ones(len(mentors.keys), dtype=np.int64)
    pairs, ranks = [], []
    for one in cast.mentors:
        place = mentors.place[one.key]
        named = {key: rank for key, rank in one.ranks.items() if key in mentees.place}
        pairs += [place * n + mentees.place[key] for key in named]
        ranks += named.values()
        last[place] = max(one.ranks.values(), default=0) + 1
    order = np.argsort(np.array(pairs, dtype=np.int64), kind="stable")
    known = np.array(pairs, dtype=np.int64)[order]
    wanted = whom * n + who
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    if not len(known):
        return last[whom]
    return np.where(known[place] == wanted, np.array(ranks)[order][place], last[whom])


def _ranks_by_score(mentor: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Without a word of the mentor, who fits better comes first; equal scores are a tie."""
    fit = np.nan_to_num(score)
    order = np.lexsort((-fit, mentor))
    fresh = np.r_[True, mentor[order][1:] != mentor[order][:-1]] if len(order) else order
    steps = np.r_[True, fit[order][1:] != fit[order][:-1]] if len(order) else order
    rank = np.cumsum(fresh | steps) if len(order) else order
    start = np.maximum.accumulate(np.where(fresh, rank, 0)) if len(order) else order
    answer = np.empty(len(order), dtype=np.int64)
    answer[order] = rank - start + 1
    return answer


def _derived(wish_rank: np.ndarray, mentor_rank: np.ndarray) -> np.ndarray:
    """Half the mentee's contentment, half the mentor's: 1 for a first choice, falling evenly."""
    longest = max(wish_rank.max(initial=1), 1), max(mentor_rank.max(initial=1), 1)
    mentee = 1 - (np.maximum(wish_rank, 1) - 1) / longest[0]
    mentor = 1 - (np.maximum(mentor_rank, 1) - 1) / longest[1]
    return (mentee + mentor) / 2
