"""A worker may be killed at any moment: nothing is lost, nothing is doubled."""

import random
import time
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from foundation.people.models import LeaderSignal, Lull, Profile
from foundation.runs.models import Run, TrainedModel
from mentorship.models import Match
from tests.matching.crew import ALIAS, Crew, populated, until

KILLS = 20
PROJECTS = [f"p{number:02}" for number in range(16)]
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
SHORT = {"RUN_LEASE_SECONDS": "2", "RUN_MAX_ATTEMPTS": "100"}


@pytest.fixture
def crew(services, tmp_path, django_db_blocker):
    crew = Crew(tmp_path, **services, **SHORT)
    with django_db_blocker.unblock(), populated(crew, projects=PROJECTS, people=6):
        yield crew


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
        "lulls": sorted(Lull.objects.using(ALIAS).values_list("person__name", "days", "as_of")),
        "leaders": sorted(signal.values_list(where, "person__name", "model__version", "as_of")),
    }


def forget_everything(crew):
    for model in (Match, LeaderSignal, Lull, TrainedModel, Profile):
        model.objects.using(ALIAS).all().delete()
    crew.runs.all().delete()


def begin(crew):
    crew.manage("refresh", "--train", "--background", "--as-of", f"{AS_OF:%Y-%m-%d}")


def live_a_while(crew):
    """Start a worker, wait for a random moment of its life, and kill it."""
    born = timezone.now()
    crew.start_worker()
    if random.random() < 0.75:
        # The last run of a refresh may begin and end between two looks.
        until(lambda: crew.is_at_work(born) or crew.is_done(), what="a worker at work")
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

    interrupted = 0
    begin(crew)
    for kill in range(KILLS):
        if crew.is_done():
            begin(crew)
        live_a_while(crew)
        interrupted += crew.runs.running().count()
        if kill % 2:
            move_far_away(crew)
    crew.start_worker()
    crew.start_worker()  # and two at once, each with a beat, do no harm either
    until(crew.is_done, what="the whole refresh")

    assert rows() == undisturbed
    print(f"{KILLS} kills, {interrupted} interrupted runs, {crew.runs.count()} runs done")
    assert interrupted > 0
    assert not (crew.folder / "overlaps").exists()
    assert set(crew.runs.values_list("state", "error", "token")) == {(Run.State.DONE, "", "")}
