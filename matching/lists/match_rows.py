"""Lists as rows of the table of matches: tens of thousands a refresh, so written plainly."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from foundation.bulk import stored, write_rows
from foundation.people.holding import hold_shown
from foundation.projects.models import Project
from foundation.runs.models import Run, TrainedModel
from matching.lists.nudges import is_unflagged
from matching.lists.suggest import Mentee, Suggested
from matching.ranking.sources import MODEL
from mentorship.exposure import Offer
from mentorship.models import Match
from mentorship.places import full_mentors


class MatchRow(NamedTuple):
    """A place on a list as the database takes it: reasons as text take a third of the memory."""

    mentee: int
    mentor: int
    project: int
    kind: str
    rank: int
    score: float
    base: float
    reasons: str
    nearer: str
    method: str
    model: int | None
    as_of: str


def match_rows(
    project: Project,
    model: TrainedModel | None,
    run: Run,
    answers: Iterable[tuple[Mentee, list[Suggested]]],
) -> Iterator[MatchRow]:
    """Yield the rows of lists, each when its list is made."""
    as_of, learned = stored(run.as_of), model and model.pk
    for mentee, found in answers:
        kind = str(mentee.kind)
        for one in found:
            yield MatchRow(
                *(mentee.person, one.mentor, project.pk, kind, one.rank, one.score, one.base),
                *(json.dumps(one.reasons), json.dumps(one.nearer) if one.nearer else "[]"),
                *(one.method, learned if one.method == MODEL else None, as_of),
            )


def still_offered(rows: Collection[MatchRow], now: datetime) -> list[MatchRow]:
    """Those of these between two who are still there, and whose mentor still takes somebody.

    Begin the transaction that writes them with this: what the lists were made from is older.
    """
    shown = hold_shown({person for row in rows for person in (row.mentee, row.mentor)})
    free = shown - full_mentors(now)
    return [row for row in rows if row.mentee in shown and row.mentor in free]


def write_matches(rows: Iterable[MatchRow]) -> None:
    """Write the lists of mentees of whom none is there; the caller holds a transaction."""
    write_rows(Match, MatchRow._fields, rows)


def offers_in(rows: Iterable[MatchRow], model: TrainedModel | None) -> Iterator[Offer]:
    """The places on lists, as the log keeps them."""
    share, version = settings.UNFLAGGED_SHARE, model.version if model else ""
    for row in rows:
        known = version if row.method == MODEL else ""
        is_apart = is_unflagged(row.mentee, share)
        yield Offer(row.mentee, row.mentor, row.rank, row.method, known, is_apart)
