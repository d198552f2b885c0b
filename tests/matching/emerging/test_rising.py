"""Who is invited, and why: what a row tells is the whole of what was computed."""

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from matching.arrays.history import DAY
from matching.community import Community
from matching.emerging.landmark_training import training_of
from matching.emerging.leaders import HORIZONS, REASON_GROUPS, LeaderModels
from matching.emerging.rising import rising_in
from matching.emerging.travelling_leaders import fit_elsewhere, rows_elsewhere
from tests.matching.planted import START, rising_history

NOW = START + (10 * 182 + 170) * DAY
"""Three of each project have been at work for nearly half a year."""


@pytest.fixture(scope="module")
def community():
    return Community(datetime.fromtimestamp(NOW, UTC), rising_history(projects=2, years=6))


@pytest.fixture(scope="module")
def elsewhere():
    other = rising_history(projects=2, years=5, seed=5, core_years=2)
    return {
        years: fit_elsewhere(rows_elsewhere(other, int(other.at[-1]), years)) for years in HORIZONS
    }


def learned(community, whose, elsewhere) -> LeaderModels:
    known_by = NOW if "own" in whose else START
    trainings = {
        years: training_of(community.history, known_by, horizon=years) for years in HORIZONS
    }
    return LeaderModels().fit(trainings, elsewhere if "others" in whose else {})


@pytest.mark.parametrize("whose", [("own",), ("own", "others"), ("others",)])
def test_base_and_contributions_of_every_invitation_tell_its_chance(community, elsewhere, whose):
    models = learned(community, whose, elsewhere)
    told = rising_in("project-0", community, models)
    assert {one.horizon for one in told} == set(HORIZONS)
    assert [models.at(1).is_taught, models.at(1).elsewhere_ != {}] == [
        "own" in whose,
        "others" in whose,
    ]
    for one in told:
        log_odds = one.base + sum(reason["contribution"] for reason in one.reasons)
        assert 1 / (1 + np.exp(-log_odds)) == pytest.approx(one.probability, rel=1e-9)
        assert {reason["feature"] for reason in one.reasons} == REASON_GROUPS.keys()
        parts = [reason["contribution"] for reason in one.reasons]
        assert all(stronger >= weaker for stronger, weaker in pairwise(parts))
        assert parts[0] > 0
