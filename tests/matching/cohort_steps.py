"""A community of two who ask and two who mentor, and its cohorts as the worker computes them."""

from django.utils import timezone

from foundation.runs import ledger
from foundation.runs.models import Run
from matching import pipeline
from mentorship import cohorts
from mentorship.models import Cohort
from tests import world


def asking_and_mentoring() -> dict:
    """Ada and Ben ask in Keel and in Mast; Mo mentors in both, Pia in Mast only."""
    keel, mast = world.project("keel"), world.project("mast")
    found = {name: world.person(name) for name in ("Ada", "Ben", "Mo", "Pia")}
    for name, score in (("Ada", 0.9), ("Ben", 0.4)):
        world.request(found[name], keel)
        world.request(found[name], mast, rank=2)
        world.match(found[name], found["Mo"], keel, score=score)
        world.match(found[name], found["Mo"], mast, score=score)
        world.match(found[name], found["Pia"], mast, rank=2, score=0.5)
    return found


def preview(**settings) -> Cohort:
    cohort = cohorts.preview("Spring", by=None, now=timezone.now(), **settings)
    return worked(cohort)


def worked(cohort: Cohort) -> Cohort:
    for run in Run.objects.filter(task="assign", state="waiting").order_by("pk"):
        assert pipeline.work_on(ledger.claim(run.pk, timezone.now()), retry=False)
    return Cohort.objects.get(pk=cohort.pk)


def placed(cohort: Cohort) -> dict:
    rows = cohort.placements.values_list("mentee__name", "project__slug", "mentor__name", "rank")
    return {mentee: tuple(place) for mentee, *place in rows}
