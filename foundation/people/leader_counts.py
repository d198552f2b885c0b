"""How much there is of what a leader's reason counts: the very work that its page lists.

A model may count the same thing by finer rules (a review when its change landed, at most a few
changes of a day); a sentence says what its readers can count themselves.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Value

from foundation.activity.models import Activity
from foundation.people.backing import Claim, backing
from foundation.people.leader_reasons import LANDED, LISTED, SENTENCES, counted_since
from foundation.people.models import Person
from foundation.profiles.evidence import areas_of_path
from foundation.projects.models import Project

IN_BATCH = 5_000
WEEK, DAY = timedelta(days=7), timedelta(days=1)
AREA_DEPTH = 2


class Piece(NamedTuple):
    """One piece of listed work: when, by whom, about whose change (keys of people, or None), and
    the paths, one a line, of what a person wrote."""

    at: datetime
    by: int | None
    author: int | None
    paths: str


def weeks_in(pieces: list[Piece], since: datetime | None, as_of: datetime) -> int:
    """In how many of the weeks back from a moment something was done."""
    return len({(as_of - piece.at) // WEEK for piece in pieces if not since or piece.at >= since})


def areas_in(pieces: list[Piece]) -> int:
    """The different folders, two deep at most, that were worked in."""
    paths = {path for piece in pieces for path in piece.paths.split("\n")}
    return len({areas_of_path(path)[:AREA_DEPTH][-1:] for path in paths} - {()})


COUNTS: dict[str, Callable[[list[Piece], datetime | None, datetime], float]] = {
    "rhythm": weeks_in,
    "recency": lambda pieces, since, as_of: (as_of - max(one.at for one in pieces)) / DAY,
    "work": lambda pieces, since, as_of: len(pieces),
    "tenure": lambda pieces, since, as_of: (as_of - min(one.at for one in pieces)) / DAY,
    "breadth": lambda pieces, since, as_of: areas_in(pieces),
    "reviews_given": lambda pieces, since, as_of: len(pieces),
    "newcomers_helped": lambda pieces, since, as_of: len({one.author for one in pieces} - {None}),
    "reviews_received": lambda pieces, since, as_of: len({one.by for one in pieces} - {None}),
}


class Counting:
    """Counts the work of one person in one project before a moment; each page is read once."""

    def __init__(self, person: Person, project: Project, as_of: datetime):
        self.person, self.project, self.as_of = person, project, as_of
        self._read: dict[Claim, list[Piece]] = {}

    def with_count(self, reason: dict) -> dict:
        """The reason, its evidence with what its page lists; as it is where no page says it."""
        code = reason["feature"]
        if code not in COUNTS or reason["contribution"] <= 0:
            return reason
        return reason | {"evidence": reason["evidence"] | {LISTED: self.of(code)}}

    def of(self, code: str) -> float | None:
        """How much a reason's page lists; None where it lists nothing."""
        since = counted_since(SENTENCES[code].days, self.as_of)
        pieces = self._pieces(Claim(SENTENCES[code].link, since=since))
        return COUNTS[code](pieces, since, self.as_of) if pieces else None

    def _pieces(self, claim: Claim) -> list[Piece]:
        if claim not in self._read:
            self._read[claim] = list(self._listed(claim))
        return self._read[claim]

    def _listed(self, claim: Claim) -> Iterator[Piece]:
        paths = F("change__paths") if claim.kind == LANDED else Value("")
        keys = backing(self.person, self.project, claim)
        for start in range(0, len(keys), IN_BATCH):
            rows = Activity.objects.filter(pk__in=keys[start : start + IN_BATCH], at__lt=self.as_of)
            for row in rows.values_list("at", "identity__person", "change__author__person", paths):
                yield Piece(*row)
