"""How mentorships begin: by the mentor's word to who wrote, or by a steward's placement."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from foundation.bulk import change_rows, stored
from foundation.people.holding import hold_each
from foundation.people.known import IN_BATCH, batches
from mentorship.models import Exposure
from mentorship.places import has_place_for

Pair = tuple[int, int, int]  # project, mentee and mentor, as primary keys


class NoPlaceLeft(Exception):
    """A mentor works with as many mentees as they have places."""


@transaction.atomic
def answer(exposure: Exposure, *, accepted: bool, now: datetime) -> bool:
    """The mentor's answer; False when there is one already, or nobody asked.

    Whom they work with takes one of their places. Whatever else the two are asked in the project
    is answered with it, and begins nothing of its own. Raises NoPlaceLeft.
    """
    project, mentee, mentor = exposure.pair
    hold_each({mentee, mentor})
    between = Exposure.objects.filter(project=project, mentee=mentee, mentor=mentor)
    asked = [row.pk for row in between.waiting().in_turn()]
    if exposure.pk not in asked:
        return False
    mine = Exposure.objects.filter(pk=exposure.pk)
    if not accepted:
        return bool(mine.update(answer=Exposure.Answer.DECLINED, answered_at=now))
    if not has_place_for(mentor, mentee):
        raise NoPlaceLeft(f"All places of mentor {mentor} are taken.")
    is_fresh = not between.open_mentorships().exists()
    said = {"answer": Exposure.Answer.ACCEPTED, "answered_at": now}
    between.filter(pk__in=asked).update(**said, finished_at=now)
    if is_fresh:
        mine.update(finished_at=None)
    return True


def begin_each(placed: Mapping[Pair, int], *, now: datetime) -> None:
    """Let mentorships begin by a steward's word, each in its place (primary key).

    What stands on the mentee's list without an answer becomes the mentorship, else what they asked
    when it stood there, while work together is still credited to it. Everybody else gets a row that
    stood on no list. Any other question between the two is over with it.
    """
    rows = _unanswered(placed)
    known = {row.pair: row.pk for row in rows if row.ended_at is None or row.is_credited(now)}
    told = [
        (row.pk, Exposure.Answer.PLACED, stored(now), None, placed[row.pair])
        if known.get(row.pair) == row.pk
        else (row.pk, Exposure.Answer.PLACED, stored(now), stored(now), None)
        for row in rows
    ]
    change_rows(Exposure, ("answer", "answered_at", "finished_at", "placement"), told)
    fresh = [_placed(*keys, placed[keys], now) for keys in sorted(placed.keys() - known.keys())]
    Exposure.objects.bulk_create(fresh, batch_size=IN_BATCH)


def _unanswered(wanted: Collection[Pair]) -> list[Exposure]:
    """What these were offered or asked, and nobody answered yet: held, so that nobody does now.

    Of each pair the best comes last: what stands on the list, else what left it last.
    """
    asked_or_standing = Q(ended_at__isnull=True) | Q(asked_at__isnull=False)
    open_yet = Exposure.objects.filter(asked_or_standing, answer="")
    here = open_yet.filter(project__in={project for project, _, _ in wanted})
    rows = here.order_by().values_list("pk", "project", "mentee", "mentor")
    keys = [pk for pk, *pair in rows if tuple(pair) in wanted]
    found = [row for some in batches(keys) for row in open_yet.filter(pk__in=some).in_turn()]
    return sorted(found, key=lambda row: (row.ended_at is None, row.ended_at, row.pk))


def _placed(project: int, mentee: int, mentor: int, place: int, now: datetime) -> Exposure:
    return Exposure(
        project_id=project,
        mentee_id=mentee,
        mentor_id=mentor,
        rank=1,
        method=Exposure.BY_COHORT,
        offered_at=now,
        ended_at=now,
        answer=Exposure.Answer.PLACED,
        answered_at=now,
        placement_id=place,
    )
