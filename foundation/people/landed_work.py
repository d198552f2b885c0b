"""The work behind the reasons of a match: what was written and what was reviewed, once it landed.

A review of a pull request is a review of the commit that landed it, as the ranker counts it.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from foundation.activity.models import Activity, Change
from foundation.activity.reviews import KINDS as REVIEWS
from foundation.profiles.affiliations import organisation_of

# In some projects, to mentor a change is how it is reviewed.
GUIDANCE = REVIEWS | {"mentored"}
WORD = re.compile(r"[A-Z]?[a-z]{2,}[0-9]*|[A-Z]{2,}[0-9]*(?![a-z])")


LINKS = ("coauthored", "landed", "helped", "tested")  # who else had a part in a change
NEWCOMER_BELOW = 10  # changes in the whole community
FIELDS = (
    *("pk", "paths", "subject", "landed_at"),
    *("author__person", "author__person__public_id", "author__email"),
)
Begins = datetime | None


class Landed(NamedTuple):
    """A change as it landed: its key, its paths, one a line, its subject, when; its author's person
    by primary key and by public id, and the address it was made under."""

    pk: int
    paths: str
    subject: str
    at: datetime | None
    person: int | None
    author: UUID | None
    email: str

    def touches(self, place: str) -> bool:
        return any(f"{path}/".startswith(f"{place}/") for path in self.paths.split("\n"))

    def names(self, word: str) -> bool:
        """Is it one of the subject's words? camelCase is taken apart."""
        return word.lower() in {found.lower() for found in WORD.findall(self.subject)}


def reviews_here(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return _reviews(facts, begins, lambda landed: True)


def reviews_of_paths(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return _reviews(facts, begins, lambda landed: landed.touches(name))


def reviews_of_words(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return _reviews(facts, begins, lambda landed: landed.names(name))


def reviews_for(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return _reviews(facts, begins, lambda landed: str(landed.author) == name)


def reviews_for_organisation(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return _reviews(facts, begins, lambda landed: organisation_of(landed.email or "") == name)


def reviews_for_newcomers(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    """Reviews of somebody's first changes in the whole community."""
    reviews = _landed_reviews(facts, begins)
    first = _first_changes({landed.person for _, landed in reviews} - {None})
    return [pk for pk, landed in reviews if landed.pk in first]


def _first_changes(people: set[int]) -> set[int]:
    landed = Change.objects.standing().filter(
        kind="commit", is_merge=False, author__person__in=people, landed_at__isnull=False
    )
    earlier: Counter = Counter()
    first = set()
    for pk, person in landed.order_by("landed_at", "pk").values_list("pk", "author__person"):
        if earlier[person] < NEWCOMER_BELOW:
            first.add(pk)
        earlier[person] += 1
    return first


def own_changes(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return [pk for pk, _ in _own(facts)]


def changes_of_paths(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    return [pk for pk, landed in _own(facts) if landed.touches(name)]


def shared_work(facts: QuerySet[Activity], name: str, begins: Begins) -> list[int]:
    """What two people did about each other's changes; whose, the facts have decided."""
    return list(facts.filter(kind__in=LINKS).values_list("pk", flat=True))


def _own(facts: QuerySet[Activity]) -> list[tuple[int, Landed]]:
    own = facts.filter(kind="authored", change__kind="commit", change__is_merge=False)
    rows = own.values_list("pk", *(f"change__{field}" for field in FIELDS))
    return [(pk, Landed(*fields)) for pk, *fields in rows.iterator()]


def _reviews(
    facts: QuerySet[Activity], begins: Begins, fits: Callable[[Landed], bool]
) -> list[int]:
    """Keys of the reviews of fitting changes, in the order of the facts."""
    return [pk for pk, landed in _landed_reviews(facts, begins) if fits(landed)]


def _landed_reviews(facts: QuerySet[Activity], begins: Begins) -> list[tuple[int, Landed]]:
    """Reviews by key, with the change that landed; of what never landed there are none, nor of
    one's own work, nor of what is nobody's, nor of what was known before ``begins``: a review is
    known once its change has landed."""
    guidance = facts.filter(kind__in=GUIDANCE)
    landed_by = _landed_by(guidance)
    rows = guidance.values_list(
        "pk",
        "at",
        "identity__person",
        "change__repository",
        "change__pull_request",
        "change__kind",
        *(f"change__{field}" for field in FIELDS),
    )
    found = []
    for pk, at, reviewer, repository, number, kind, *fields in rows.iterator():
        landed = Landed(*fields) if kind == "commit" else None
        if kind == "pull_request":
            landed = landed_by.get((repository, number))
        if landed is None or landed.person in (None, reviewer):
            continue
        if begins is None or max(at, landed.at or at) >= begins:
            found.append((pk, landed))
    return found


def _landed_by(guidance: QuerySet[Activity]) -> dict[tuple[int, int], Landed]:
    """(repository, pull request) → the commit that landed it."""
    asked = guidance.filter(change__kind="pull_request").order_by()
    rows = (
        Change.objects.standing()
        .filter(
            kind="commit",
            repository__in=asked.values("change__repository"),
            pull_request__in=asked.values("change__pull_request"),
        )
        .order_by("pk")
        .values_list("repository", "pull_request", *FIELDS)
    )
    return {
        (repository, number): Landed(*fields) for repository, number, *fields in rows.iterator()
    }
