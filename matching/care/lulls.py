"""Write down whose silence is long for their own rhythm, for their own eyes."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from foundation.people.holding import hold_known
from foundation.people.models import Lull, LullPause, Person
from foundation.runs import ledger
from foundation.runs.models import Run
from matching.arrays.history import DAY
from matching.care.silence import Silences, silences, worth_asking
from matching.community import community_at

LULL_LASTS = timedelta(days=30)


def lulls(run: Run) -> dict:
    """Write the lulls of everybody with an account who did not ask to be left in peace.

    Without an account nobody could read theirs, so it is not written. How many there are is told
    to nobody: the ledger's page is open to stewards.
    """
    community = community_at(run.as_of)
    found = worth_asking(silences(community.history, community.seconds))
    keys = [community.history.people[row] for row in found.person]
    with transaction.atomic():
        ledger.hold(run)
        readers = hold_known(_readers(run).intersection(keys))
        told = {(row.person_id, row.last_on): row.told_since for row in Lull.objects.all()}
        Lull.objects.all().delete()
        rows = [_lull(key, found, place, run) for place, key in enumerate(keys) if key in readers]
        for row in rows:  # the same silence still: they know of it
            row.told_since = told.get((row.person_id, row.last_on), row.told_since)
        Lull.objects.bulk_create(rows)
    return {}


def _readers(run: Run) -> set[int]:
    resting = LullPause.objects.standing(run.as_of.date()).values("person")
    readers = Person.objects.filter(user__isnull=False).exclude(pk__in=resting)
    return set(readers.values_list("pk", flat=True))


def _lull(person: int, found: Silences, place: int, run: Run) -> Lull:
    return Lull(
        person_id=person,
        last_on=datetime.fromtimestamp(int(found.last[place]) * DAY, UTC).date(),
        days=int(found.days[place]),
        usual_days=int(found.usual[place]),
        chance=float(found.chance[place]),
        told_since=run.as_of,
        as_of=run.as_of,
        expires_at=run.as_of + LULL_LASTS,
    )
