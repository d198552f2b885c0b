"""Whose silence is long for their own rhythm: planted rhythms, each with its own silence."""

from itertools import cycle

import numpy as np
import pytest

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.care.silence import silences, silent_share, worth_asking
from tests.matching.planted import START

END = START + 730 * DAY
NINE_WEEKS = 63
# Name → (days between their changes, in turns; days of silence at the end).
RHYTHMS = {
    "weekly": ((7,), NINE_WEEKS),
    "seasonal": ((10, 100), NINE_WEEKS),
    "at work": ((7,), 3),
    "on holiday": ((2,), 18),
    "long gone": ((7,), 400),
}


def community(*, after: int = 0):
    """Everybody of `RHYTHMS`, a visitor, and `after` changes that come later than the end."""
    builder, events = HistoryBuilder(), [(END - 80 * DAY, "visitor")]
    for name, (steps, silent) in RHYTHMS.items():
        day, turns = silent, cycle(steps)
        while day < 730:
            events.append((END - day * DAY, name))
            day += next(turns)
    events += [(END + number * DAY, "weekly") for number in range(after)]
    for number, (at, name) in enumerate(sorted(events)):
        builder.add_change(number, "p", name, at, ["x.py"])
    return builder.build()


def named(history, found):
    return [history.people[row] for row in found.person]


def test_who_is_silent_for_longer_than_they_ever_are_is_asked_and_nobody_else():
    history = community()
    asked = worth_asking(silences(history, END))
    assert named(history, asked) == ["weekly"]
    assert (asked.days.tolist(), asked.usual.tolist()) == ([NINE_WEEKS], [7])
    assert asked.chance[0] < 0.01


def test_nothing_is_said_of_visitors_and_of_who_left_long_ago():
    history = community()
    found = named(history, silences(history, END))
    assert sorted(found) == ["at work", "on holiday", "seasonal", "weekly"]


def test_a_silence_does_not_see_what_came_after():
    early, late = silences(community(), END), silences(community(after=50), END)
    for name in ("person", "days", "usual", "chance"):
        np.testing.assert_array_equal(getattr(late, name), getattr(early, name))


def test_a_review_ends_a_silence_as_well_as_a_change():
    builder = HistoryBuilder()
    for day in range(0, 730, 7):
        builder.add_change(day, "p", "ann", START + day * DAY, ["x.py"])
        if day > 100:
            builder.add_review(day, "bob")
    found = silences(builder.build(), END)
    assert found.days.tolist() == [2, 2]


def test_of_a_gap_of_ten_days_seven_are_spent_in_a_silence_of_three():
    gap, owner = np.array([10, 10, 5, 5]), np.array([0, 0, 1, 1])
    share = silent_share(gap, owner, np.array([3, 1.5]))
    assert share.tolist() == pytest.approx([0.7, 0.7])


def test_the_longer_a_silence_the_rarer_it_is():
    gap, owner = np.array([1, 2, 30, 1, 9]), np.zeros(5, int)
    share = [silent_share(gap, owner, np.array([days]))[0] for days in range(0, 60, 3)]
    assert (share[0], share[-1]) == (1.0, 0.0)
    assert np.all(np.diff(share) <= 0)


def test_an_empty_history_knows_of_no_silence():
    assert len(worth_asking(silences(HistoryBuilder().build(), END))) == 0
