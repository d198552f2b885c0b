"""Which tellings are of one and the same review. One rule for all who count; arrays in, mask out.

A review of a pull request may be told by GitHub's events, several times if somebody reviewed more
than once, and by a trailer of the commit that landed it. It is one review: the commit's word goes
first, since it knows the paths; of events the earliest counts. Facts are kept as they were told,
so it makes no difference in which order they came in, nor when two identities turned out to be one
person.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

KINDS = frozenset({"reviewed", "acked"})
UNNUMBERED = -1


@dataclass(frozen=True)
class Tellings:
    """Reviews as they were told; arrays of one length.

    ``key`` of the activity, ``change`` it is about, ``pull`` a code of the repository and the
    number of the pull request (`UNNUMBERED` without), whether it was told ``on_pull`` request or
    ``on_commit``, by which ``person``, of what ``kind`` (any number that tells kinds apart), and
    when (``at``, seconds or any number that grows with them).
    """

    key: np.ndarray
    change: np.ndarray
    pull: np.ndarray
    on_pull: np.ndarray
    on_commit: np.ndarray
    person: np.ndarray
    kind: np.ndarray
    at: np.ndarray

    def take(self, rows: np.ndarray) -> "Tellings":
        return Tellings(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def pull_codes(repository: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Codes of pull requests; `UNNUMBERED` where the number is negative."""
    return np.where(number < 0, UNNUMBERED, (repository.astype(np.int64) << 32) + number)


def told_again(tellings: Tellings) -> np.ndarray:
    """Which tellings are of a review that another one of these tells: a mask, shape (n,).

    Of one person's tellings about one change and of one kind the first counts; about a pull
    request there is but one kind. None of those counts where the person is told by a commit too.
    """
    kind = np.where(tellings.on_pull, 0, 1 + tellings.kind)
    order = np.lexsort((tellings.key, tellings.at, kind, tellings.person, tellings.change))
    same = np.zeros(len(order), bool)
    if len(order):
        same[1:] = True
        for column in (tellings.change, tellings.person, kind):
            same[1:] &= np.diff(column[order]) == 0
    again = np.zeros(len(order), bool)
    again[order] = same
    return again | _told_by_a_commit(tellings) if tellings.on_pull.any() else again


def _told_by_a_commit(tellings: Tellings) -> np.ndarray:
    """Which were told about a pull request by whom a commit that landed it names as well."""
    known = set(_pairs(tellings, tellings.on_commit & (tellings.pull != UNNUMBERED)))
    told = np.zeros(len(tellings.key), bool)
    told[tellings.on_pull] = [pair in known for pair in _pairs(tellings, tellings.on_pull)]
    return told


def _pairs(tellings: Tellings, rows: np.ndarray) -> Iterator[tuple[int, int]]:
    """The pull request and the person of each of these rows."""
    return zip(tellings.pull[rows].tolist(), tellings.person[rows].tolist(), strict=True)
