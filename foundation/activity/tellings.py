"""The reviews among the facts, as arrays for the rule of ``foundation.activity.reviews``."""

import numpy as np
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce

from foundation.activity.reviews import KINDS, UNNUMBERED, Tellings, pull_codes, told_again
from foundation.columns import columns

ON_COMMIT, ON_PULL = 1, 2
FIELDS = (
    F("pk"),
    F("change"),
    F("change__repository"),
    Coalesce("change__pull_request", UNNUMBERED),
    Case(
        When(change__kind="commit", then=ON_COMMIT),
        When(change__kind="pull_request", then=ON_PULL),
        default=0,
    ),
    Coalesce("identity__person", -F("identity")),
    Case(*(When(kind=name, then=place) for place, name in enumerate(sorted(KINDS)))),
    Coalesce("counterpart__person", UNNUMBERED),
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
    key, change, repository, pull, sort, person, kind, whom = columns(told, *FIELDS)
    tellings = Tellings(
        key=key,
        change=change,
        pull=pull_codes(repository, pull),
        on_pull=sort == ON_PULL,
        on_commit=sort == ON_COMMIT,
        person=person,
        kind=kind,
        at=np.arange(len(key)),
    )
    return tellings, whom


def keys_told_again(activities: QuerySet) -> frozenset[int]:
    """Keys of the reviews among these activities that another one of them tells as well."""
    tellings = read_tellings(activities)
    return frozenset(tellings.key[told_again(tellings)].tolist())
