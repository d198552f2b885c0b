"""When somebody has been silent for longer than their own rhythm knows: care, not judgement.

The question is the survival of gaps between days of activity. Somebody is looked at on an ordinary
day of the last two years: how often would one have found them silent for as long as they are now?
What few gaps of their own cannot tell leans on everybody's, taken relative to each one's usual gap.
"""

from dataclasses import dataclass

import numpy as np

from matching.arrays.history import DAY, History

LOOK_BACK_DAYS = 730
FEWEST_DAYS = 12
"""Fewer days of activity make no rhythm: of such people nothing is said."""
PRIOR_DAYS = 180
"""So many days of everybody's rhythm stand beside a person's own."""
FORGOTTEN_DAYS = 365
"""Who has been silent for a year has moved on, and is left in peace."""
USUAL_SHARE = 0.9


@dataclass(frozen=True)
class Silences:
    """Parallel arrays, one entry a person with a rhythm.

    `person` is a row of `History.people`, `last` the day of the last activity (days since 1970),
    `days` how long the silence is, `usual` the days within which nine of ten own gaps ended,
    `chance` the share of days on which they would have been found silent for so long.
    """

    person: np.ndarray
    last: np.ndarray
    days: np.ndarray
    usual: np.ndarray
    chance: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: np.ndarray) -> "Silences":
        """Return the chosen entries."""
        names = self.__dataclass_fields__
        return Silences(**{name: getattr(self, name)[rows] for name in names})


def silences(history: History, until: int) -> Silences:
    """Return how silent everybody with a rhythm is at a moment (seconds), seeing nothing after."""
    person, day = active_days(history, until - LOOK_BACK_DAYS * DAY, until)
    is_last = np.append(person[1:] != person[:-1], True)[: len(person)]
    gap, owner = np.diff(day)[~is_last[:-1]], person[:-1][~is_last[:-1]]
    people, active = np.unique(person, return_counts=True)
    last = day[is_last]
    days = until // DAY - last
    known = (active >= FEWEST_DAYS) & (days <= FORGOTTEN_DAYS)
    people, last, days = people[known], last[known], days[known]
    own = np.isin(owner, people)
    place = np.searchsorted(people, owner[own])
    chance = silent_share(gap[own], place, days)
    return Silences(people, last, days, _usual(gap[own], place, len(people)), chance)


def active_days(history: History, since: int, until: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (person, day) of every day on which somebody wrote, reviewed or helped; sorted."""
    wrote = history.author >= 0
    person = np.concatenate(
        [history.author[wrote], history.review_person, history.other_person]
    ).astype(np.int64)
    at = np.concatenate([history.at[wrote], history.review_at, history.other_at])
    seen = (at >= since) & (at < until)
    pairs = np.unique(person[seen] * 2**20 + at[seen] // DAY)
    return pairs >> 20, pairs & (2**20 - 1)


def silent_share(gap: np.ndarray, owner: np.ndarray, silence: np.ndarray) -> np.ndarray:
    """Return the chance of each silence (days, one a person) under the person's rhythm, in [0, 1].

    `gap` are days between activities, `owner` the row of `silence` each belongs to; everybody has
    at least one. Of a gap of 10 days, 7 are spent being silent for 3 days or more.
    """
    n = len(silence)
    total, count = np.bincount(owner, gap, n), np.bincount(owner, minlength=n)
    usual = total / np.maximum(count, 1)
    beyond = np.bincount(owner, np.maximum(gap - silence[owner], 0), n)
    everybody = _share_beyond(gap / usual[owner], silence / np.maximum(usual, 1e-9))
    return (beyond + PRIOR_DAYS * everybody) / (total + PRIOR_DAYS)


def _share_beyond(gap: np.ndarray, silence: np.ndarray) -> np.ndarray:
    """Return for each silence the share of all gaps' time that is spent beyond it."""
    if not len(gap):
        return np.ones(len(silence))
    gap = np.sort(gap)
    tail = np.append(np.cumsum(gap[::-1])[::-1], 0.0)
    first = np.searchsorted(gap, silence)
    return np.maximum(tail[first] - silence * (len(gap) - first), 0) / tail[0]


def _usual(gap: np.ndarray, owner: np.ndarray, n: int) -> np.ndarray:
    """Return the days within which `USUAL_SHARE` of each person's gaps ended."""
    order = np.lexsort((gap, owner))
    start = np.searchsorted(owner[order], np.arange(n))
    count = np.bincount(owner, minlength=n)
    place = start + np.ceil(USUAL_SHARE * count).astype(int) - 1
    return gap[order][np.clip(place, 0, max(len(gap) - 1, 0))] if len(gap) else np.zeros(n)


# Care is offered once a silence is rare for this very person, and not for a holiday.
RARE = 0.05
SHORTEST_DAYS = 21


def worth_asking(found: Silences) -> Silences:
    """Return whom to ask how they are: silent for three weeks, and longer than they ever are."""
    return found.take(np.flatnonzero((found.chance <= RARE) & (found.days >= SHORTEST_DAYS)))
