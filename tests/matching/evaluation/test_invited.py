"""What became of those flagged to stewards, and of those whom the lot left out."""

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.evaluation.invited import YEAR, Invited, outcomes
from matching.evaluation.report_table import lines

BEGIN = 1_600_000_000


def history():
    """Ada and Ben make the core of the first year, Cleo that of the second; Keel alone."""
    builder = HistoryBuilder()
    for day in range(60):
        builder.add_change(day, "keel", ("ada", "ben")[day % 2], BEGIN + day * DAY)
        builder.add_change(100 + day, "keel", "cleo", BEGIN + YEAR + day * DAY)
    builder.add_change(1_000, "other", "ada", BEGIN)
    return builder.build()


def arms(*invited, until=BEGIN + 3 * YEAR) -> tuple:
    found = outcomes(history(), invited, until)
    each = (found[name] for name in ("flagged", "unflagged"))
    return *((one["became_core"], one["n"]) for one in each), found["waiting"]


def test_both_are_counted_with_those_who_became_core_in_the_year_that_followed():
    first = [Invited(name, "keel", BEGIN, name == "ben") for name in ("ada", "ben", "cleo")]
    assert arms(*first) == ((1, 2), (1, 1), 0)
    assert arms(Invited("cleo", "keel", BEGIN + YEAR, True)) == ((0, 0), (1, 1), 0)


def test_of_several_times_the_first_counts():
    late, early = (Invited("cleo", "keel", BEGIN + years * YEAR, False) for years in (1, 0))
    assert arms(late, early) == ((0, 1), (0, 0), 0)


def test_whose_year_is_not_over_or_too_quiet_for_a_core_is_left_out():
    ada = Invited("ada", "keel", BEGIN, False)
    assert arms(ada, until=BEGIN + YEAR - 1) == ((0, 0), (0, 0), 1)
    assert arms(ada, until=BEGIN + YEAR) == ((1, 1), (0, 0), 0)
    quiet = ada._replace(project="other"), ada._replace(project="unknown")
    assert arms(*quiet) == ((0, 0), (0, 0), 2)


def test_the_terminal_tells_of_those_whose_year_is_over_and_of_nobody_else():
    def told(*invited) -> list[str]:
        found = outcomes(history(), invited, BEGIN + YEAR)
        return list(lines({"task": "leaders", "methods": {}, "failures": {}, "invited": found}))

    assert told(Invited("ada", "keel", BEGIN, False), Invited("ben", "keel", BEGIN + 1, True)) == [
        "flagged to stewards: 1 of 1 became core within a year"
    ]
    assert told(Invited("cleo", "keel", BEGIN, True)) == [
        "left out by lot: 0 of 1 became core within a year"
    ]
    assert told(Invited("cleo", "keel", BEGIN + 1, True)) == []
