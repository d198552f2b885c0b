"""Does a preview still hold? Judged anew, by today's limits and rules, before it is published."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from matching.casting import cast_as_placed
from matching.cohort.assignment import Assignment
from matching.cohort.checker import check
from matching.cohort.problem import Problem, build
from mentorship.models import Cohort, CohortPlacement, Exposure, MentorRequest

OVER = {"mentor_full": "mentor", "project_full": "project"}  # the checker's codes


def faults_today(cohort: Cohort, now: datetime) -> list[dict]:
    """What stands against the preview as it is now; [] when all of it may be published.

    Codes as in ``cohort_words.OUTDATED``; ``placed_`` is followed by what rules a pair out.
    """
    rows = list(cohort.placements.select_related("project"))
    faults = [{"code": "somebody_left"}] if len(rows) < cohort.summary.get("mentees", 0) else []
    placed = [row for row in rows if row.mentor_id is not None]
    problem = build(cast_as_placed(cohort, placed, now))
    return [*faults, *_no_longer_asking(rows), *_ruled_out(problem), *_over(problem)]


def _no_longer_asking(rows: list[CohortPlacement]) -> Iterator[dict]:
    """Whom nobody has to place any more: they work with somebody, took their wish back, or hide."""
    asked = set(MentorRequest.objects.to_be_met().values_list("person", "project"))
    asking = {person for person, _ in asked}
    working = set(Exposure.objects.open_mentorships().values_list("mentee", flat=True))
    for row in sorted(rows, key=lambda row: row.mentee_id):
        was_wished = bool(row.rank)  # neither pinned nor without a place
        wish = row.mentee_id, row.project_id
        if row.mentee_id not in asking or (was_wished and wish not in asked):
            code = "mentee_mentored" if row.mentee_id in working else "mentee_gone"
            yield {"code": code, "mentee": row.mentee_id}


def _ruled_out(problem: Problem) -> Iterator[dict]:
    barred = problem.excluded
    for row, (mentee, offer) in enumerate(zip(barred.mentee, barred.offer, strict=True)):
        reason = barred.words(row)
        yield {
            "code": "placed_co_mentor" if reason.startswith("co_") else f"placed_{reason}",
            "mentee": problem.mentees[mentee],
            "mentor": problem.mentors[problem.offer_mentor[offer]],
            "project": problem.projects[problem.offer_project[offer]],
        }


def _over(problem: Problem) -> Iterator[dict]:
    """Limits that do not hold if everybody takes their place; co-mentors count as well."""
    everybody = Assignment.of_rows(problem, np.arange(len(problem.mentee)))
    for code, key, count, limit in check(problem, everybody).faults:
        kind = OVER[code]
        is_closed = kind == "mentor" and limit == 0
        found = f"{kind}_closed" if is_closed else f"{kind}_over"
        yield {"code": found, kind: key, "count": count, "limit": limit}
