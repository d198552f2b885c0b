"""Which repositories are read again by themselves: those that came from an address."""

from datetime import datetime

from foundation.activity.sources.addresses import looks_remote
from foundation.projects.models import Repository
from foundation.runs import ledger
from foundation.runs.models import Run

TASK = "ingest"


def owe_ingests(now: datetime) -> list[int]:
    """Owe an ingest of every remote repository that is not being read; the runs to wake.

    The period is the full minute, so that two beats owe the same runs.
    """
    under_way = set(Run.objects.unfinished().filter(task=TASK).values_list("scope", flat=True))
    remote = [
        str(pk)
        for pk, location in Repository.objects.order_by("pk").values_list("pk", "location")
        if looks_remote(location) and str(pk) not in under_way
    ]
    period = ledger.stamp(now.replace(second=0, microsecond=0))
    ledger.owe_each(TASK, remote, period, as_of=now)
    owed = Run.objects.claimable(now).filter(task=TASK, period=period)
    return list(owed.values_list("pk", flat=True))
