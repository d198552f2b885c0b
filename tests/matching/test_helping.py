"""A refresh by hand shares its work with further processes, and ends with all of them."""

import os
import signal
import subprocess
from datetime import UTC, datetime

import pytest

from foundation.people.models import LeaderSignal, Profile
from foundation.runs.models import Run
from matching import helping
from mentorship.models import Match
from tests.matching.crew import ALIAS, Crew, populated, until

PROJECTS = [f"p{number:02}" for number in range(6)]
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
REFRESH = ("refresh", "--train", "--as-of", f"{AS_OF:%Y-%m-%d}")


@pytest.fixture
def crew(services, tmp_path, django_db_blocker):
    crew = Crew(tmp_path, **services, REFRESH_PROCESSES="2", SLOWNESS="3")
    with django_db_blocker.unblock(), populated(crew, projects=PROJECTS, people=4):
        yield crew


def by_whom() -> set[int]:
    return set(Run.objects.using(ALIAS).filter(state="done").values_list("result__by", flat=True))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_processes_share_a_refresh_and_are_gone_after_it(crew):
    out = crew.manage(*REFRESH)
    assert out.splitlines()[-1].startswith("Refreshed: ")
    assert len(by_whom()) == 2 and not any(map(is_alive, by_whom()))
    counts = [model.objects.using(ALIAS).count() for model in (Profile, Match, LeaderSignal)]
    assert counts == [6 * 4, 6 * 3, 6 * 4]
    assert not (crew.folder / "overlaps").exists()


def test_a_helper_goes_with_its_leader_and_what_it_left_can_be_done(crew):
    leader = crew.start("manage.py", *REFRESH)
    until(lambda: by_whom() - {leader.pid}, what="a run done by the helper")
    (helper,) = by_whom() - {leader.pid}
    os.kill(leader.pid, signal.SIGKILL)
    leader.wait()
    crew.processes.remove(leader)
    until(lambda: not is_alive(helper), what="the helper's end")
    crew.manage(*REFRESH, SLOWNESS="0")
    assert not crew.runs.unfinished().exists()
    assert Match.objects.using(ALIAS).count() == 6 * 3


def test_helpers_that_began_are_ended_where_a_further_one_cannot_begin(monkeypatch):
    begun = []

    def begin_once(command, begin=subprocess.Popen, **options):
        if begun:
            raise BlockingIOError("Resource temporarily unavailable")
        begun.append(begin(["sleep", "60"], **options))
        return begun[0]

    monkeypatch.setattr(helping, "ENDS_WITHIN_SECONDS", 0.1)
    monkeypatch.setattr(subprocess, "Popen", begin_once)
    with pytest.raises(BlockingIOError), helping.helped("any", 2):
        pytest.fail("The block began without all of its helpers.")
    assert not is_alive(begun[0].pid)
