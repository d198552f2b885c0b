"""Draws of training pairs: one pass over the features serves several, and none notices."""

import numpy as np

from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes
from matching.ranking.training_pairs import draw_each, draw_training_pairs
from tests.matching.planted import planted_history


def test_draws_that_share_a_pass_keep_the_pairs_that_each_would_have_kept_alone():
    history = planted_history(300)
    features, changes = PairFeatures(history), history.reviewed_changes()
    asked = [np.arange(0, len(changes), 2), np.arange(5, len(changes)), np.arange(7)]
    together = draw_each(
        features.tables(queries_of_changes(history, changes)),
        history.reviewers.take(changes),
        asked,
        seeds=[3, 4, 3],
    )
    for drawn, rows, seed in zip(together, asked, [3, 4, 3], strict=True):
        alone = draw_training_pairs(
            features.tables(queries_of_changes(history, changes[rows])),
            history.reviewers.take(changes[rows]),
            seed=seed,
        )
        np.testing.assert_array_equal(drawn.X, alone.X)
        np.testing.assert_array_equal(drawn.y, alone.y)
        np.testing.assert_array_equal(drawn.owner, alone.owner)
        assert 0 < drawn.y.sum() < len(drawn.y)


def test_the_queries_of_a_draw_are_numbered_among_themselves():
    history = planted_history(100)
    features, changes = PairFeatures(history), history.reviewed_changes()
    tables = features.tables(queries_of_changes(history, changes))
    later = np.arange(20, len(changes))
    (drawn,) = draw_each(tables, history.reviewers.take(changes), [later], [0])
    assert np.unique(drawn.owner).tolist() == list(range(len(later)))
