"""The leaders step leaves some out by lot, and logs who could be invited."""

import pytest
from django.utils import timezone

from foundation.people import rights
from foundation.people.models import Invitation, LeaderSignal
from foundation.runs import ledger
from matching import refresh
from matching.emerging.rising import Rising
from matching.lists.nudges import is_unflagged
from matching.touched import Before
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def crew(monkeypatch):
    """Thirty who may be invited to Keel."""
    crew, row = [world.person(f"P{number}").pk for number in range(30)], world.model("leaders")
    rising = [Rising(one, years, 0.4, 0.3, 0.5, -0.4, []) for one in crew for years in (1, 2)]
    monkeypatch.setattr(refresh.shelf, "serving_leaders", lambda: (row, object()))
    monkeypatch.setattr(refresh, "rising_in", lambda *_: rising)
    world.project()
    return crew


def step(days: int = 0):
    """Do the step as of some days ago; its run."""
    at = world.days_ago(days)
    owed = ledger.owe("leaders", "keel", ledger.stamp(at), as_of=at)
    run = ledger.claim(owed.pk, timezone.now())
    refresh.leaders(run)
    ledger.finish(run, {})
    return run


@pytest.mark.parametrize("share", [0, 0.4, 1])
def test_the_lot_leaves_out_the_share_that_is_asked_for_and_the_log_says_whom(
    crew, settings, share
):
    settings.UNFLAGGED_LEADERS = share
    step()
    drawn = {one: is_unflagged(one, share, refresh.UNFLAGGED_SEED) for one in crew}
    assert drawn != {one: is_unflagged(one, share) for one in crew} or share in (0, 1)
    for rows in (LeaderSignal.objects.all(), Invitation.objects.all()):
        assert dict(rows.values_list("person", "is_unflagged")) == drawn
    log = Invitation.objects.values_list("horizon", "offered_at", "ended_at").distinct()
    assert list(log) == [(1, world.NOW, None)]


def test_whom_the_lot_left_out_is_shown_to_stewards_a_year_later(crew, settings):
    settings.UNFLAGGED_LEADERS = 1
    for days, is_left_out in ((366, True), (2, True), (0, False)):
        step(days)
        assert set(LeaderSignal.objects.values_list("is_unflagged", flat=True)) == {is_left_out}
    standing = Invitation.objects.standing().values_list("is_unflagged", "offered_at").distinct()
    assert list(standing) == [(False, world.NOW)]


def test_where_signals_stand_who_declined_since_leaves_the_log(crew, monkeypatch):
    former = step(days=1)
    signals = list(LeaderSignal.objects.order_by("pk").values_list("pk", flat=True))
    rights.decline_signal(LeaderSignal.objects.filter(person=crew[0])[0], declined=True)
    monkeypatch.setattr(refresh, "before", lambda *_: Before(former, 0))
    step()
    assert list(LeaderSignal.objects.order_by("pk").values_list("pk", flat=True)) == signals
    ended = Invitation.objects.filter(ended_at=world.NOW)
    assert list(ended.values_list("person", flat=True)) == [crew[0]]
    assert Invitation.objects.standing().count() == len(crew) - 1
