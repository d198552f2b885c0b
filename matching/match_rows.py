"""Lists as rows of the table of matches: tens of thousands a refresh, so written plainly."""

import json
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings

from foundation.bulk import stored, write_rows
from foundation.projects.models import Project
from foundation.runs.models import Run, TrainedModel
from matching.nudges import is_unflagged
from matching.sources import MODEL
from matching.suggest import Mentee, Suggested
from mentorship.exposure import Offer
from mentorship.models import Match

Answers = Sequence[tuple[Mentee, list[Suggested]]]

FIELDS = ("mentee", "mentor", "project", "kind", "rank", "score", "base", "reasons", "nearer")
FIELDS += ("method", "model", "as_of")


def write_matches(project: Project, model: TrainedModel | None, run: Run, answers: Answers) -> None:
    """Write the lists of mentees of whom none is there; the caller holds a transaction."""
    write_rows(Match, FIELDS, _rows(project.pk, model and model.pk, stored(run.as_of), answers))


def _rows(project: int, model: int | None, as_of: str, answers: Answers) -> Iterator[tuple]:
    for mentee, found in answers:
        kind = str(mentee.kind)
        for one in found:
            yield (
                *(mentee.person, one.mentor, project, kind, one.rank, one.score, one.base),
                *(
                    json.dumps(one.reasons),
                    json.dumps(one.nearer) if one.nearer else "[]",
                    one.method,
                ),
                *(model if one.method == MODEL else None, as_of),
            )


def offers_in(answers: Answers, model: TrainedModel | None) -> Iterable[Offer]:
    """The places on lists, as the log keeps them."""
    share, version = settings.UNFLAGGED_SHARE, model.version if model else ""
    for mentee, found in answers:
        unflagged = is_unflagged(mentee.person, share)
        for one in found:
            known = version if one.method == MODEL else ""
            yield Offer(
                *(mentee.person, one.mentor, one.rank, one.method, known),
                is_unflagged=unflagged,
            )
