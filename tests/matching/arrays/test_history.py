import random

import numpy as np
import pytest

from matching.arrays.history import DAY, Ragged, expand
from matching.arrays.history_builder import MAX_PREFIXES, HistoryBuilder, words_of


def small_rows() -> list[tuple]:
    return [
        ("change", 1, "b-project", "ann", 1000, ["src/a.py", "README"], "Teach parseHTML tables"),
        ("change", 2, "a-project", "bob", 2000, ["src/b.py"], "Start"),
        ("change", 3, "b-project", "ann", 3000, ["src/a.py"], "Go on"),
        ("review", 1, "bob", "reviewed", None),
        ("review", 3, "cleo", "approved", 5000),
        ("review", 3, "ann", "reviewed", None),
        ("link", 2, "cleo", "co_authored", None),
    ]


def built(rows: list[tuple]):
    builder = HistoryBuilder()
    for kind, *values in rows:
        getattr(builder, f"add_{kind}")(*values)
    return builder.build()


def as_values(history) -> dict:
    found = {}
    for name, value in vars(history).items():
        if isinstance(value, np.ndarray):
            value = value.tolist()
        elif isinstance(value, Ragged):
            value = (value.ptr.tolist(), value.ids.tolist())
        found[name] = value
    return found


def test_rows_in_any_order_build_the_same_history():
    rows = small_rows()
    for seed in range(5):
        shuffled = random.Random(seed).sample(rows, len(rows))
        assert as_values(built(shuffled)) == as_values(built(rows))


def test_a_small_history_is_what_was_told():
    history = built(small_rows())
    assert history.projects == ("a-project", "b-project")
    assert history.people == ("ann", "bob", "cleo")
    assert history.change_keys == (1, 2, 3)
    assert history.author.tolist() == [0, 1, 0]
    assert [history.prefix_names[row] for row in history.prefixes.row(0)] == [
        "README",
        "src",
        "src/a.py",
    ]
    assert [history.word_names[row] for row in history.words.row(0)] == [
        "html",
        "parse",
        "tables",
        "teach",
    ]
    assert history.earlier_changes.tolist() == [0, 0, 1]


def test_a_prefix_belongs_to_its_project():
    history = built(small_rows())
    src = [row for row, name in enumerate(history.prefix_names) if name == "src"]
    assert [history.projects[history.prefix_project[row]] for row in src] == [
        "a-project",
        "b-project",
    ]


def test_a_review_is_known_when_its_change_lands_or_later():
    history = built(small_rows())
    assert history.review_at.tolist() == [1000, 3000, 5000]


def test_nobody_reviews_their_own_change():
    history = built(small_rows())
    reviewers = [[history.people[row] for row in history.reviewers.row(n)] for n in range(3)]
    assert reviewers == [["bob"], [], ["cleo"]]
    assert history.reviewed_changes().tolist() == [0, 2]


def test_merges_and_bots_make_nobody_less_new():
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", 1, is_merge=True)
    builder.add_change(2, "p", None, 2)
    builder.add_change(3, "p", "ann", 3)
    builder.add_change(4, "p", "ann", 4)
    history = builder.build()
    assert history.earlier_changes[[2, 3]].tolist() == [0, 1]
    assert history.reviewed_changes().tolist() == []


def test_a_sweep_keeps_only_the_directories_nearest_the_top():
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", 1, [f"a/b/{n}/file.py" for n in range(1000)])
    history = builder.build()
    names = [history.prefix_names[row] for row in history.prefixes.row(0)]
    assert len(names) == MAX_PREFIXES
    assert {"a", "a/b"} <= set(names)
    assert not [name for name in names if name.endswith("file.py")]


def test_the_hash_knows_the_facts_and_not_the_keys():
    rows = small_rows()
    renamed = [
        tuple(
            {"ann": "p1", "bob": "p2", "cleo": "p3"}.get(v, v) if isinstance(v, str) else v
            for v in row
        )
        for row in rows
    ]
    assert built(renamed).data_hash == built(rows).data_hash
    assert built(rows[:4]).data_hash != built(rows).data_hash


def test_a_review_of_an_unknown_change_is_refused():
    builder = HistoryBuilder()
    builder.add_review(99, "ann")
    with pytest.raises(KeyError):
        builder.build()


def test_a_change_added_twice_is_refused():
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", DAY)
    with pytest.raises(ValueError, match="Change 1 was added twice"):
        builder.add_change(1, "p", "ann", DAY)


def test_an_empty_history_builds():
    history = HistoryBuilder().build()
    assert (history.n_changes, history.n_people, history.projects) == (0, 0, ())


def test_words_take_camel_case_apart_and_drop_fillers():
    assert words_of("Fix the HTMLParser for loadModel v2") == {"html", "parser", "load", "model"}


def test_ranges_expand_to_positions_and_owners():
    positions, owner = expand(np.array([5, 9, 2]), np.array([7, 9, 3]))
    assert (positions.tolist(), owner.tolist()) == ([5, 6, 2], [0, 0, 2])
