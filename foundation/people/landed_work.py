"""The work behind the reasons of a match: what was written and what was reviewed, once it landed.

A review of a pull request is a review of the commit that landed it, as the ranker counts it.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.db.models import QuerySet

from foundation.activity.models import Activity, Change
from foundation.profiles.build import REVIEWS

# In some projects, to mentor a change is how it is reviewed.
GUIDANCE = REVIEWS | {"mentored"}
WORD = re.compile(r"[A-Z]?[a-z]{2,}[0-9]*|[A-Z]{2,}[0-9]*(?![a-z])")


FIELDS = ("paths", "subject", "author__person__public_id")


class Landed(NamedTuple):
    """A change as it landed: its paths, one a line, its subject, and its author's public id."""

    paths: str
    subject: str
    author: str

    def touches(self, place: str) -> bool:
        return any(f"{path}/".startswith(f"{place}/") for path in self.paths.split("\n"))

    def names(self, word: str) -> bool:
        """Is it one of the subject's words? camelCase is taken apart."""
        return word.lower() in {found.lower() for found in WORD.findall(self.subject)}


def reviews_here(facts: QuerySet[Activity], name: str) -> list[int]:
    return _reviews(facts, lambda landed: True)


def reviews_of_paths(facts: QuerySet[Activity], name: str) -> list[int]:
    return _reviews(facts, lambda landed: landed.touches(name))


def reviews_of_words(facts: QuerySet[Activity], name: str) -> list[int]:
    return _reviews(facts, lambda landed: landed.names(name))


def reviews_for(facts: QuerySet[Activity], name: str) -> list[int]:
    return _reviews(facts, lambda landed: landed.author == name)


def changes_of_paths(facts: QuerySet[Activity], name: str) -> list[int]:
    own = facts.filter(kind="authored", change__kind="commit", change__is_merge=False)
    rows = own.values_list("pk", *(f"change__{field}" for field in FIELDS))
    return [pk for pk, *fields in rows.iterator() if Landed(*fields).touches(name)]


def _reviews(facts: QuerySet[Activity], fits: Callable[[Landed], bool]) -> list[int]:
    """Keys of the reviews of fitting changes, in the order of the facts."""
    guidance = facts.filter(kind__in=GUIDANCE)
    landed_by = _landed_by(guidance)
    rows = guidance.values_list(
        "pk",
        "change__repository",
        "change__pull_request",
        "change__kind",
        *(f"change__{field}" for field in FIELDS),
    )
    found = []
    for pk, repository, number, kind, paths, subject, author in rows.iterator():
        landed = Landed(paths, subject, str(author)) if kind == "commit" else None
        if kind == "pull_request":
            landed = landed_by.get((repository, number))
        if landed is not None and fits(landed):
            found.append(pk)
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
        (repository, number): Landed(paths, subject, str(author))
        for repository, number, paths, subject, author in rows.iterator()
    }
