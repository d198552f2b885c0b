"""Large communities are ranked like small ones: sparse where that is needed, searched if crowds."""

from dataclasses import replace

import numpy as np
import pytest

from matching.arrays.history import DAY, History
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing import content, pairs, pool, retrieval
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes, query_of_person
from tests.matching.planted import START, mentor_of, planted_history

DAYS = 540


@pytest.fixture(scope="module")
def history():
    return planted_history(300)


@pytest.fixture
def searched(monkeypatch):
    monkeypatch.setattr(retrieval, "CROWD", 0)
    monkeypatch.setattr(retrieval, "FEW", 3)


def tables(history, community_days=0):
    queries = queries_of_changes(history, np.arange(100, 300))
    found = PairFeatures(history).tables(queries, DAYS, community_days)
    return [(rows.tolist(), table.pairs.candidate.tolist(), table.values) for rows, table in found]


def in_one(parts):
    return sum((rows for rows, *_ in parts), []), np.concatenate([part[-1] for part in parts])


@pytest.mark.parametrize("community_days", [0, 90])
def test_tables_of_bits_and_sorted_codes_hold_the_same_pairs(history, monkeypatch, community_days):
    (dense,) = tables(history, community_days)
    monkeypatch.setattr(pool, "DENSE_CELLS", 0)
    monkeypatch.setattr(content, "DENSE_CELLS", 0)
    (sparse,) = tables(history, community_days)
    assert sparse[:2] == dense[:2]
    np.testing.assert_array_equal(sparse[2], dense[2])


def test_batches_of_a_large_community_hold_the_same_features(history, monkeypatch):
    whole = in_one(tables(history))
    monkeypatch.setattr(pairs, "SMALL", 0)
    monkeypatch.setattr(pairs, "MAX_PAIRS", 1_000)
    parts = tables(history)
    assert len(parts) > 5
    rows, values = in_one(parts)
    assert rows == whole[0]
    np.testing.assert_array_equal(values, whole[1])


def test_a_crowd_is_searched_and_never_leaves_the_pool(history, searched, monkeypatch):
    monkeypatch.setattr(retrieval, "STANDING_OUT", 2)
    monkeypatch.setattr(retrieval, "BY_PATH", 2)
    monkeypatch.setattr(retrieval, "BY_WORD", 1)
    queries = queries_of_changes(history, np.arange(100, 300))
    features = PairFeatures(history)
    found = features.retrieval.pairs(queries, DAYS)
    whole = features.pool.pairs(queries, DAYS)
    size = history.n_people
    searched_codes = found.owner * size + found.candidate
    assert len(found) < len(whole) / 2
    assert np.isin(searched_codes, whole.owner * size + whole.candidate).all()
    assert (np.diff(searched_codes) > 0).all()


def test_the_planted_mentor_of_an_area_is_always_found_in_a_crowd(history, searched, monkeypatch):
    monkeypatch.setattr(retrieval, "STANDING_OUT", 1)
    end, project = int(history.at[-1]) + 1, history.projects.index("tree")
    for area in ("engine", "docs", "network", "storage"):
        query = query_of_person(history, -1, project, end, (area,))
        found = PairFeatures(history).table(query, DAYS).pairs.candidate
        assert mentor_of(area) in {history.people[row] for row in found}


def test_few_candidates_are_ranked_whole_however_many_were_ever_known(history, monkeypatch):
    monkeypatch.setattr(retrieval, "CROWD", 0)
    queries = queries_of_changes(history, np.arange(100, 300))
    features = PairFeatures(history)
    found, whole = features.retrieval.pairs(queries, DAYS), features.pool.pairs(queries, DAYS)
    assert (found.ptr.tolist(), found.candidate.tolist()) == (
        whole.ptr.tolist(),
        whole.candidate.tolist(),
    )


def test_the_search_of_a_crowd_does_not_see_what_comes_later(history, searched):
    blind = planted_history(300, until=200)
    change = history.change_keys.index(200)
    assert change == blind.n_changes - 1
    names = []
    for known in (history, blind):
        queries = queries_of_changes(known, np.array([change]))
        found = PairFeatures(known).table(queries, DAYS).pairs.candidate
        names.append([known.people[row] for row in found])
    assert names[0] == names[1]
    assert int(history.at[change]) > START + 200 * DAY


def two_companies() -> History:
    """In each of two projects somebody reviews for each of two companies, whose people change."""
    builder = HistoryBuilder()
    for number in range(80):
        project, company = "pq"[number % 2], "xy"[number // 2 % 2]
        author, at = f"{company}-{number // 8}", START + number * DAY
        builder.add_change(number, project, author, at, ["a.py"], organisation=f"{company}.org")
        builder.add_review(number, f"{company}-in-{project}")
    return builder.build()


@pytest.mark.parametrize("others", [0, 2**30])
def test_a_crowd_is_asked_who_reviewed_a_company_here_however_many_there_are(
    searched, monkeypatch, others
):
    for source in ("STANDING_OUT", "FAMILIAR", "BY_PATH", "BY_WORD"):
        monkeypatch.setattr(retrieval, source, 0)
    monkeypatch.setattr(retrieval, "ORGANISATION", 1)
    history = two_companies()
    queries = queries_of_changes(history, np.arange(76, 80))
    known = replace(history, organisations=range(len(history.organisations) + others))
    table = PairFeatures(known).table(queries, DAYS)
    names = [history.people[row] for row in table.pairs.candidate]
    assert names == ["x-in-p", "x-in-q", "y-in-p", "y-in-q"]
    assert table.column("organisation_reviews_365d").tolist() == [19, 19, 19, 19]
    queries.organisation[0] = len(known.organisations) - 1 if others else 0
    assert PairFeatures(known).retrieval.pairs(queries, DAYS).ptr.tolist() == [0, 0, 1, 2, 3]
