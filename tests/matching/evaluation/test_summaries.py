"""Figures from answers: gaps and means over projects, counted by hand."""

import numpy as np
import pytest

from matching.evaluation.examination import Answers
from matching.evaluation.summaries import gap_to_simple, per_project, summarise


def answers(*mrr: float) -> Answers:
    metrics = np.column_stack([np.array(mrr), *[np.zeros(len(mrr))] * 4])
    none = np.zeros(len(mrr), int)
    return Answers(metrics, none, none > 0, none)


FOUND = {
    "served": answers(1.0, 0.5, 1.0, 0.0),
    "recency": answers(0.5, 0.5, 0.0, 0.0),
    "affinity": answers(0.5, 0.25, 0.5, 0.5),
    "logistic": answers(1.0, 1.0, 1.0, 1.0),
}
EACH = np.arange(4)


def test_the_gap_is_to_the_simple_ranking_that_did_best_and_never_to_a_learned_one():
    found = gap_to_simple("served", FOUND, EACH, seed=0)
    assert {key: found[key] for key in found if key != "ci"} == {
        "n": 4,
        "mrr": 0.625,
        "best": "affinity",
        "best_mrr": 0.4375,
        "gap": 0.1875,
    }
    assert found["ci"][0] < 0.1875 < found["ci"][1]


def test_the_gap_of_one_mentee_has_no_width():
    assert gap_to_simple("served", FOUND, np.zeros(4), seed=0)["ci"] == [0.1875, 0.1875]


def test_without_a_question_or_a_rival_there_is_no_gap():
    assert gap_to_simple("served", {"served": answers()}, EACH[:0], seed=0) is None
    assert gap_to_simple("served", {"served": answers(1.0)}, EACH[:1], seed=0) is None


def test_the_gap_to_recency_stands_beside_every_method_with_its_interval():
    found = summarise(FOUND, np.zeros(4), seed=0)
    gaps = {
        name: (one["mrr_over_recency"], one["ci"]["mrr_over_recency"])
        for name, one in found.items()
    }
    assert gaps == {
        "served": (0.375, [0.375, 0.375]),
        "recency": (0.0, [0.0, 0.0]),
        "affinity": (0.1875, [0.1875, 0.1875]),
        "logistic": (0.75, [0.75, 0.75]),
    }


def test_a_large_project_counts_as_much_as_a_small_one():
    project = np.array([0, 0, 0, 1])
    found = per_project({"served": FOUND["served"]}, np.zeros(4), project, seed=0)
    mean = pytest.approx((2.5 / 3 + 0) / 2, abs=1e-4)
    assert found == {
        "served": {
            "mean_mrr": mean,
            "median_mrr": mean,
            "ci": {"mean_mrr": [mean, mean], "median_mrr": [mean, mean]},
        }
    }


def test_without_any_project_there_is_no_mean():
    found = per_project({"served": answers()}, EACH[:0], EACH[:0], seed=0)["served"]
    assert (found["mean_mrr"], found["median_mrr"]) == (None, None)
