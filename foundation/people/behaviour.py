"""Who behaves like a machine: a question to stewards, written beside the identity, never an answer.

Asked of those whose facts changed (``merging.resolve_people``), from the facts alone. What people
wrote in comments is not kept, so likeness of comments is unknown here.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber

from foundation.activity.models import Activity
from foundation.people.known import IN_BATCH
from foundation.people.models import Identity
from foundation.people.rhythm import MIN_EVENTS, suspicious_rhythm

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
    enough = done.annotate(deeds=Count("pk")).filter(deeds__gte=MIN_EVENTS)
    busy = list(enough.values_list("identity", flat=True))
    if not busy:
        return {}
    reviewed = _reviewed_among(busy)
    by_identity = groupby(_latest_deeds(busy), key=itemgetter(0))
    return {
        pk: ",".join(_signs([(at, kind) for _, at, kind in rows], pk in reviewed))
        for pk, rows in by_identity
    }


def _reviewed_among(identities: Collection[int]) -> set[int]:
    """Of these, those of whom somebody else reviewed anything."""
    by_others = Activity.objects.filter(counterpart=OuterRef("pk"), kind=REVIEWED)
    by_others = by_others.exclude(identity=OuterRef("pk"))
    asked = Identity.objects.filter(Exists(by_others), pk__in=identities)
    return set(asked.values_list("pk", flat=True))


def _latest_deeds(identities: Collection[int]) -> Iterator[tuple[int, datetime, str]]:
    """Who, when and what, by identity and the latest first; of each no more than `MOST_DEEDS`."""
    place = Window(RowNumber(), partition_by="identity", order_by=F("at").desc())
    deeds = Activity.objects.filter(identity__in=identities, at__isnull=False)
    latest = deeds.annotate(place=place).filter(place__lte=MOST_DEEDS).order_by("identity", "place")
    return latest.values_list("identity", "at", "kind").iterator(chunk_size=5_000)


def _signs(rows: list[tuple[datetime, str]], is_reviewed: bool) -> tuple[str, ...]:
    rows = [(at.astimezone(UTC), kind) for at, kind in rows if at > rows[0][0] - LOOKED_BACK]
    hours = Counter(at.hour for at, _kind in rows)
    comments = Counter(at.date() for at, kind in rows if kind in COMMENTS)
    return suspicious_rhythm(
        [hours[hour] for hour in range(24)],
        most_comments_in_a_day=max(comments.values(), default=0),
        changes=sum(kind == AUTHORED for _at, kind in rows),
        reviews_received=int(is_reviewed),
    )
