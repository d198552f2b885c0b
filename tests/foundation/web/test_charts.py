"""Where the bars of a chart stand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.web.charts import Bar, Line, Tick, columns, interval, nice_ceiling


def test_stacked_columns_stand_on_each_other():
    days = [date(2026, 1, 1), date(2026, 2, 1)]
    chart = columns([(1, 3), (0, 2)], days, ticks=[0, 1], height=114, gap=0.5)
    assert chart.bars == (
        Bar(x="12.500%", y="89.0", width="25.000%", height="25.0", part=0),
        Bar(x="12.500%", y="14.0", width="25.000%", height="75.0", part=1),
        Bar(x="62.500%", y="64.0", width="25.000%", height="50.0", part=1),
    )
    assert chart.lines == (Line(y="64.0", text="2"), Line(y="14.0", text="4"))
    assert chart.ticks == (Tick("0.000%", days[0], False), Tick("50.000%", days[1], True))
    assert (chart.height, chart.base) == ("140", "114")


def test_a_chart_of_nothing_has_no_bars():
    assert columns([(0,)], [date(2026, 1, 1)], ticks=[]).bars == ()


@given(st.floats(min_value=1, max_value=1e9))
def test_a_nice_ceiling_is_just_above(value):
    assert value <= nice_ceiling(value) <= 2 * value


@pytest.mark.parametrize(("value", "ceiling"), [(1, 1), (7, 8), (9, 10), (23, 30), (4100, 5000)])
def test_a_nice_ceiling_is_round(value, ceiling):
    assert nice_ceiling(value) == ceiling


def test_an_interval_lies_on_a_line_from_nothing_to_certainty():
    found = interval(0.21, 0.34, 0.5)
    assert (found.low, found.width, found.point) == ("21.00%", "29.00%", "34.00%")
    assert (found.left, found.middle, found.right) == (21, 34, 50)
