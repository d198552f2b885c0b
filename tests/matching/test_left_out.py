"""The leaders step leaves some out by lot, and logs who could be invited."""

import pytest
from django.utils import timezone

from foundation.people import rights
from foundation.people.invitations import lot_of
from foundation.people.models import Invitation, LeaderSignal, Person
from foundation.projects.models import Project
from foundation.runs import ledger
from matching import refresh
from matching.emerging.rising import Rising
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
    """Do the step as of some days ago; its run, and what it told."""
    at = world.days_ago(days)
    owed = ledger.owe("leaders", "keel", ledger.stamp(at), as_of=at)
    run = ledger.claim(owed.pk, timezone.now())
    told = refresh.leaders(run)
    ledger.finish(run, told)
    return run, told


def left_out() -> set[int]:
    return set(LeaderSignal.objects.filter(is_unflagged=True).values_list("person", flat=True))


@pytest.mark.parametrize("share", [0, 0.4, 1])
def test_the_lot_leaves_out_the_share_that_is_asked_for_and_the_log_says_whom(
    crew, settings, share
):
    settings.UNFLAGGED_LEADERS = share
    step()
    drawn = {one: lot_of(one) < share for one in crew}
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


def test_nobody_of_whom_stewards_read_vanishes_when_the_lot_takes_more(crew, settings):
    settings.UNFLAGGED_LEADERS = 0
    step(2)
    settings.UNFLAGGED_LEADERS = 1
    step(1)
    assert left_out() == set()
    LeaderSignal.objects.filter(person=crew[0]).delete()
    step()
    assert left_out() == set()


def test_nobody_of_whom_stewards_read_before_there_was_a_lot_vanishes(crew, settings):
    settings.UNFLAGGED_LEADERS = 1
    keel = Project.objects.get()
    world.signal(Person.objects.get(pk=crew[0]), keel)
    world.signal(Person.objects.get(pk=crew[1]), keel, is_declined=True)
    step()
    assert left_out() == set(crew[1:])


def test_whom_the_lot_took_stays_left_out_while_it_takes_anybody(crew, settings):
    for days, share, taken in ((2, 1, set(crew)), (1, 1e-9, set(crew)), (0, 0, set())):
        settings.UNFLAGGED_LEADERS = share
        step(days)
        assert left_out() == taken


def test_the_lot_is_fair_always_the_same_and_another_under_another_key(settings):
    def lots():
        return [lot_of(person) for person in range(2_000)]

    settings.TOMBSTONE_KEY = "a key"
    drawn = lots()
    assert 70 < sum(lot < 0.05 for lot in drawn) < 130
    assert lots() == drawn
    settings.TOMBSTONE_KEY = "another"
    assert not set(lots()) & set(drawn)


def test_a_run_tells_only_how_many_signals_stewards_may_read(crew, settings, monkeypatch):
    settings.UNFLAGGED_LEADERS = 0.4
    former, told = step(days=1)
    shown = LeaderSignal.objects.filter(is_unflagged=False).count()
    assert 0 < shown < 2 * len(crew)
    assert told["signals"] == shown
    monkeypatch.setattr(refresh, "before", lambda *_: Before(former, 0))
    assert step()[1]["kept"] == shown


def test_where_signals_stand_who_declined_since_leaves_the_log(crew, monkeypatch):
    former, _ = step(days=1)
    signals = list(LeaderSignal.objects.order_by("pk").values_list("pk", flat=True))
    rights.decline_signal(LeaderSignal.objects.filter(person=crew[0])[0], declined=True)
    monkeypatch.setattr(refresh, "before", lambda *_: Before(former, 0))
    step()
    assert list(LeaderSignal.objects.order_by("pk").values_list("pk", flat=True)) == signals
    ended = Invitation.objects.filter(ended_at=world.NOW)
    assert list(ended.values_list("person", flat=True)) == [crew[0]]
    assert Invitation.objects.standing().count() == len(crew) - 1
