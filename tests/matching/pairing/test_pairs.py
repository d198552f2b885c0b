import numpy as np
import pytest

from matching.arrays.history import DAY
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes, query_of_person
from matching.ranking.baselines import SIMPLE
from tests.matching.planted import START, planted_history


def three_people():
    """Ann's change of src/a.py was reviewed by bob, her docs change by cleo; dan only wrote."""
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", START, ["src/a.py"], "Teach parser")
    builder.add_review(1, "bob")
    builder.add_change(2, "p", "ann", START + 90 * DAY, ["docs/x.md"], "Describe parser")
    builder.add_review(2, "cleo")
    builder.add_change(3, "p", "dan", START + 100 * DAY, ["src/a.py"], "Repair")
    builder.add_change(4, "p", "eve", START + 180 * DAY, ["src/a.py"], "Parser again")
    builder.add_change(5, "q", "bob", START + 181 * DAY, ["src/a.py"], "Elsewhere")
    return builder.build()


def table_of(history, change: int, **options):
    queries = queries_of_changes(history, np.array([change]))
    return PairFeatures(history).table(queries, **options)


def by_name(history, table, feature: str) -> dict:
    names = [history.people[row] for row in table.pairs.candidate]
    values = [round(float(value), 4) for value in table.column(feature)]
    return dict(zip(names, values, strict=True))


def test_the_pool_is_who_was_active_there_lately_without_the_author():
    history = three_people()
    names = [history.people[row] for row in table_of(history, 3).pairs.candidate]
    assert names == ["ann", "bob", "cleo", "dan"]
    late = table_of(history, 3, returning_days=90)
    assert [history.people[row] for row in late.pairs.candidate] == ["ann", "cleo", "dan"]


def test_reviewers_of_sister_projects_join_a_wider_pool():
    history = three_people()
    assert len(table_of(history, 4).pairs) == 0
    wide = table_of(history, 4, community_days=365)
    assert [history.people[row] for row in wide.pairs.candidate] == ["cleo"]


def test_counts_ages_and_shares_are_what_was_told():
    history = three_people()
    table = table_of(history, 3)
    assert by_name(history, table, "reviews_365d") == {"ann": 0, "bob": 1, "cleo": 1, "dan": 0}
    assert by_name(history, table, "reviews_90d") == {"ann": 0, "bob": 0, "cleo": 1, "dan": 0}
    fading = {"ann": 0, "bob": 0.25, "cleo": 0.5, "dan": 0}
    assert by_name(history, table, "reviews_decayed_90d") == fading
    assert by_name(history, table, "days_since_commit") == {
        "ann": 90,
        "bob": 3650,
        "cleo": 3650,
        "dan": 80,
    }
    assert by_name(history, table, "path_reviews_365d") == {"ann": 0, "bob": 1, "cleo": 0, "dan": 0}
    assert by_name(history, table, "word_reviews_365d:rank")["ann"] == round(np.log1p(2), 4)


def test_who_reviewed_the_author_before_is_familiar():
    history = three_people()
    table = table_of(history, 1)
    assert by_name(history, table, "affinity_ever") == {"bob": 1}
    assert by_name(history, table, "was_last_reviewer") == {"bob": 1}


def test_no_feature_sees_what_comes_later():
    """A history that ends with the change knows exactly as much as the whole one."""
    whole, blind = planted_history(600), planted_history(600, until=400)
    change = whole.change_keys.index(400)
    assert change == blind.n_changes - 1
    table = table_of(whole, change, returning_days=540)
    seen = table_of(blind, change, returning_days=540)
    assert [whole.people[row] for row in table.pairs.candidate] == [
        blind.people[row] for row in seen.pairs.candidate
    ]
    np.testing.assert_allclose(table.values, seen.values, rtol=1e-5, atol=1e-6)


def test_a_lagged_query_does_not_know_the_reviews_of_the_last_days():
    history = three_people()
    queries = queries_of_changes(history, np.array([3]))
    late = PairFeatures(history).table(queries.lagged(100))
    assert by_name(history, late, "reviews_365d") == {"ann": 0, "bob": 1, "dan": 0}


def test_who_only_reviewed_is_a_candidate_once_that_is_known():
    history = three_people()
    queries, features = queries_of_changes(history, np.array([3])), PairFeatures(history)
    pools = {
        days: [history.people[row] for row in features.table(lagging).pairs.candidate]
        for days, lagging in ((0, queries), (89, queries.lagged(89)), (91, queries.lagged(91)))
    }
    assert pools == {
        0: ["ann", "bob", "cleo", "dan"],
        89: ["ann", "bob", "cleo", "dan"],
        91: ["ann", "bob", "dan"],
    }


def test_one_table_or_many_batches_hold_the_same_features(monkeypatch):
    history = planted_history(200)
    features = PairFeatures(history)
    queries = queries_of_changes(history, np.arange(100, 200))
    whole = features.table(queries)
    monkeypatch.setattr("matching.pairing.pairs.MAX_CELLS", 7 * history.n_people)
    parts = [table for _, table in features.tables(queries)]
    assert len(parts) == 15
    np.testing.assert_array_equal(np.concatenate([part.values for part in parts]), whole.values)


def test_no_table_has_more_pairs_than_fit_unless_a_single_query_has(monkeypatch):
    history = planted_history(200)
    features = PairFeatures(history)
    queries = queries_of_changes(history, np.arange(100, 200))
    whole, most = features.table(queries), 40
    monkeypatch.setattr("matching.pairing.pairs.TABLE_PAIRS", most)
    rows, parts = zip(*features.tables(queries), strict=True)
    np.testing.assert_array_equal(np.concatenate(rows), np.arange(100))
    np.testing.assert_array_equal(np.concatenate([part.values for part in parts]), whole.values)
    assert all(len(part.pairs) <= most or len(part.queries) == 1 for part in parts)
    assert 2 < len(parts) < 100


def test_a_person_without_work_is_understood_by_their_words():
    history = planted_history(300)
    end = int(history.at[-1]) + 1
    project = history.projects.index("tree")
    query = query_of_person(history, -1, project, end, ("Docs", "unheard-of"))
    assert [history.prefix_names[row] for row in query.prefixes.ids] == ["docs"]
    table = PairFeatures(history).table(query)
    best = table.pairs.candidate[np.argmax(table.column("path_reviews_365d"))]
    assert history.people[best] == "mentor-docs"


def test_a_language_stands_for_the_places_where_it_is_written():
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", START, ["core/a.rs"], languages=["Rust"])
    builder.add_change(2, "p", "bob", START + DAY, ["web/b.js"], languages=["JavaScript"])
    builder.add_change(3, "q", "bob", START + DAY, ["other/c.rs"], languages=["Rust"])
    history = builder.build()
    query = query_of_person(history, -1, 0, START + 2 * DAY, ("rust",))
    assert [history.prefix_names[row] for row in query.prefixes.ids] == ["core", "core/a.rs"]


def test_a_persons_query_joins_their_recent_changes():
    history = planted_history(300)
    person = int(history.author[250])
    project, end = history.projects.index("tree"), int(history.at[-1]) + 1
    mine = np.flatnonzero((history.author == person) & (history.at >= end - 90 * DAY))
    query = query_of_person(history, person, project, end)
    expected = np.unique(np.concatenate([history.prefixes.row(row) for row in mine]))
    assert query.prefixes.ids.tolist() == expected.tolist()


@pytest.mark.parametrize("name", ["affinity", "path_overlap", "hybrid"])
def test_a_simple_ranking_finds_planted_mentors_better_than_chance(name):
    history = planted_history()
    changes = history.reviewed_changes()[300:]
    table = PairFeatures(history).table(queries_of_changes(history, changes))
    scores = SIMPLE[name](table)
    ptr = table.pairs.ptr
    best = [
        table.pairs.candidate[start + np.argmax(scores[start:stop])]
        for start, stop in zip(ptr[:-1], ptr[1:], strict=True)
        if stop > start
    ]
    right = np.mean(
        [row in history.reviewers.row(change) for row, change in zip(best, changes, strict=False)]
    )
    assert right > (0.95 if name == "path_overlap" else 0.3)


def test_a_sweep_whose_paths_were_cut_counts_as_one_over_all_that_it_touched():
    told = [f"src/{number}.py" for number in range(3)]

    def share_of_ann(path_count):
        builder = HistoryBuilder()
        builder.add_change(1, "p", "ann", START, told, path_count=path_count)
        builder.add_change(2, "p", "bob", START, told)
        builder.add_change(3, "p", "eve", START + DAY, ["src/0.py"])
        history = builder.build()
        return by_name(history, table_of(history, 2), "path_commits_365d")["ann"]

    assert share_of_ann(None) == share_of_ann(3) == 0.5
    prefixes = 4  # src and its three files, of 1,000 times as many paths
    ann, bob = (1 + np.array([1_000, 1]) * prefixes / 30) ** -0.5
    assert share_of_ann(3_000) == pytest.approx(ann / (ann + bob), abs=1e-4)


def test_people_who_did_the_same_have_the_same_rank_whatever_their_number():
    builder = HistoryBuilder()
    for person in range(1, 11):
        for time in range(3):
            key = f"{person}-{time}"
            builder.add_change(key, "p", "author", START + time * DAY, ["src/a.py"], "Teach")
            builder.add_review(key, f"reviewer-{person:02}")
    builder.add_change("z", "p", "author", START + 30 * DAY, ["src/a.py"], "Teach")
    history = builder.build()
    table = table_of(history, history.n_changes - 1)
    for name in ("reviews_decayed_14d:rank", "affinity_decayed_180d:rank"):
        assert set(by_name(history, table, name).values()) == {0.0}
