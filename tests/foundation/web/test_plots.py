"""Where the dots, whiskers and curves of a report stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.web.plots import (
    MOST_TICKS,
    Dot,
    Label,
    Measured,
    Segment,
    Tick,
    Whisker,
    curves,
    scale,
    whiskers,
)


def test_a_whisker_spans_its_interval_around_the_dot():
    chart = whiskers([Measured("keel", 0.1, -0.1, 0.2), Measured("mast", 0.0)], from_zero=True)
    assert chart.rows == (
        Whisker("keel", "16", "29", "42", "66.333%", "1.000%", "99.000%", None),
        Whisker("mast", "58", "71", "84", "33.667%", None, None, None),
    )
    assert chart.ticks[0] == Tick("1.000%", -0.1)
    assert chart.ticks[-1] == Tick("99.000%", 0.2)
    assert (chart.zero, chart.base, chart.height) == ("33.667%", "84", "110")


def test_only_a_chart_of_differences_has_a_zero_line():
    assert whiskers([Measured("keel", 0.5, 0.4, 0.6, 0.45)]).zero is None


@pytest.mark.parametrize("value", [0.5, 0.75, 1.0])
def test_a_scale_of_shares_goes_no_further_than_its_ends(value):
    chart = whiskers([Measured("keel", value)], ends=(0.5, 1.0))
    assert [tick.value for tick in chart.ticks] == [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]


def test_a_curve_joins_its_dots_in_their_order():
    chart = curves([[(0.0, 0.0), (1.0, 0.5)]], height=146)
    assert chart.dots == (Dot("9.000%", "146.0", 0), Dot("96.000%", "46.0", 0))
    assert chart.segments == (Segment("9.000%", "146.0", "96.000%", "46.0", 0),)


def test_a_square_plot_is_as_long_up_as_across():
    chart = curves([[(0.0, 0.0), (1.0, 0.5)]], square=True)
    line = chart.diagonal
    across = [float(x.rstrip("%")) * float(chart.width) / 100 for x in (line.x1, line.x2)]
    assert across[1] - across[0] == pytest.approx(float(line.y1) - float(line.y2), abs=1)


def test_the_name_of_the_highest_curve_stands_above_its_end_and_others_below():
    chart = curves([[(0.0, 1.0), (1.0, 0.0)], [(0.0, 1.0), (1.0, 1.0)]], names=("low", "high"))
    assert chart.labels == (Label("high", "96.000%", "34.0"), Label("low", "96.000%", "260.0"))


def test_from_zero_a_small_difference_looks_small_and_a_place_is_marked():
    chart = curves([[(0.0, 100.0), (0.4, 99.0)]], from_zero=True, mark=0.4, height=146)
    assert [tick.value for tick in chart.down] == [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    assert chart.dots == (Dot("9.000%", "46.0", 0), Dot("96.000%", "47.0", 0))
    assert (chart.mark, curves([[(0.0, 1.0)]]).mark) == ("96.000%", None)


@given(st.lists(st.floats(-1e3, 1e3).map(lambda value: round(value, 3)), min_size=1))
def test_a_scale_holds_every_value_between_round_ends(values):
    found = scale(values, 0, 100)
    assert found.low <= min(values) + 1e-6
    assert found.high >= max(values) - 1e-6
    assert 1 <= len(found.numbers()) - 1 <= MOST_TICKS


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        ([0, 1], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        ([0.31, 0.62], [0.3, 0.4, 0.5, 0.6, 0.7]),
        ([3.0], [2.4, 2.6, 2.8, 3.0, 3.2, 3.4, 3.6]),
    ],
)
def test_the_numbers_of_a_scale_are_round(values, numbers):
    assert scale(values, 0, 100).numbers() == numbers
