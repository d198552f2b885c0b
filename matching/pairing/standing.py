"""Features of a candidate in the project and the community, whoever asks."""

import numpy as np

from matching.arrays.history import DAY, NEWCOMER_BELOW, History
from matching.pairing.pair_batch import PairBatch, ReviewEvents
from matching.pairing.postings import Counter

REVIEW_WINDOWS = (2, 7, 30, 90, 365)
DECAYS = (14, 90)
"""Half-lives in days."""
COMMIT_WINDOWS = (30, 90, 365)


class Standing:
    """Reviews, commits, newcomers helped, and how long ago, per candidate and moment."""

    def __init__(self, history: History, reviews: ReviewEvents) -> None:
        mine = history.author >= 0
        writer, project, at = history.author[mine], history.project[mine], history.at[mine]
        self.reviews = Counter.of(reviews.project, reviews.reviewer, reviews.at)
        self.reviews_anywhere = Counter.of(_everywhere(reviews.at), reviews.reviewer, reviews.at)
        self.review_days = _distinct_days(reviews)
        helped = reviews.take(reviews.author_earlier < NEWCOMER_BELOW)
        self.newcomers = Counter.of(helped.project, helped.reviewer, helped.at)
        firsts = reviews.take(reviews.author_earlier == 0)
        self.firsts = Counter.of(firsts.project, firsts.reviewer, firsts.at)
        self.met = _first_meetings(helped)
        self.commits = Counter.of(project, writer, at)
        self.commits_anywhere = Counter.of(_everywhere(at), writer, at)

    def columns(self, batch: PairBatch) -> dict[str, np.ndarray]:
        """Return the columns, float, one value a pair."""
        project = batch.of_query(batch.queries.project)
        candidate = batch.pairs.candidate
        here = {name: getattr(self, name).look_up(project, candidate) for name in _IN_PROJECT}
        return {
            **self._reviews(batch, here["reviews"]),
            **self._newcomers(batch, here),
            **self._writing(batch, here["commits"]),
            **self._anywhere(batch),
        }

    def _reviews(self, batch: PairBatch, code: np.ndarray) -> dict[str, np.ndarray]:
        seen, now, reviews = batch.label_as_of, batch.as_of, self.reviews
        found = {
            f"reviews_{days}d": reviews.counts(code, now - days * DAY, seen)
            for days in REVIEW_WINDOWS
        }
        found |= {
            f"reviews_decayed_{days}d": reviews.decayed(code, seen, now, days * DAY)
            for days in DECAYS
        }
        found["reviews_ever"] = reviews.counts(code, np.zeros_like(now), seen)
        found["days_since_review"] = batch.age(reviews.last(code, seen))
        found["days_since_first_review"] = batch.age(reviews.first(code, seen))
        return found

    def _newcomers(self, batch: PairBatch, here: dict) -> dict[str, np.ndarray]:
        seen, half, year = batch.label_as_of, batch.as_of - 180 * DAY, batch.as_of - 365 * DAY
        helped = here["newcomers"]
        return {
            "review_days_180d": self.review_days.counts(here["review_days"], half, seen),
            "newcomer_reviews_180d": self.newcomers.counts(helped, half, seen),
            "first_change_reviews_365d": self.firsts.counts(here["firsts"], year, seen),
            "newcomers_met_365d": self.met.counts(here["met"], year, seen),
            "days_since_newcomer_review": batch.age(self.newcomers.last(helped, seen)),
        }

    def _writing(self, batch: PairBatch, code: np.ndarray) -> dict[str, np.ndarray]:
        now = batch.as_of
        found = {
            f"commits_{days}d": self.commits.counts(code, now - days * DAY, now)
            for days in COMMIT_WINDOWS
        }
        found["days_since_commit"] = batch.age(self.commits.last(code, now))
        return found

    def _anywhere(self, batch: PairBatch) -> dict[str, np.ndarray]:
        candidate, seen, now = batch.pairs.candidate, batch.label_as_of, batch.as_of
        reviewed = self.reviews_anywhere.look_up(_everywhere(candidate), candidate)
        wrote = self.commits_anywhere.look_up(_everywhere(candidate), candidate)
        reviews = self.reviews_anywhere
        return {
            "reviews_anywhere_90d": reviews.counts(reviewed, now - 90 * DAY, seen),
            "days_since_review_anywhere": batch.age(reviews.last(reviewed, seen)),
            "days_since_commit_anywhere": batch.age(self.commits_anywhere.last(wrote, now)),
        }


_IN_PROJECT = ("reviews", "review_days", "newcomers", "firsts", "met", "commits")


def _everywhere(like: np.ndarray) -> np.ndarray:
    return np.zeros(len(like), np.int64)


def _first_of(*columns: np.ndarray) -> np.ndarray:
    """Return where a combination of values occurs for the first time; rows are in time order."""
    order = np.lexsort(columns[::-1])
    fresh = np.zeros(len(order), bool)
    for column in columns:
        fresh[1:] |= np.diff(column[order]) != 0
    fresh[:1] = True
    return order[fresh]


def _distinct_days(reviews: ReviewEvents) -> Counter:
    rows = _first_of(reviews.project, reviews.reviewer, reviews.at // DAY)
    return Counter.of(reviews.project[rows], reviews.reviewer[rows], reviews.at[rows])


def _first_meetings(helped: ReviewEvents) -> Counter:
    rows = _first_of(helped.project, helped.reviewer, helped.author)
    return Counter.of(helped.project[rows], helped.reviewer[rows], helped.at[rows])
