"""Who ranks in a project is decided on past answers, and on enough of them."""

import numpy as np
import pytest

from matching.ranking.serving import Served
from matching.ranking.sources import RIVALS, choose

PROJECTS = ("much", "little")
COUNTS = np.array([400, 20])
ASKED = np.zeros(100, int)


def lead(**means):
    """Reciprocal ranks of 100 queries of "much"; half of them a little better, half worse."""
    spread = np.tile([0.05, -0.05], 50)
    found = dict.fromkeys(RIVALS, 0.2) | means
    return {name: np.full(100, mean) + spread for name, mean in found.items()}


@pytest.mark.parametrize(
    ("means", "source"),
    [
        ({"model": 0.6, "shipped": 0.5}, "model"),
        ({"model": 0.6, "shipped": 0.6}, "model"),
        ({"model": 0.5, "shipped": 0.6}, "shipped"),
        ({"shipped": 0.6}, "shipped"),
        ({"model": 0.5, "shipped": 0.6, "affinity": 0.7}, "affinity"),
        ({"shipped": 0.6, "recency": 0.7}, "recency"),
        ({"model": 0.5}, "model"),
    ],
)
def test_the_better_one_serves_and_the_own_model_once_it_does_as_well(means, source):
    assert choose(PROJECTS, COUNTS, ASKED, lead(**means)) == {"much": source}


def test_a_gap_within_a_standard_error_takes_nothing_from_a_learned_model():
    found = lead(model=0.5)
    found["hybrid"] = found["model"] + np.tile([0.4, -0.39], 50)
    assert choose(PROJECTS, COUNTS, ASKED, found) == {"much": "model"}


def test_where_the_shipped_model_has_seen_the_answers_it_is_not_compared():
    found = lead(model=0.5, shipped=0.9)
    assert choose(PROJECTS, COUNTS, ASKED, found, taught={0}) == {"much": "model"}
    assert choose(PROJECTS, COUNTS, ASKED, lead(shipped=0.1), taught={0}) == {"much": "shipped"}


def test_few_answers_in_a_project_leave_it_to_those_of_all():
    asked = np.r_[np.zeros(95, int), np.ones(5, int)]
    found = lead(model=0.5, shipped=0.6)
    found["model"][95:] = 1.0
    counts = np.array([400, 40])
    assert choose(PROJECTS, counts, asked, found) == {"much": "shipped", "little": "shipped"}


def test_without_a_file_that_fits_a_project_falls_back_to_recency():
    served = Served(None, {"a": "shipped", "b": "hybrid", "c": "model"})
    assert [served.source_for(slug) for slug in "abcd"] == [
        "recency",
        "hybrid",
        "recency",
        "recency",
    ]
