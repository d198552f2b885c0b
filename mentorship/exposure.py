"""Who was suggested to whom, and what came of it: the log that keeps the ranking honest.

A refresh writes what it offers; that it was seen, asked and answered is told by a POST of the
people concerned; that they worked together later is read from the facts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When

from foundation.activity.models import Activity
from foundation.bulk import change_rows, stored, write_rows
from foundation.people.known import IN_BATCH, batches
from foundation.people.landed_work import GUIDANCE
from foundation.people.models import Lull, Person
from foundation.projects.models import Project
from mentorship.models import CohortPlacement, Exposure
from mentorship.shortlist import shortlists

WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class Offer:
    """A place on a list: primary keys of mentee and mentor, and where it comes from."""

    mentee: int
    mentor: int
    rank: int
    method: str
    model_version: str = ""
    is_unflagged: bool = False

    @property
    def place(self) -> tuple:
        return self.rank, self.method, self.model_version, self.is_unflagged


_PLACE = ("rank", "method", "model_version", "is_unflagged")
_FRESH = ("project", "mentee", "mentor", "offered_at", "answer", *_PLACE)


def note_offers(
    project: Project, offers: Iterable[Offer], *, now: datetime, kept: Collection[int] = ()
) -> None:
    """Log the lists of a project as they are now; the caller's transaction holds both together.

    While nobody has seen it, a row follows the newest list. The mentees ``kept`` (primary keys)
    have the lists of before: none of their offers comes.
    """
    here = Exposure.objects.standing().filter(project=project).exclude(mentee__in=kept)
    standing = {
        (mentee, mentor): (pk, seen_at, tuple(place))
        for mentee, mentor, pk, seen_at, *place in here.in_turn().values_list(
            "mentee", "mentor", "pk", "seen_at", *_PLACE
        )
    }
    moved, fresh, offered_at = [], [], stored(now)
    for offer in offers:
        row = standing.pop((offer.mentee, offer.mentor), None)
        if row is None:
            fresh.append((project.pk, offer.mentee, offer.mentor, offered_at, "", *offer.place))
            continue
        pk, seen_at, place = row
        if seen_at is None and place != offer.place:
            moved.append((pk, *offer.place))
    gone = [pk for pk, *_ in standing.values()]
    for some in batches(gone):
        Exposure.objects.filter(pk__in=some).update(ended_at=now)
    if moved:
        change_rows(Exposure, _PLACE, moved)
    write_rows(Exposure, _FRESH, fresh)


def crowd(project: Project, *, leaving_out: Collection[int], now: datetime) -> dict[int, float]:
    """The load of each mentor of a project by primary key; those without any are left out.

    How many mentees had them first on a list within 30 days, and their open mentorships here.
    The mentees (primary keys) whose lists are being made anew are left out, so that the same
    facts give the same lists again.
    """
    recent = Exposure.objects.on_lists().filter(project=project, rank=1)
    recent = recent.exclude(ended_at__lte=now - WINDOW)
    mentored = Exposure.objects.open_mentorships().filter(project=project)
    left = set(leaving_out)
    pairs = {pair for pair in recent.values_list("mentee", "mentor") if pair[0] not in left}
    loads: dict[int, float] = {}
    for mentor in [mentor for _, mentor in pairs] + list(mentored.values_list("mentor", flat=True)):
        loads[mentor] = loads.get(mentor, 0.0) + 1
    return loads


def note_joint_work(project: Project, *, now: datetime) -> int:
    """Note which mentors reviewed their mentee's work since they were offered; how many rows."""
    here = Exposure.objects.filter(project=project)
    waiting = here.filter(worked_at__isnull=True, offered_at__gt=now - Exposure.CREDITED)
    rows = list(waiting.order_by().values_list("pk", "mentee", "mentor", "offered_at"))
    if not rows:
        return 0
    met = _meetings(project, min(offered_at for *_, offered_at in rows), now)
    found = []
    for pk, mentee, mentor, offered_at in rows:
        later = [at for at in met.get((mentor, mentee), ()) if at > offered_at]
        if later:
            found.append(Exposure(pk=pk, worked_at=min(later)))
    if found:  # with all that ``note_offers`` may take next, which would be out of turn
        taken = here.filter(Q(ended_at__isnull=True) | Q(pk__in=[row.pk for row in found]))
        list(taken.in_turn().values_list("pk"))
    return Exposure.objects.bulk_update(found, ["worked_at"], batch_size=IN_BATCH)


def _meetings(project: Project, since: datetime, now: datetime) -> dict[tuple[int, int], list]:
    """(who reviewed, whose work) → when, between two moments."""
    facts = Activity.objects.filter(
        kind__in=GUIDANCE,
        change__repository__project=project,
        change__withdrawn_at__isnull=True,
        at__gt=since,
        at__lt=now,
        identity__person__isnull=False,
    ).values_list("identity__person", "change__author__person", "at")
    met: dict[tuple[int, int], list] = {}
    for mentor, mentee, at in facts.iterator():
        met.setdefault((mentor, mentee), []).append(at)
    return met


def note_seen(person: Person, *, now: datetime) -> int:
    """The person has their lists before them: what is not folded away was seen. How many rows."""
    shown = [
        (each.project.pk, suggestion.match.mentor_id)
        for each in shortlists(person, now=now)
        for suggestion in each.first
    ]
    unseen = Exposure.objects.standing().filter(mentee=person, seen_at__isnull=True)
    with transaction.atomic():
        rows = [
            pk
            for pk, project, mentor in unseen.in_turn().values_list("pk", "project", "mentor")
            if (project, mentor) in shown
        ]
        return Exposure.objects.filter(pk__in=rows).update(seen_at=now)


@transaction.atomic
def note_asked(exposure: Exposure, *, now: datetime) -> bool:
    """The mentee wrote to the mentor, so they have seen it; False when that was noted before.

    Nor is anything asked once a steward has placed the two.
    """
    mine = Exposure.objects.filter(pk=exposure.pk)
    if not mine.filter(asked_at__isnull=True, answer="").update(asked_at=now):
        return False
    mine.filter(seen_at__isnull=True).update(seen_at=now)
    return True


def waiting_for(mentor: Person) -> QuerySet[Exposure]:
    """Who wrote to the mentor and has no answer yet, the first first."""
    rows = mentor.exposures_as_mentor.waiting()
    shown = rows.filter(mentee__is_hidden=False, mentee__erased_at__isnull=True)
    return shown.select_related("mentee", "project").order_by("asked_at", "pk")


def mentorships_of(mentor: Person, *, now: datetime) -> QuerySet[Exposure]:
    """With whom the mentor works, by name; ``mentee.quiet`` holds the lull they may know of.

    Whoever hides comes last and is not to be named: they take a place, which must be able to end.
    """
    quiet = Prefetch("mentee__lulls", Lull.objects.open_to_mentors(now), to_attr="quiet")
    working = mentor.exposures_as_mentor.open_mentorships()
    found = working.select_related("mentee", "project").prefetch_related(quiet)
    unnamed = Case(When(mentee__is_hidden=True, then=Value("")), default="mentee__name")
    return found.order_by("mentee__is_hidden", unnamed, "pk")


def mentors_of(mentee: Person, *, placed: CohortPlacement | None) -> QuerySet[Exposure]:
    """With whom the mentee works beside the place that is given, the first first."""
    working = mentee.exposures.open_mentorships()
    if placed:
        working = working.exclude(placement=placed)
    return working.select_related("mentor", "project").order_by("answered_at", "pk")


def forget(now: datetime) -> int:
    """Delete what is older than the house keeps it, and stands on no list; how many rows.

    A co-mentor's end stands nowhere else: it is kept as long as the place is.
    """
    before = now - timedelta(days=settings.EXPOSURE_DAYS)
    old = Exposure.objects.filter(ended_at__lt=before)
    old = old.filter(Q(placement=None) | Q(mentor=F("placement__mentor")))
    return old.exclude(pk__in=Exposure.objects.open_mentorships()).delete()[0]
