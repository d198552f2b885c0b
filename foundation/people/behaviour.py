"""Who behaves like a machine: a question to stewards, written beside the identity, never an answer.

Asked of those whose facts changed (``merging.resolve_people``), from the facts alone. What people
wrote in comments is not kept, so likeness of comments is unknown here.
"""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, timedelta

from django.db.models import Count

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
        busy = Activity.objects.filter(identity__in=known).values("identity").order_by()
        busy = busy.annotate(deeds=Count("pk")).filter(deeds__gte=MIN_EVENTS)
        signs = dict.fromkeys(known, "")
        signs |= {pk: ",".join(_signs(pk)) for pk in busy.values_list("identity", flat=True)}
        for pk, told in signs.items():
            noted += bool(told)
            if told != known[pk]:
                Identity.objects.filter(pk=pk).update(machine_signs=told)
    return noted


def _signs(identity: int) -> tuple[str, ...]:
    deeds = Activity.objects.filter(identity=identity, at__isnull=False).order_by("-at")
    rows = list(deeds.values_list("at", "kind")[:MOST_DEEDS])
    rows = [(at.astimezone(UTC), kind) for at, kind in rows if at > rows[0][0] - LOOKED_BACK]
    hours = Counter(at.hour for at, _kind in rows)
    comments = Counter(at.date() for at, kind in rows if kind in COMMENTS)
    reviews = Activity.objects.filter(counterpart=identity, kind=REVIEWED)
    return suspicious_rhythm(
        [hours[hour] for hour in range(24)],
        most_comments_in_a_day=max(comments.values(), default=0),
        changes=sum(kind == AUTHORED for _at, kind in rows),
        reviews_received=reviews.exclude(identity=identity)[:1].count(),
    )
