"""Steps of a refresh that take their time and write rows which follow from run and facts alone.

Each leaves a mark while it works, so that two workers at one task and scope are caught.
"""

import os
import random
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.db import transaction

from foundation.people.models import LeaderSignal, Lull, Person, Profile
from foundation.projects.models import Project
from foundation.runs import ledger, owner
from foundation.runs.models import Run, TrainedModel
from mentorship.models import Match

MARKS = Path(settings.VAR_DIR) / "marks"
OVERLAPS = Path(settings.VAR_DIR) / "overlaps"
THINKS, WRITES = (0.05, 0.5), (0.0, 0.1)  # seconds
SLOWNESS = float(os.environ.get("SLOWNESS", "1"))


def pause(limits: tuple[float, float]) -> None:
    time.sleep(SLOWNESS * random.uniform(*limits))


@contextmanager
def alone(run: Run):
    """Note it if a living worker is at the same task and scope."""
    MARKS.mkdir(exist_ok=True)
    mark = MARKS / f"{run.task}-{run.scope}"
    if mark.exists() and (token := mark.read_text()) and not owner.is_gone(token):
        with OVERLAPS.open("a") as overlaps:
            overlaps.write(f"{run.task} {run.scope}\n")
    mark.write_text(run.token)
    yield
    mark.unlink(missing_ok=True)


def slowly(write: Callable[[Run], int]) -> Callable[[Run], dict]:
    @wraps(write)
    def step(run: Run) -> dict:
        with alone(run):
            pause(THINKS)
            with transaction.atomic():
                ledger.hold(run)
                count = write(run)
                pause(WRITES)
        return {"rows": count, "by": os.getpid()}

    return step


def people() -> list[Person]:
    return list(Person.objects.order_by("name"))


@slowly
def profiles(run: Run) -> int:
    project = Project.objects.get(slug=run.scope)
    Profile.objects.filter(project=project).delete()
    rows = [
        Profile(person=person, project=project, changes=number, last_at=run.as_of)
        for number, person in enumerate(people())
    ]
    return len(Profile.objects.bulk_create(rows))


@slowly
def draw_pairs(run: Run) -> int:
    return len(run.scope)


@slowly
def train_part(run: Run) -> int:
    return len(run.scope)


def train(task: str) -> Callable[[Run], dict]:
    @slowly
    def step(run: Run) -> int:
        TrainedModel.objects.filter(task=task).exclude(as_of=run.as_of).update(is_serving=False)
        card = {"people": len(people())}
        TrainedModel.objects.update_or_create(
            version=f"{task}-{run.as_of:%Y%m%d}",
            defaults={"task": task, "as_of": run.as_of, "card": card, "is_serving": True},
        )
        return 1

    return step


@slowly
def matches(run: Run) -> int:
    project = Project.objects.get(slug=run.scope)
    mentee, *mentors = people()
    model = TrainedModel.objects.get(task="mentors", is_serving=True)
    known = Profile.objects.filter(project=project, last_at=run.as_of).count()
    Match.objects.filter(project=project).delete()
    rows = [
        Match(
            mentee=mentee,
            mentor=mentor,
            project=project,
            kind=Match.Kind.SUGGESTED,
            rank=rank,
            score=(model.card["people"] + known) / rank,
            method="slow",
            model=model,
            as_of=run.as_of,
        )
        for rank, mentor in enumerate(mentors, start=1)
    ]
    return len(Match.objects.bulk_create(rows))


@slowly
def leaders(run: Run) -> int:
    project = Project.objects.get(slug=run.scope)
    model = TrainedModel.objects.get(task="leaders", is_serving=True)
    LeaderSignal.objects.filter(project=project).delete()
    rows = [
        LeaderSignal(
            person=person,
            project=project,
            probability=0.5,
            low=0.4,
            high=0.6,
            model=model,
            as_of=run.as_of,
            expires_at=run.as_of + timedelta(days=90),
        )
        for person in people()
    ]
    return len(LeaderSignal.objects.bulk_create(rows))


@slowly
def lulls(run: Run) -> int:
    Lull.objects.all().delete()
    rows = [
        Lull(
            person=person,
            last_on=run.as_of.date(),
            days=30,
            usual_days=7,
            chance=0.01,
            told_since=run.as_of,
            as_of=run.as_of,
            expires_at=run.as_of + timedelta(days=30),
        )
        for person in people()
    ]
    return len(Lull.objects.bulk_create(rows))


STEPS = {
    "lulls": lulls,
    "profiles": profiles,
    "draw_pairs": draw_pairs,
    "train_part": train_part,
    "train_mentors": train("mentors"),
    "train_leaders": train("leaders"),
    "matches": matches,
    "leaders": leaders,
}
