"""What a refresh may leave as it stands: rows that the facts since the last one do not touch."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db.models import Count, Max

from foundation.activity.models import Activity
from foundation.projects.models import Project
from foundation.runs.models import Run
from matching.freshness import FRESH, MARK, withdrawn_mark
from mentorship.models import Match

BASIS = "basis"


def basis_of(*parts) -> str:
    """A mark of everything besides facts that rows rest on: model, who may not be shown, …"""
    return sha256(repr((withdrawn_mark(), *parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Before:
    """The last run of the same task and project that rested on the same basis."""

    run: Run
    activities: int

    def touched(self, project: Project) -> set[int]:
        """Primary keys of the people whom a fact of the project since then is by, or for."""
        since = Activity.objects.filter(
            pk__gt=self.activities, change__repository__project=project
        ).values_list("identity__person", "counterpart__person", "change__author__person")
        return {person for row in since.distinct() for person in row if person is not None}


def before(run: Run, basis: str) -> Before | None:
    """The run whose rows may stay; None where all must be written anew."""
    done = Run.objects.filter(
        task=run.task, scope=run.scope, state=Run.State.DONE, period__lt=run.period
    ).order_by("-period")
    for former in done[:5]:
        if "outdated" in former.result:
            continue
        mark = (former.result.get(MARK) or {}).get("activities")
        is_recent = timedelta(0) <= run.as_of - former.as_of < FRESH
        if former.result.get(BASIS) == basis and is_recent and mark is not None:
            return Before(former, mark)
        return None
    return None


def standing_matches(project: Project, former: Before, as_of) -> set[int]:
    """Mentees whose lists may stay: written within a day, complete, nothing new of them."""
    rows = Match.objects.filter(project=project)
    recent = rows.filter(as_of__gt=as_of - FRESH, as_of__lte=as_of).order_by()
    counted = recent.values("mentee").annotate(count=Count("pk"), last=Max("rank"))
    whole = {row["mentee"] for row in counted if row["count"] == row["last"]}
    return whole - former.touched(project)
