import json
import random

import pytest

from matching.arrays.history import DAY, History
from matching.arrays.history_builder import HistoryBuilder
from matching.emerging.landmarks import landmark_dates
from matching.evaluation import lambdamart
from matching.evaluation.leaders_protocol import backtest_leaders, test_from
from matching.evaluation.load_protocol import NEWEST, curve_of
from matching.evaluation.protocol import METHODS, backtest_mentors
from matching.evaluation.report_table import lines
from matching.evaluation.summaries import rounded
from tests.matching.planted import START, planted_history, rising_history


@pytest.fixture(scope="module")
def report():
    return backtest_mentors(planted_history(700))


def test_the_report_has_every_method_slice_and_metric(report):
    left_out = set() if lambdamart.is_installed() else {"lambdamart"}
    expected = [name for name in METHODS if name not in left_out]
    assert list(report["methods"]) == expected
    assert set(report["failures"]["methods"]) == left_out
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
    assert min(mrr["logistic"], mrr["gradient_boosting"]) > mrr["recency"] + 0.3
    assert mrr.get("lambdamart", 1) > mrr["recency"] + 0.3
    assert mrr["served"] > mrr["recency"] + 0.3
    assert mrr["random"] < 0.2


def test_a_model_of_the_other_projects_answers_on_the_products_own_pool(report):
    mrr = {name: found["newcomers"]["mrr"] for name, found in report["methods"].items()}
    assert mrr["shipped"] > mrr["random"] + 0.3  # the other project is small
    assert set(report["gaps"]) == {"served", "shipped"}


def test_without_its_library_lambdamart_is_left_out_and_the_report_says_so(monkeypatch):
    monkeypatch.setattr(lambdamart, "lightgbm", None)
    report = backtest_mentors(planted_history(150), methods=["recency", "lambdamart"])
    assert list(report["methods"]) == ["recency"]
    assert report["failures"]["methods"] == {"lambdamart": "not_installed"}


def test_where_nothing_can_be_learned_recency_stands_in_and_the_report_says_so():
    report = backtest_mentors(carousel(), methods=["served", "recency", "logistic"])
    assert report["failures"]["methods"] == {"logistic": "too_little_to_learn_from"}
    assert report["methods"]["logistic"]["all"] == report["methods"]["recency"]["all"]


def carousel(changes: int = 40) -> History:
    """Five people in turn write, and the next one but one reviews; a day between changes."""
    builder = HistoryBuilder()
    for number in range(changes):
        builder.add_change(number, "p", f"person-{number % 5}", START + number * DAY, ["a"])
        builder.add_review(number, f"person-{(number + 2) % 5}")
    return builder.build()


def test_among_equals_the_report_counts_what_chance_would_give():
    found = backtest_mentors(carousel(), methods=["random"])["methods"]["random"]["all"]
    metrics = {name: found[name] for name in ("mrr", "hit_at_1", "hit_at_3", "hit_at_5")}
    expected = round((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 4)
    assert metrics == {"mrr": expected, "hit_at_1": 0.25, "hit_at_3": 0.75, "hit_at_5": 1.0}


def test_loads_stand_beside_what_really_happened():
    """Twelve tested changes, each reviewed by one of five people in turn."""
    report = backtest_mentors(carousel(), methods=["served", "recency"])
    assert report["split"]["test"] == 12
    assert report["load"]["people"] == 5
    assert report["load"]["history"] == {"gini": 0.1, "largest_share": 0.25, "peak": 3.0}


def crowded(changes: int = 360) -> History:
    """Newcomers write four changes a day; of six reviewers one is likelier than the others."""
    rng = random.Random(5)
    builder = HistoryBuilder()
    for number in range(changes):
        slug = "divided" if number % 5 else "star"
        builder.add_change(number, slug, f"new-{number // 3}", START + number * DAY // 4, ["a"])
        reviewer = rng.choice("aabcdef") if slug == "divided" else "host"
        builder.add_review(number, f"mentor-{reviewer}")
    return builder.build()


@pytest.fixture(scope="module")
def crowd():
    return backtest_mentors(crowded(), methods=["served", "recency"])


def test_the_curve_of_the_report_is_that_of_the_knob_on_the_newest_part(crowd):
    """Weights, scores and star-shaped projects as the product has them; the default among them."""
    knob, shared = curve_of(crowded(), NEWEST), crowd["load"]
    assert shared["curve"]["newcomers"] == [rounded(point) for point in knob["curve"]]
    assert (shared["weight"], shared["projects"]) == (0.4, ["divided"])
    assert set(shared["curve"]) == {"newcomers", "area_divided"}
    fall = {one["weight"]: one["peak_fall"] for one in shared["curve"]["newcomers"]}
    assert fall[0.4] > fall[0.0] == 0


def test_what_is_shown_stands_beside_what_is_ranked_in_the_table_of_loads(crowd):
    newcomers = crowd["load"]["newcomers"]
    assert list(newcomers) == ["history", "served", "recency", "served_shared"]
    assert newcomers["served_shared"]["gini"] < newcomers["served"]["gini"]


def test_the_table_says_what_the_weight_that_serves_spares_and_costs(crowd):
    alone, *others = crowd["load"]["curve"]["newcomers"]
    [serving] = [one for one in others if one["weight"] == 0.4]
    assert (
        f"  at LOAD_WEIGHT 0.4 the peak falls by {serving['peak_fall']:.0%}, from"
        f" {alone['peak']:.1f} to {serving['peak']:.1f}, and MRR from {alone['mrr']:.3f} to"
        f" {serving['mrr']:.3f} (loads: mean of 1 project that shares)"
    ) in list(lines(crowd))


def test_a_table_whose_curve_was_rounded_is_read_by_the_nearest_weight(crowd):
    finer = crowd | {"load": crowd["load"] | {"weight": 0.400001}}
    assert list(lines(finer)) == list(lines(crowd))


def test_where_no_project_shares_the_table_says_so(report):
    assert report["load"]["projects"] == []
    told = "  no project both shares its load and has a peak of four: nothing is spared"
    assert told in list(lines(report))


def test_mentors_named_in_the_history_are_a_slice_with_the_mentor_as_the_answer():
    """Every change has two reviewers; the one who is recent is not the one named as mentor."""
    builder = HistoryBuilder()
    for number in range(60):
        builder.add_change(number, "p", f"mentee-{number}", START + number * DAY, ["a"])
        builder.add_review(number, "busy")
        if number % 3 == 0:
            builder.add_review(number, "wise", "mentored")
    report = backtest_mentors(builder.build(), methods=["recency"])
    found = report["methods"]["recency"]
    assert (found["all"]["n"], found["all"]["hit_at_1"]) == (18, 1.0)
    assert (found["mentored"]["n"], found["mentored"]["mrr"]) == (6, 0.5)
    plain = backtest_mentors(carousel(), methods=["recency"])["methods"]["recency"]
    assert "mentored" not in plain


def test_projects_of_which_nothing_can_be_said_are_named():
    builder = HistoryBuilder()
    for number in range(60):
        project = "early" if number < 10 else "kept"
        author = "regular" if number % 2 else f"new-{number}"
        builder.add_change(number, project, author, START + number * DAY, ["a"])
        builder.add_review(number, "mentor")
    builder.add_change(60, "silent", "somebody", START, ["a"])
    report = backtest_mentors(builder.build(), methods=["recency"])
    found = report["failures"]["projects"]
    assert found == {"early": "no_query_in_test_period", "silent": "no_reviewed_change"}
    assert list(lines(report))[-2:] == [
        "projects, no query in test period: early",
        "projects, no reviewed change: silent",
    ]


def test_the_table_puts_what_is_served_first_with_its_interval_and_gap(report):
    shown = list(lines(report))
    start = next(i for i, line in enumerate(shown) if line.startswith("\nnewcomers (n ="))
    served = report["methods"]["served"]["newcomers"]
    low, high = served["ci"]["mrr"]
    assert shown[start + 1].split()[:3] == ["method", "mrr", "[95"]
    assert shown[start + 2].split()[:4] == [
        "served",
        f"{served['mrr']:.3f}",
        f"[{low:.3f},",
        f"{high:.3f}]",
    ]
    assert {len(line) for line in shown[start + 1 : start + 10]} == {len(shown[start + 1])}


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


def test_the_same_seed_gives_the_same_report():
    history, methods = planted_history(250), ["served", "random", "logistic"]
    assert backtest_mentors(history, methods=methods) == backtest_mentors(history, methods=methods)


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
    rows = report["methods"]["served"]["project:project-0"]["n"]
    assert (rows, report["failures"]) == (parts["served"]["n"], {"projects": {}})
    assert parts["served"]["auc"] > 0.9
    assert parts["served"]["ap"] > 2 * parts["served"]["base_rate"]
    assert set(report["methods"]["served"]) == {
        *("all", "answered", "reliability", "two_years", "project:project-0"),
    }
    assert json.loads(json.dumps(report)) == report


def test_without_a_landmark_after_the_cut_the_last_one_of_all_is_asked_about():
    """So much is done in the end that the newest 30 % are of one hour."""
    history = rising_history(projects=1, years=4, sweep=1500)
    [*_, last] = landmark_dates(history)
    assert last < test_from(history)
    report = backtest_leaders(history, methods=("served", "commits_90d"))
    assert report["split"]["test_from"] == last
    assert report["split"]["test_positive"] > 0
    assert set(report["methods"]) == {"served", "commits_90d"}
    assert "two_years" not in report["methods"]["served"]
