"""Workers at the real steps are killed with -9; the rows must be those of an undisturbed run."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from foundation.people.models import Expertise, LeaderSignal, Profile
from foundation.projects.models import Repository
from foundation.runs.models import Run, TrainedModel
from mentorship.models import Match
from tests.matching.crew import ALIAS, Crew, reading, sweep_every_second, until
from tests.matching.little_community import AS_OF, write_histories

REAL = {
    "DJANGO_SETTINGS_MODULE": "foundation.settings",
    "EMAIL_URL": "dummymail://",
    "RUN_LEASE_SECONDS": "2",
    "RUN_MAX_ATTEMPTS": "100",
    "OMP_NUM_THREADS": "1",
}
INGEST = """
from pathlib import Path, PosixPath
from foundation.activity.reading import ingest_git, open_source, project_called, repository_for
for place in {places}:
    source = open_source(place)
    ingest_git(repository_for(project_called(place.stem), source), source)
"""
DERIVED = (Match, LeaderSignal, TrainedModel, Expertise, Profile)
# Moments of writing, numbers of rows and files: they may differ from one run to the next.
PASSING = {"id", "model_id", "made_at", "created_at", "updated_at", "file"}


@dataclass(frozen=True)
class Outcome:
    kills: int
    interrupted: int
    rows: int
    seconds: float


@contextmanager
def inhabited(crew: Crew) -> Iterator[Crew]:
    """The little community, read into a migrated database; whatever still runs is killed."""
    crew.manage("shell", "-v0", "-c", INGEST.format(places=write_histories(crew.folder)))
    with reading(crew.environment["DATABASE_URL"]):
        sweep_every_second()
        try:
            yield crew
        finally:
            crew.kill()


def survive(crew: Crew, kills: int, *, longest_life: float = 4.0, seed: int = 0) -> Outcome:
    """Refresh undisturbed, and again under kills; AssertionError if the rows are not the same."""
    began, chance, interrupted = time.monotonic(), random.Random(seed), 0
    as_of = f"{AS_OF:%Y-%m-%d}"
    crew.manage("refresh", "--as-of", as_of)
    undisturbed = rows()
    forget_everything(crew)

    crew.manage("refresh", "--background", "--as-of", as_of)
    for kill in range(kills):
        if is_done(crew):
            crew.manage("refresh", "--background", "--as-of", as_of)
        born = timezone.now()
        crew.start_worker()
        until(lambda born=born: crew.is_at_work(born) or is_done(crew), what="a worker at work")
        time.sleep(chance.uniform(0, longest_life))
        crew.kill()
        interrupted += crew.runs.running().count()
        if kill % 2:  # as if it had lived on another machine: only its lease tells of its death
            crew.runs.running().update(token="elsewhere.1.0000000000")
    crew.start_worker()
    until(lambda: is_done(crew), what="the whole refresh")

    differing = [name for name, found in rows().items() if found != undisturbed[name]]
    assert not differing, f"{differing} differ from an undisturbed run"
    ends = set(crew.runs.values_list("state", "error"))
    assert ends == {(Run.State.DONE, "")}, f"runs ended so: {ends}"
    assert interrupted > 0, "no kill met a run at work"
    return Outcome(
        kills, interrupted, sum(map(len, undisturbed.values())), time.monotonic() - began
    )


def rows() -> dict[str, list]:
    """Everything that a refresh writes, but for what passes."""
    return {model.__name__: sorted(map(repr, _values(model))) for model in DERIVED}


def _values(model) -> Iterator[list]:
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in PASSING]
    if model is TrainedModel:  # its card tells how long it took, too
        names = ["version", "task", "is_serving", "as_of"]
    for row in model.objects.using(ALIAS).values(*names):
        yield [(name, row[name]) for name in names]


def forget_everything(crew: Crew) -> None:
    for model in DERIVED:
        model.objects.using(ALIAS).all().delete()
    Repository.objects.using(ALIAS).update(profiled_up_to=0)
    crew.runs.all().delete()


def is_done(crew: Crew) -> bool:
    """Has every refresh that was begun come to its last rows?"""
    of = {
        task: set(crew.runs.filter(task=task, state__in=states).values_list("period", "scope"))
        for task, states in (
            ("profiles", Run.State.values),
            ("matches", ["done"]),
            ("leaders", ["done"]),
        )
    }
    return of["profiles"] == of["matches"] == of["leaders"] != set()
