"""The reviews among the facts, as arrays for the rule of ``foundation.activity.reviews``."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from django.db.models import QuerySet

from foundation.activity.reviews import KINDS, UNNUMBERED, Tellings, pull_codes, told_again

CHUNK = 20_000
FIELDS = (
    "pk",
    "change",
    "change__kind",
    "change__repository",
    "change__pull_request",
    "identity",
    "identity__person",
    "kind",
)


def read_tellings(activities: QuerySet) -> Tellings:
    """The reviews among these activities that stand and are dated.

    Who is nobody (a bot) is told apart by identity: their ``person`` is negative. Instead of its
    time, each has its place in time: reading those would take longest.
    """
    return read_for_whom(activities)[0]


def read_for_whom(activities: QuerySet) -> tuple[Tellings, np.ndarray]:
    """The same, and for whose work each review is (a person, `UNNUMBERED` for nobody known)."""
    told = activities.filter(
        kind__in=KINDS, at__isnull=False, change__withdrawn_at__isnull=True
    ).order_by("at", "pk")
    rows = told.values_list(*FIELDS, "counterpart__person").iterator(chunk_size=5_000)
    parts, whom = [_tellings([])], [np.zeros(0, np.int64)]
    while chunk := list(islice(rows, CHUNK)):
        parts.append(_tellings([row[:-1] for row in chunk]))
        known = [UNNUMBERED if row[-1] is None else row[-1] for row in chunk]
        whom.append(np.array(known, np.int64))
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    found = Tellings(*(np.concatenate(column) for column in columns))
    return replace(found, at=np.arange(len(found.key))), np.concatenate(whom)


def keys_told_again(activities: QuerySet) -> frozenset[int]:
    """Keys of the reviews among these activities that another one of them tells as well."""
    tellings = read_tellings(activities)
    return frozenset(tellings.key[told_again(tellings)].tolist())


def _tellings(rows: Sequence[tuple]) -> Tellings:
    columns = list(zip(*rows, strict=True)) or [()] * len(FIELDS)
    key, change, of, repository, number, identity, person, kind = columns
    sort = np.array(of, dtype=object)
    number = np.array([UNNUMBERED if one is None else one for one in number], np.int64)
    who = [-one if known is None else known for one, known in zip(identity, person, strict=True)]
    kinds = {name: place for place, name in enumerate(sorted(KINDS))}
    return Tellings(
        key=np.array(key, np.int64),
        change=np.array(change, np.int64),
        pull=pull_codes(np.array(repository, np.int64), number),
        on_pull=sort == "pull_request",
        on_commit=sort == "commit",
        person=np.array(who, np.int64),
        kind=np.array([kinds[name] for name in kind], np.int64),
        at=np.zeros(len(key), np.int64),
    )
