"""What a row says adds up to its score, whatever ranked and whatever nudged."""

import numpy as np
import pytest

from matching.lists.nudges import NEAR, Nudge, Nudged, is_unflagged, luck
from matching.lists.reasons import Explanation, Reason
from matching.lists.telling import tell
from matching.ranking.attribution import log_mean

# Whether a method's score is a logarithm: the community's own model, one that was shipped, and
# the simple rankings.
METHODS = {"model": True, "shipped": True, "recency": False, "hybrid": False}
WISH, BURDEN = Nudge("hour_overlap", 0.21, 0.7), Nudge("load", -0.4)


def explained(method: str, base: float, *parts: float) -> Explanation:
    reasons = tuple(Reason(f"code-{place}", part, "", 1.0, ()) for place, part in enumerate(parts))
    return Explanation(base, base + sum(parts), method, reasons)


def told(method: str):
    """Three suggestions whose parts are known, the second nudged up, the first down."""
    why = [
        explained(method, 0.5, 2.0, 1.5, -0.5),
        explained(method, 0.5, 2.5, 0.0, 0.25),
        explained(method, 0.5, 0.1, 0.0, 0.0),
    ]
    scores = np.array([one.score for one in why])
    weights = np.exp(scores) if METHODS[method] else scores
    chances = (weights / (weights.sum() + 2.0)).tolist()  # others of the pool hold the rest
    nudged = Nudged(chances, [[BURDEN], [WISH], []])
    order = nudged.order()
    return order, nudged, tell([why[place] for place in order], nudged, order, ())


@pytest.mark.parametrize("method", METHODS)
def test_base_and_contributions_add_up_to_the_score(method):
    _, _, rows = told(method)
    for row in rows:
        total = row.base + sum(reason["contribution"] for reason in row.reasons)
        assert total == pytest.approx(row.score, abs=1e-12)
        assert 0 < row.base < 1


@pytest.mark.parametrize("method", METHODS)
def test_the_base_is_what_the_median_of_the_pool_would_get(method):
    order, nudged, rows = told(method)
    chances = nudged.chances
    if METHODS[method]:
        median = chances[order[0]] * np.exp(-sum(told_parts(order[0])))
    else:
        median = 0.5 * chances[order[0]] / (0.5 + sum(told_parts(order[0])))
    assert rows[0].base == pytest.approx(median / nudged.total)


def told_parts(place: int) -> tuple[float, ...]:
    return ((2.0, 1.5, -0.5), (2.5, 0.0, 0.25), (0.1, 0.0, 0.0))[place]


@pytest.mark.parametrize("method", METHODS)
def test_contributions_keep_their_signs_and_their_order(method):
    order, _, rows = told(method)
    parts = rows[order.index(0)].reasons
    signs = [np.sign(reason["contribution"]) for reason in parts]
    assert [reason["feature"] for reason in parts] == ["code-0", "code-1", "code-2", "load"]
    assert signs == [1, 1, -1, -1]
    assert parts[0]["contribution"] > parts[1]["contribution"]


def test_a_nudge_moves_only_between_near_ones():
    chances = [0.30, 0.28, 0.02]
    assert Nudged(chances, [[], [Nudge("hours", 0.3)], [Nudge("hours", 0.3)]]).order() == [1, 0, 2]


def test_shares_after_the_nudges_are_still_shares_of_the_pool():
    order, nudged, rows = told("model")
    rest = 1 - nudged.chances.sum()
    assert sum(row.score for row in rows) + rest / nudged.total == pytest.approx(1)


def test_the_logarithmic_mean_leaves_nothing_over():
    assert log_mean(0.4, 0.1) * np.log(4) == pytest.approx(0.3)
    assert (log_mean(0.3, 0.3), log_mean(0.3, 0.0)) == (0.3, 0.0)


def test_about_the_share_asked_for_is_unflagged_and_always_the_same():
    chosen = [is_unflagged(person, 0.1) for person in range(2_000)]
    assert chosen == [is_unflagged(person, 0.1) for person in range(2_000)]
    assert 0.08 < np.mean(chosen) < 0.12
    assert not any(is_unflagged(person, 0.0) for person in range(50))


def test_luck_parts_near_ties_only():
    draw = luck(7, 1_000)
    assert draw.tolist() == luck(7, 1_000).tolist()
    assert draw.min() >= 0 and draw.max() < NEAR
