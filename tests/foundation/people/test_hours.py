"""Hours that two people share, and the weeks that profiles count."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from foundation.people.hours import day_in_utc, shared_hours, usual_hours
from foundation.people.weeks import monday_of, week_of

WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
MORNINGS = [0] * 8 + [10, 10, 10, 10] + [1] * 4 + [0] * 8


def test_usual_hours_hold_four_fifths_of_the_deeds():
    assert usual_hours(MORNINGS) == {8, 9, 10, 11}


def test_of_few_deeds_nothing_is_said():
    assert usual_hours([1] * 19 + [0] * 5) == frozenset()
    assert shared_hours([0] * 24, [9, 10]) is None


def test_a_day_is_meant_in_its_own_zone_and_season():
    paris = ZoneInfo("Europe/Paris")
    assert day_in_utc(9, 12, paris, WINTER) == [8, 9, 10]
    assert day_in_utc(9, 12, paris, SUMMER) == [7, 8, 9]


def test_a_day_may_cross_midnight_and_last_around_the_clock():
    assert day_in_utc(22, 2, ZoneInfo("UTC"), WINTER) == [22, 23, 0, 1]
    assert len(day_in_utc(0, 24, ZoneInfo("UTC"), WINTER)) == 24


def test_shared_hours_follow_the_viewers_day():
    assert shared_hours(MORNINGS, [7, 8, 11, 12]) == [False, True, True, False]


@given(st.dates(min_value=date(1970, 1, 5), max_value=date(2100, 1, 1)))
def test_a_day_lies_in_the_week_of_its_monday(day):
    monday = monday_of(week_of(day))
    assert monday.weekday() == 0 and 0 <= (day - monday).days < 7
