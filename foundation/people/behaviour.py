"""Who behaves like a machine: a question to stewards, written beside the identity, never an answer.

Asked of those whose facts changed (``merging.resolve_people``), from the facts alone. What people
wrote in comments is not kept, so likeness of comments is unknown here.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber, Substr

from foundation.activity.models import Activity
from foundation.people.known import IN_BATCH
from foundation.people.models import Identity
from foundation.people.rhythm import MIN_EVENTS, suspicious_rhythm

INSTANT = timedelta(microseconds=1)
LOOKED_BACK = timedelta(days=365)  # from the last deed: who moved years ago slept elsewhere then
MOST_DEEDS = 5_000
COMMENTS = frozenset({"commented", "review_comment"})
AUTHORED, REVIEWED = "authored", "reviewed"


def note_behaviour(identities: Collection[int]) -> int:
    """Look at how these identities behave, note the signs of a machine; how many have any.

    Only humans that no steward has decided on are looked at; signs that are gone are taken away.
    """
    ids, noted = sorted(identities), 0
    for start in range(0, len(ids), IN_BATCH):
        asked = Identity.objects.human().filter(pk__in=ids[start : start + IN_BATCH])
        known = dict(asked.filter(is_locked=False).values_list("pk", "machine_signs"))
        signs = dict.fromkeys(known, "") | _signs_of(known)
        for pk, told in signs.items():
            noted += bool(told)
            if told != known[pk]:
                Identity.objects.filter(pk=pk).update(machine_signs=told)
    return noted


def _signs_of(identities: Collection[int]) -> dict[int, str]:
    """The signs of those who did enough to be judged; so many queries, however many they are."""
    done = Activity.objects.filter(identity__in=identities).values("identity").order_by()
    enough = done.annotate(deeds=Count("pk"), last=Max("at")).filter(deeds__gte=MIN_EVENTS)
    busy = enough.exclude(last=None).values_list("identity", "last", "deeds")
    since = _looked_at_since({pk: known for pk, *known in busy})
    if not since:
        return {}
    reviewed = _reviewed_among(since)
    by_identity = groupby(_counted(since), key=itemgetter(0))
    return {
        pk: ",".join(_signs([counted for _, *counted in rows], pk in reviewed))
        for pk, rows in by_identity
    }


def _looked_at_since(busy: Mapping[int, Sequence]) -> dict[int, datetime]:
    """From when on the deeds of these are looked at; ``busy`` are the last deed and how many."""
    since = {pk: last - LOOKED_BACK + INSTANT for pk, (last, _deeds) in busy.items()}
    too_many = [pk for pk, (_last, deeds) in busy.items() if deeds > MOST_DEEDS]
    if too_many:
        place = Window(RowNumber(), partition_by="identity", order_by=F("at").desc())
        deeds = Activity.objects.filter(identity__in=too_many, at__isnull=False)
        rows = deeds.annotate(place=place).filter(place=MOST_DEEDS)
        for pk, at in rows.values_list("identity", "at"):
            since[pk] = max(since[pk], at)
    return since


def _reviewed_among(identities: Collection[int]) -> set[int]:
    """Of these, those of whom somebody else reviewed anything."""
    by_others = Activity.objects.filter(counterpart=OuterRef("pk"), kind=REVIEWED)
    by_others = by_others.exclude(identity=OuterRef("pk"))
    asked = Identity.objects.filter(Exists(by_others), pk__in=identities)
    return set(asked.values_list("pk", flat=True))


def _counted(since: Mapping[int, datetime]) -> Iterator[tuple[int, str, str, str, int]]:
    """Counts of deeds: who, what, at which hour, on which day if it is a comment; by identity.

    Days and hours are UTC's, as the first letters of what the database writes for a moment: taken
    apart one by one, some ten thousand moments would cost more than all else that is asked here.
    """
    looked_at = reduce(or_, (Q(identity=pk, at__gte=start) for pk, start in since.items()))
    at = Cast("at", TextField())
    day = Case(When(kind__in=COMMENTS, then=Substr(at, 1, 10)), default=Value(""))
    deeds = Activity.objects.filter(looked_at).annotate(hour=Substr(at, 12, 2), day=day)
    by = ("identity", "kind", "hour", "day")
    return deeds.order_by("identity").values_list(*by).annotate(deeds=Count("pk")).iterator()


def _signs(counted: list[tuple[str, str, str, int]], is_reviewed: bool) -> tuple[str, ...]:
    hours, comments, changes = Counter(), Counter(), 0
    for kind, hour, day, deeds in counted:
        hours[int(hour)] += deeds
        comments[day] += deeds if day else 0
        changes += deeds if kind == AUTHORED else 0
    return suspicious_rhythm(
        [hours[hour] for hour in range(24)],
        most_comments_in_a_day=max(comments.values(), default=0),
        changes=changes,
        reviews_received=int(is_reviewed),
    )
