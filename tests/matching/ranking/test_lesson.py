"""What a ranker learns from is the same however its draws are made."""

import numpy as np

from matching.pairing.pairs import PairFeatures
from matching.ranking.lesson import Lesson
from matching.ranking.training_parts import DRAWS
from tests.matching.planted import planted_history


def test_draws_made_apart_for_want_of_memory_hold_the_same_pairs(monkeypatch):
    history = planted_history(400)
    features, changes = PairFeatures(history), history.reviewed_changes()
    together = Lesson(features, changes, seed=5)
    shared = [together.draw(number) for number in range(DRAWS)]
    monkeypatch.setattr("matching.ranking.lesson.MOST_TOGETHER", 10)
    apart = Lesson(features, changes, seed=5)
    for number in reversed(range(DRAWS)):
        drawn = apart.draw(number)
        np.testing.assert_array_equal(drawn.X, shared[number].X)
        np.testing.assert_array_equal(drawn.owner, shared[number].owner)
