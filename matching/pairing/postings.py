"""Events filed under a key in time order, so that any moment can be asked about at once.

Every question a feature asks is "which (or how many) events of this key came before `as_of`?".
Key and time together form one sorted int64 column, so a million such questions are one
`searchsorted`; nothing is replayed, and an answer cannot see what comes later.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.arrays.history import expand

TIME_BITS = 36
"""Seconds since 1970 fit in 36 bits until the year 4147; the other 27 bits hold the key."""
TIME_SPAN = 1 << TIME_BITS
CODE_GAP = 2_000.0
"""Log distance between pairs in `Counter._running`: more than 100 years at a half-life of 15 d."""
MAX_KEY = 1 << (63 - TIME_BITS)
PERSON_BITS = 32


@dataclass(frozen=True)
class Postings:
    """Events sorted by key, then time; `person` is who did it, `source` the row it came from.

    `column` holds key and time of each: 16 bytes an event in all.
    """

    column: np.ndarray
    person: np.ndarray
    source: np.ndarray

    @classmethod
    def of(
        cls, key: np.ndarray, at: np.ndarray, person: np.ndarray, source: np.ndarray | None = None
    ) -> "Postings":
        """File events; keys are int below 2**27 (ValueError beyond), times are int seconds."""
        if len(key) and int(key.max()) >= MAX_KEY:
            raise ValueError("Too many keys for one index.")
        column = (key.astype(np.int64) << TIME_BITS) + np.clip(at, 0, TIME_SPAN - 1)
        order = _order(key, column, at)
        source = np.arange(len(at)) if source is None else source
        return cls(
            column[order],
            person[order].astype(np.int32),
            source[order].astype(np.int32),
        )

    def __len__(self) -> int:
        return len(self.column)

    def at(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Return the times of the events at some positions, of all by default."""
        return self.column[rows] & (TIME_SPAN - 1)

    def before(self, key: np.ndarray, as_of: np.ndarray) -> np.ndarray:
        """Return for each key the position after its last event strictly before `as_of`."""
        moment = np.clip(as_of, 0, TIME_SPAN - 1)
        return np.searchsorted(self.column, (key.astype(np.int64) << TIME_BITS) + moment)

    def rows(
        self, key: np.ndarray, since: np.ndarray, as_of: np.ndarray, newest: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return positions of events in `[since, as_of)` and which asked key each belongs to.

        At most the `newest` events of a key are returned, so one question has a bounded cost.
        """
        stop = self.before(key, as_of)
        start = np.maximum(self.before(key, since), stop - newest)
        return expand(start, stop)


def _order(key: np.ndarray, column: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the order of the column; what is equal stays as it came.

    Where times ascend already, key and place sort as plain numbers: several times as fast.
    """
    bits = len(at).bit_length()
    if bits > TIME_BITS or (at[1:] < at[:-1]).any():
        return np.argsort(column, kind="stable")
    places = np.sort((key.astype(np.int64) << bits) + np.arange(len(at)))
    return places & ((1 << bits) - 1)


def _pairs(key: np.ndarray, person: np.ndarray) -> np.ndarray:
    return (key.astype(np.int64) << PERSON_BITS) + person.astype(np.int64)


@dataclass(frozen=True)
class Counter:
    """Event times per (key, person) pair: how many in a window, how much still, when the last."""

    column: np.ndarray
    codes: np.ndarray

    @classmethod
    def of(cls, key: np.ndarray, person: np.ndarray, at: np.ndarray) -> "Counter":
        """File event times; ValueError if keys are not below 2**31, or pairs not fewer than 2**27.

        Pairs are renumbered densely, so keys may have gaps.
        """
        if len(key) and int(key.max()) >= 1 << (63 - PERSON_BITS):
            raise ValueError("Too many keys for one index.")
        codes, code = np.unique(_pairs(key, person), return_inverse=True)
        if len(codes) > MAX_KEY:
            raise ValueError("Too many keys for one index.")
        column = (code.astype(np.int64) << TIME_BITS) + np.clip(at, 0, TIME_SPAN - 1)
        return cls(np.sort(column), codes)

    def look_up(self, key: np.ndarray, person: np.ndarray) -> np.ndarray:
        """Return the number of each pair, -1 where it never occurs."""
        if not len(self.codes):
            return np.full(len(key), -1, np.int64)
        pair = _pairs(key, person)
        place = np.minimum(np.searchsorted(self.codes, pair), len(self.codes) - 1)
        return np.where((self.codes[place] == pair) & (key >= 0), place, -1)

    def before(self, code: np.ndarray, as_of: np.ndarray) -> np.ndarray:
        """Return the position after the pair's last event strictly before `as_of`."""
        moment = np.clip(as_of, 0, TIME_SPAN - 1)
        found = np.searchsorted(self.column, (code << TIME_BITS) + moment)
        return np.where(code >= 0, found, 0)

    def counts(self, code: np.ndarray, since: np.ndarray, as_of: np.ndarray) -> np.ndarray:
        """Return how many events of each pair fall into `[since, as_of)`, never below 0."""
        return np.maximum(self.before(code, as_of) - self.before(code, since), 0)

    def decayed(
        self, code: np.ndarray, until: np.ndarray, as_of: np.ndarray, half_life: int
    ) -> np.ndarray:
        """Return what the events before `until` still count at `as_of`; half-life in seconds."""
        if not len(self.column):
            return np.zeros(len(code))
        place = self.before(code, until)
        some = (code >= 0) & (place > self._start(code))
        running = self._running(half_life)[np.maximum(place - 1, 0)]
        zero = np.maximum(code, 0) * CODE_GAP + as_of * (np.log(2) / half_life)
        return np.where(some, np.exp(np.where(some, running - zero, 0.0)), 0.0)

    def last(self, code: np.ndarray, as_of: np.ndarray) -> np.ndarray:
        """Return the time of each pair's last event before `as_of`, -1 if there is none."""
        place = self.before(code, as_of)
        return self._time(place - 1, (code >= 0) & (place > self._start(code)))

    def first(self, code: np.ndarray, as_of: np.ndarray) -> np.ndarray:
        """Return the time of each pair's first event, -1 if it is not before `as_of`."""
        start = self._start(code)
        return self._time(start, (code >= 0) & (self.before(code, as_of) > start))

    def _running(self, half_life: int) -> np.ndarray:
        """Return the log of each pair's growing sum of 2**(time / half-life), one long pass.

        Each pair starts so far above the one before that what that held does not count.
        """
        if half_life not in self._sums:
            code, at = self.column >> TIME_BITS, self.column & (TIME_SPAN - 1)
            self._sums[half_life] = np.logaddexp.accumulate(
                code * CODE_GAP + at * (np.log(2) / half_life)
            )
        return self._sums[half_life]

    @cached_property
    def _sums(self) -> dict[int, np.ndarray]:
        return {}

    def _start(self, code: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.column, np.maximum(code, 0) << TIME_BITS)

    def _time(self, place: np.ndarray, some: np.ndarray) -> np.ndarray:
        if not len(self.column):
            return np.full(len(place), -1, np.int64)
        place = np.clip(place, 0, len(self.column) - 1)
        return np.where(some, self.column[place] & (TIME_SPAN - 1), -1)
