"""What a project without any reviews is told: who is at work where the newcomer is."""

import numpy as np

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes
from matching.ranking.serving import top, train
from matching.ranking.sources import THIN_BASELINE

START = 1_500_000_000
WORK = (  # who, how often, from which day on, every so many days, where
    ("long-gone", 3, 60, 9, "docs/guide.md"),
    ("busy-elsewhere", 20, 520, 2, "docs/guide.md"),
    ("at-work-here", 8, 500, 5, "engine/gear.py"),
    ("at-work-nearby", 3, 530, 5, "engine/wheel.py"),
)
NEWCOMER_AT = START + 562 * DAY


def unreviewed_history(turned: bool):
    """Nobody ever reviewed anything; names are given out in either order."""
    builder = HistoryBuilder()
    deeds = [
        (START + (first + step * turn) * DAY + order, who, place)
        for order, (who, times, first, step, place) in enumerate(WORK)
        for turn in range(times)
    ]
    if turned:  # the order of rows must not decide
        for number, (who, *_) in enumerate(reversed(WORK)):
            builder.add_change(number, "other", who, START - DAY, ["x.py"], "First")
    for number, (at, who, place) in enumerate(sorted(deeds), start=100):
        builder.add_change(number, "tree", who, at, [place], "Work")
    builder.add_change(900, "tree", "newcomer", NEWCOMER_AT, ["engine/gear.py"], "Hello")
    return builder.build()


def answer(history):
    features = PairFeatures(history)
    served = train(features, NEWCOMER_AT + DAY, history.reviewed_changes())
    query = queries_of_changes(history, np.flatnonzero(history.at == NEWCOMER_AT))
    found, _ = top(served, features, query)
    assert (served.ranker, served.source_for("tree")) == (None, THIN_BASELINE)
    return [history.people[one.person] for one in found], [one.score for one in found]


def test_without_reviews_recent_work_under_the_same_folders_decides():
    expected = ["at-work-here", "at-work-nearby", "busy-elsewhere", "long-gone"]
    for turned in (False, True):
        names, scores = answer(unreviewed_history(turned))
        assert names == expected
        assert len(set(scores)) == len(expected)
