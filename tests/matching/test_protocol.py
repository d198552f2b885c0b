import json

import pytest

from matching.history_builder import HistoryBuilder
from matching.leaders_protocol import backtest_leaders
from matching.protocol import METHODS, backtest_mentors
from tests.matching.planted import START, planted_history, rising_history


@pytest.fixture(scope="module")
def report():
    return backtest_mentors(planted_history(700))


def test_the_report_has_every_method_slice_and_metric(report):
    assert list(report["methods"]) == list(METHODS)
    for found in report["methods"].values():
        for name in ("all", "newcomers", "first_change", "lagged", "project:tree"):
            part = found[name]
            assert {"n", "mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5", "ci"} <= set(part)
            low, high = part["ci"]["mrr"]
            assert low <= part["mrr"] <= high
        assert set(found["load"]) == {"gini", "largest_share", "peak"}
    assert json.loads(json.dumps(report)) == report


def test_the_served_ranking_beats_every_simple_one_on_planted_mentors(report):
    mrr = {name: found["newcomers"]["mrr"] for name, found in report["methods"].items()}
    assert mrr["served"] > 0.95
    assert mrr["served"] > mrr["recency"] + 0.3
    assert mrr["random"] < 0.2


def test_the_last_three_tenths_are_tested_and_every_query_counts(report):
    history = planted_history(700)
    changes = history.reviewed_changes()
    assert report["split"]["test"] == report["methods"]["served"]["all"]["n"]
    assert report["split"]["test"] == pytest.approx(0.3 * len(changes), abs=2)
    assert report["split"]["train"] + report["split"]["test"] == len(changes)


def test_a_mentor_nobody_could_know_is_a_miss():
    builder = HistoryBuilder()
    for number in range(40):
        builder.add_change(number, "p", f"author-{number:02}", START + number * 86_400, ["a"])
        builder.add_review(number, f"reviewer-{number:02}")
    report = backtest_mentors(builder.build())
    assert {found["all"]["mrr"] for found in report["methods"].values()} == {0.0}
    assert report["pool"]["protocol"]["all"]["covered"] == 0.0


def test_the_same_seed_gives_the_same_report(report):
    assert backtest_mentors(planted_history(700)) == report


def test_an_unknown_project_or_too_short_a_history_is_said_in_a_sentence():
    history = planted_history(100)
    with pytest.raises(ValueError, match="There is no project called atlantis"):
        backtest_mentors(history, projects=["atlantis"])
    with pytest.raises(ValueError, match="Only 5 reviewed changes: too few"):
        backtest_mentors(history, projects=["small"])
    with pytest.raises(ValueError, match="too short"):
        backtest_leaders(history)


def test_leaders_are_judged_with_base_rate_and_against_plain_counts():
    report = backtest_leaders(
        rising_history(projects=1, years=5, core_years=2), methods=("served", "commits_90d")
    )
    parts = {name: found["all"] for name, found in report["methods"].items()}
    for part in parts.values():
        assert {"n", "auc", "ap", "p_at_5", "p_at_10", "brier", "base_rate", "ci"} <= set(part)
        assert part["p_at_5"] <= part["p_at_5_best"]
    assert parts["served"]["auc"] > 0.9
    assert parts["served"]["ap"] > 2 * parts["served"]["base_rate"]
    assert set(report["methods"]["served"]) == {
        *("all", "answered", "reliability", "two_years", "project:project-0"),
    }
    assert json.loads(json.dumps(report)) == report
