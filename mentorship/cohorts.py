"""The verbs of a cohort: preview, rule, what-if, publish. The computing is a run of the ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from foundation.people.holding import hold_each
from foundation.people.models import Person
from foundation.projects.models import Project
from foundation.runs import ledger
from foundation.runs.models import Run
from mentorship import asking, beginning
from mentorship.models import Cohort, CohortPlacement, CoMentor, PairRule

# Named, not imported: it lies on the floor above. (cohort, now) → what stands against publishing.
JUDGE = "matching.judging.faults_today"
ASSIGN = "assign"  # the task that computes a cohort; its scope is the cohort's primary key
SETTINGS = (
    "engine",
    "objective",
    "seed",
    "min_hours",
    "common_language",
    "places_a_project",
    "more_places",
)


class NotPublishable(Exception):
    """The cohort is not a finished preview (any more), or is another one than was looked at."""


@transaction.atomic
def preview(name: str, *, by, now: datetime, **settings) -> Cohort:
    """Begin a cohort; its answer follows in a moment."""
    cohort = Cohort.objects.create(name=name, made_by=by, made_at=now, **settings)
    _owe(cohort, now)
    return cohort


def _owe(cohort: Cohort, now: datetime) -> None:
    note = {"scope_name": cohort.name}
    run = ledger.owe(ASSIGN, str(cohort.pk), ledger.stamp(now), as_of=now, note=note)
    ledger.wake(run.pk)


@transaction.atomic
def compute_again(cohort: Cohort, *, now: datetime, faults: Sequence[Mapping] = ()) -> bool:
    """Compute an unpublished cohort anew; False when it is published.

    ``faults`` say why a publication was refused; they stand until the next computing.
    """
    mine = Cohort.objects.unpublished().filter(pk=cohort.pk)
    if not mine.update(state=Cohort.State.WAITING, faults=list(faults)):
        return False
    _owe(cohort, now)
    return True


@transaction.atomic
def compute_both(cohort: Cohort, *, now: datetime) -> bool:
    """Compute a cohort, and what it is compared with, of the same moment; False as above."""
    if cohort.based_on is not None:
        compute_again(cohort.based_on, now=now)
    return compute_again(cohort, now=now)


@transaction.atomic
def add_rule(
    cohort: Cohort,
    kind: str,
    mentee: Person,
    mentor: Person,
    *,
    by,
    now: datetime,
    project: Project | None = None,
) -> bool:
    """Pin or forbid a pair here, or declare a conflict for good; False when it is published."""
    if not compute_again(cohort, now=now):
        return False
    _write_rule(cohort, kind, mentee, mentor, project, by=by, now=now)
    return True


def _write_rule(cohort, kind, mentee, mentor, project, *, by, now) -> None:
    PairRule.objects.update_or_create(
        cohort=None if kind == PairRule.Kind.CONFLICT else cohort,
        kind=kind,
        mentee=mentee,
        mentor=mentor,
        defaults={"project": project if kind == PairRule.Kind.PIN else None},
        create_defaults={
            "project": project if kind == PairRule.Kind.PIN else None,
            "made_by": by,
            "made_at": now,
        },
    )


@transaction.atomic
def drop_rule(cohort: Cohort, rule: PairRule, *, now: datetime) -> bool:
    """Take a rule back and compute the cohort anew; False when it is published."""
    if not compute_again(cohort, now=now):
        return False
    rule.delete()
    return True


@transaction.atomic
def add_co_mentor(cohort: Cohort, mentor: Person, project: Project, *, by, now: datetime) -> bool:
    """Let somebody help with every mentee of a project here; False when it is published."""
    if not compute_again(cohort, now=now):
        return False
    CoMentor.objects.get_or_create(
        cohort=cohort, project=project, mentor=mentor, defaults={"made_by": by, "made_at": now}
    )
    return True


@transaction.atomic
def drop_co_mentor(cohort: Cohort, co_mentor: CoMentor, *, now: datetime) -> bool:
    """Take a co-mentor's duty back and compute anew; False when it is published."""
    if not compute_again(cohort, now=now):
        return False
    co_mentor.delete()
    return True


@transaction.atomic
def what_if(cohort: Cohort, change: Mapping, *, by, now: datetime) -> Cohort:
    """A second preview beside this one, in which a single thing differs.

    ``change`` is a code with what it is about: ``{"code": "settings", …}`` with some of SETTINGS,
    ``{"code": "mentor_place", "mentor": pk}``, ``{"code": "project_place", "project": slug}``,
    ``{"code": "pin" or "forbidden", "mentee": pk, "mentor": pk, "project": slug or None}``.
    """
    settings = {name: getattr(cohort, name) for name in SETTINGS}
    settings |= {name: change[name] for name in SETTINGS if name in change}
    more = {kind: dict(places) for kind, places in cohort.more_places.items()}
    if change["code"] in ("mentor_place", "project_place"):
        kind = change["code"].removesuffix("_place")
        places = more.setdefault(f"{kind}s", {})
        key = str(change[kind])
        places[key] = places.get(key, 0) + 1
    beside = Cohort(name=cohort.name, based_on=cohort, change=dict(change), made_by=by, made_at=now)
    for name, value in (settings | {"more_places": more}).items():
        setattr(beside, name, value)
    beside.save()
    _copy_rules(cohort, beside)
    if change["code"] in (PairRule.Kind.PIN, PairRule.Kind.FORBIDDEN):
        pair = [Person.objects.get(pk=change[role]) for role in ("mentee", "mentor")]
        project = Project.objects.filter(slug=change.get("project")).first()
        _write_rule(beside, change["code"], *pair, project, by=by, now=now)
    _owe(beside, now)
    return beside


def _copy_rules(cohort: Cohort, beside: Cohort) -> None:
    for model, rows in ((PairRule, cohort.rules.all()), (CoMentor, cohort.co_mentors.all())):
        copies = list(rows)
        for row in copies:
            row.pk, row.cohort = None, beside
        model.objects.bulk_create(copies)


@transaction.atomic
def publish(cohort: Cohort, *, by) -> list[dict]:
    """Make a preview known, and let every mentorship in it begin. Raises NotPublishable.

    It is the one that the caller has read: what was computed anew since is not published unseen.
    Whatever stands against it today is returned: nothing is published then, and the cohort is
    computed anew. [] when it is published.
    """
    read = {"state": Cohort.State.PREVIEW, "computed_at": cohort.computed_at}
    mine = Cohort.objects.filter(pk=cohort.pk, **read)
    under_way = Run.objects.unfinished().filter(task=ASSIGN, scope=str(cohort.pk))
    if not mine.select_for_update().first() or under_way.exists():
        raise NotPublishable(f"Cohort {cohort.pk} is no finished preview.")
    # A place is given once, and to somebody who is there.
    hold_each({person for _, *pair in _mentorships(cohort) for person in pair})
    # Of those who were waited for, some may be gone, and lists be made: nothing is dated before.
    placed, now = _mentorships(cohort), timezone.now()
    if faults := import_string(JUDGE)(cohort, now):
        compute_again(cohort, now=now, faults=faults)
        return faults
    mine.update(state=Cohort.State.PUBLISHED, faults=[], published_by=by, published_at=now)
    beginning.begin_each(placed, now=now)
    asking.close_met(cohort, now=now)
    return []


def _mentorships(cohort: Cohort) -> dict[tuple[int, int, int], int]:
    """(project, mentee, mentor) → the place that begins it, all as primary keys.

    Whoever helps in a project works with every mentee there.
    """
    helpers = defaultdict(list)
    for project, helper in cohort.co_mentors.values_list("project", "mentor"):
        helpers[project].append(helper)
    placed = CohortPlacement.objects.filter(cohort=cohort, mentor__isnull=False).order_by()
    return {
        (project, mentee, one): place
        for place, project, mentee, mentor in placed.values_list(
            "pk", "project", "mentee", "mentor"
        )
        for one in (mentor, *helpers[project])
    }


def discard(cohort: Cohort) -> bool:
    """Throw an unpublished cohort away; False when it is published."""
    return bool(Cohort.objects.unpublished().filter(pk=cohort.pk).delete()[0])
