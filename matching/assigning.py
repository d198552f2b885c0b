"""The step that assigns a cohort: rows in, the engine of ``matching.cohort``, rows out."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from foundation.people.holding import hold_shown
from foundation.projects.models import Project
from foundation.runs import ledger
from foundation.runs.models import Run
from matching.casting import cast_of, left_out, rests_on
from matching.cohort.answer import answer, assign
from matching.cohort.cast import Cast
from matching.cohort.problem import Infeasible, build
from mentorship.models import Cohort, CohortPlacement


def assign_cohort(run: Run) -> dict:
    """Compute the cohort whose primary key is the run's scope; a published one stays as it is."""
    cohort = Cohort.objects.filter(pk=run.scope).first()
    if cohort is None or cohort.is_published:
        return {"cohort": None}
    cast = cast_of(cohort, run.as_of)
    known = {"left_out": left_out(), "rests_on": rests_on(cast, run.as_of)}
    try:
        problem = build(cast)
    except Infeasible as error:
        faults = [asdict(fault) for fault in error.faults]
        _write(
            run,
            cohort,
            [],
            state=Cohort.State.INFEASIBLE,
            summary=_limits(cast) | known,
            faults=faults,
        )
        return {"faults": len(faults)}
    found = assign(problem, cohort.engine, cohort.objective, seed=cohort.seed)
    told = answer(problem, found)
    summary = told["summary"] | known
    # Its faults stay: they say why the preview before was not published.
    _write(run, cohort, told["placements"], state=Cohort.State.PREVIEW, summary=summary)
    return {key: summary[key] for key in ("mentees", "matched", "blocking_pairs")}


def _limits(cast: Cast) -> dict:
    """What a steward chooses from when nobody could be placed: all limits, none of them in use."""
    return {
        "mentees": len(cast.mentees),
        "mentors": {one.key: [0, one.places] for one in cast.mentors},
        "projects": {one.key: [0, one.places] for one in cast.projects},
    }


def _write(run: Run, cohort: Cohort, placements: list[dict], **fields) -> None:
    projects = dict(Project.objects.values_list("slug", "pk"))
    rows = [_placement(cohort, projects, one) for one in placements]
    people = {person for row in rows for person in (row.mentee_id, row.mentor_id)} - {None}
    with transaction.atomic():
        ledger.hold(run)
        shown = hold_shown(people) | {None}
        rows = [row for row in rows if {row.mentee_id, row.mentor_id} <= shown]
        mine = Cohort.objects.unpublished().filter(pk=cohort.pk)
        if mine.update(as_of=run.as_of, computed_at=timezone.now(), **fields):
            CohortPlacement.objects.filter(cohort=cohort).delete()
            CohortPlacement.objects.bulk_create(rows, batch_size=500)


def _placement(cohort: Cohort, projects: dict[str, int], told: dict) -> CohortPlacement:
    return CohortPlacement(
        cohort=cohort,
        mentee_id=int(told["mentee"]),
        mentor_id=None if told["mentor"] is None else int(told["mentor"]),
        project_id=projects.get(told["project"]),
        rank=told["rank"],
        score=told["score"],
        why_not=told["why_not"],
        would_help=told["would_help"],
    )
