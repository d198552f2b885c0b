import json

import pytest

from matching.programs.protocol import METHODS, backtest_programs
from tests.matching.planted_programs import planted_programs, planted_records, record


@pytest.fixture(scope="module")
def report():
    return backtest_programs(planted_programs())


def test_the_report_has_the_shape_of_every_task(report):
    assert report["task"] == "programs"
    assert report["projects"] == ["aster", "briar", "clover", "daisy", "elder", "fern"]
    assert list(report["methods"]) == list(METHODS)
    for found in report["methods"].values():
        for part in found.values():
            assert set(part) == {"n", "mrr", "hit_at_1", "hit_at_3", "hit_at_5", "ndcg_at_5", "ci"}
            low, high = part["ci"]["mrr"]
            assert low <= part["mrr"] <= high
    assert json.loads(json.dumps(report)) == report


def test_every_program_is_counted_and_each_slice_says_how_many(report):
    assert {name: part["n"] for name, part in report["methods"]["served"].items()} == {
        "all": 32,
        "answerable": 31,
        "project_seen": 31,
        "project_unseen": 1,
        "new_to_project": 1,
        "new_to_project_outside": 1,
    }
    assert report["split"] == {"test_from": 2023, "test": 32, "terms": 3}
    assert report["misses"] == 1
    assert report["pool"] == {"mean_size": 10.0, "covered": round(31 / 32, 4)}


def test_the_served_ranking_finds_the_planted_mentors_and_simple_ones_do_not(report):
    hit = {name: found["answerable"]["hit_at_1"] for name, found in report["methods"].items()}
    assert hit["served"] == 1
    assert hit["random"] == 0.1
    assert hit["program_count"] < 0.2
    assert 0.4 < hit["same_project"] < 0.6  # one of the two mentors of each project
    assert report["sources"] == {
        "2023 T1": "ranker",
        "2023 T2": "ranker",
        "2023 T3": "ranker",
    }


def test_a_mentor_new_to_the_project_is_found_by_her_words(report):
    for name in ("new_to_project", "new_to_project_outside"):
        assert report["methods"]["served"][name]["mrr"] == 1
        assert report["methods"]["text"][name]["mrr"] == 1
        assert report["methods"]["same_project"][name]["mrr"] < 0.5


def test_only_the_mentor_new_to_the_project_answers_its_slice():
    records = planted_records()
    records.append(record("briar", "storage volumes snapshots", "2023 Term 1", "cleo", "ann"))
    found = backtest_programs(planted_programs(records))["methods"]["same_project"]
    # In briar, cleo and dan lead, and ann is one of eight alike behind them, or alone with them.
    behind = sum(1 / rank for rank in range(3, 11)) / 8
    outside = sum(1 / rank for rank in range(1, 9)) / 8
    # When fern asks, ann and cleo have one program more than all others.
    fern = (1 + 1 / 2) / 2
    assert found["new_to_project"]["n"] == found["new_to_project_outside"]["n"] == 2
    assert found["new_to_project"]["mrr"] == pytest.approx((behind + fern) / 2, abs=1e-4)
    assert found["new_to_project_outside"]["mrr"] == pytest.approx((outside + fern) / 2, abs=1e-4)


def test_the_same_seed_gives_the_same_report(report):
    assert backtest_programs(planted_programs()) == report


def test_too_little_is_said_in_a_sentence():
    with pytest.raises(ValueError, match="no program from 2023 on"):
        backtest_programs(planted_programs([record("aster", "old", "2020 Term 1", "ann")]))
    with pytest.raises(ValueError, match="no program with a mentor before 2023"):
        backtest_programs(planted_programs([record("aster", "new", "2023 Term 1", "ann")]))
