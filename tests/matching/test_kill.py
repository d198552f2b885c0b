"""A worker may be killed at any moment: nothing is lost, nothing is doubled."""

import os
import random
import shutil
import time
from datetime import UTC, datetime

import pytest
import redis
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from foundation.people.models import LeaderSignal, Person, Profile
from foundation.runs.models import Run, TrainedModel
from mentorship.models import Match
from tests.matching.crew import ALIAS, Crew, postgres_database, reading, until

KILLS = 20
PROJECTS = [f"p{number:02}" for number in range(16)]
PEOPLE = 6
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
SHORT = {"RUN_LEASE_SECONDS": "2", "RUN_MAX_ATTEMPTS": "100"}
GROWN = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A SQLite house with projects and people in it, made once, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    url = f"sqlite:///{folder / 'releve.sqlite3'}"
    Crew(folder, database_url=url).manage("migrate", "--verbosity", "0")
    return folder / "releve.sqlite3"


@pytest.fixture(params=["sqlite and files", "postgresql and redis"])
def crew(request, tmp_path, migrated, django_db_blocker):
    if request.param == "sqlite and files":
        shutil.copy(migrated, tmp_path / "releve.sqlite3")
        url = f"sqlite:///{tmp_path / 'releve.sqlite3'}"
        yield from populated(Crew(tmp_path, database_url=url, **SHORT), url, django_db_blocker)
        return
    if not GROWN:
        pytest.skip("DATABASE_URL and REDIS_URL are not set")
    redis_url = os.environ["REDIS_URL"].rpartition("/")[0] + "/15"
    with postgres_database(os.environ["DATABASE_URL"], f"releve_kill_{os.getpid()}") as url:
        crew = Crew(tmp_path, database_url=url, redis_url=redis_url, **SHORT)
        crew.manage("migrate", "--verbosity", "0")
        with redis.Redis.from_url(redis_url) as broker:
            broker.flushdb()
            yield from populated(crew, url, django_db_blocker)
            broker.flushdb()


def populated(crew, url, blocker):
    with blocker.unblock(), reading(url):
        crew.settle(*PROJECTS)
        Person.objects.using(ALIAS).bulk_create(Person(name=f"n{n}") for n in range(PEOPLE))
        sweep_every_second()
        yield crew
        crew.kill()


def sweep_every_second():
    """And nothing else by itself; by UPDATE, since saving would tell the other database."""
    IntervalSchedule.objects.using(ALIAS).update(every=1)
    tasks = PeriodicTask.objects.using(ALIAS)
    tasks.filter(task="matching.sweep").update(expire_seconds=2)
    tasks.exclude(task="matching.sweep").update(enabled=False)


def rows():
    """What the refresh is for, in the words of the rows and without their numbers."""
    profile, match = Profile.objects.using(ALIAS), Match.objects.using(ALIAS)
    signal, model = LeaderSignal.objects.using(ALIAS), TrainedModel.objects.using(ALIAS)
    where = "project__slug"
    return {
        "profiles": sorted(profile.values_list(where, "person__name", "changes", "last_at")),
        "models": sorted(model.values_list("version", "is_serving", "as_of", "card__profiles")),
        "matches": sorted(
            match.values_list(where, "mentor__name", "rank", "score", "model__version", "as_of")
        ),
        "leaders": sorted(signal.values_list(where, "person__name", "model__version", "as_of")),
    }


def forget_everything(crew):
    for model in (Match, LeaderSignal, TrainedModel, Profile):
        model.objects.using(ALIAS).all().delete()
    crew.runs.all().delete()


def begin(crew):
    crew.manage("refresh", "--background", "--as-of", f"{AS_OF:%Y-%m-%d}")


def live_a_while(crew):
    """Start a worker, wait for a random moment of its life, and kill it."""
    born = timezone.now()
    crew.start_worker()
    if random.random() < 0.75:
        until(lambda: crew.is_at_work(born), seconds=20, what="a worker at work")
        time.sleep(random.uniform(0, 0.6))
    else:
        time.sleep(random.uniform(0, 1.2))
    crew.kill()


def move_far_away(crew):
    """Pretend that the dead worker lived on another machine: only its lease tells of its death."""
    crew.runs.running().update(token="elsewhere.1.0000000000")


def test_twenty_kills_end_in_the_same_rows_as_an_undisturbed_refresh(crew):
    crew.manage("refresh", "--as-of", f"{AS_OF:%Y-%m-%d}", SLOWNESS="0")
    undisturbed = rows()
    assert [len(undisturbed[name]) for name in ("profiles", "matches")] == [16 * 6, 16 * 5]
    forget_everything(crew)

    begin(crew)
    for kill in range(KILLS):
        if crew.is_done():
            begin(crew)
        live_a_while(crew)
        if kill % 2:
            move_far_away(crew)
    interrupted = crew.runs.filter(attempts__gt=1).count()
    crew.start_worker()
    until(crew.is_done, seconds=60, what="the whole refresh")

    assert rows() == undisturbed
    assert interrupted > 0
    assert not (crew.folder / "overlaps").exists()
    assert set(crew.runs.values_list("state", "error", "token")) == {(Run.State.DONE, "", "")}
