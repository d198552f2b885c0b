import numpy as np

from matching.arrays.history import DAY, Ragged
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pairs import PairFeatures
from matching.pairing.path_words import PathWords, words_of_path
from matching.pairing.queries import queries_of_changes
from tests.matching.planted import START


def vulkan_and_docs():
    """Bob reviewed vulkan's shaders, cleo the docs; then somebody tests vulkan elsewhere."""
    builder = HistoryBuilder()
    builder.add_change(1, "p", "ann", START, ["backends/vulkan/view.glsl"], "Shade")
    builder.add_review(1, "bob")
    builder.add_change(2, "p", "ann", START + DAY, ["docs/start.md"], "Explain vulkan")
    builder.add_review(2, "cleo")
    builder.add_change(3, "p", "dan", START + 9 * DAY, ["test/test_vulkan.py"], "Unheard of")
    builder.add_change(4, "q", "dan", START + 9 * DAY, ["vulkan.py"], "Vulkan")
    return builder.build()


def columns_of(history, change: int, *names: str) -> dict:
    table = PairFeatures(history).table(queries_of_changes(history, np.array([change])))
    people = [history.people[row] for row in table.pairs.candidate]
    return {
        name: dict(zip(people, np.round(table.column(name).astype(float), 3), strict=True))
        for name in names
    }


def test_a_path_is_taken_apart_into_the_words_of_its_last_part():
    assert words_of_path("src/VulkanView_test2.cpp") == ("cpp", "test", "view", "vulkan")


def test_who_reviewed_files_of_the_same_words_stands_out_where_no_file_is_shared():
    found = columns_of(vulkan_and_docs(), 2, "path_reviews_365d", "path_word_reviews_365d")
    assert set(found["path_reviews_365d"].values()) == {0.0}
    words = found["path_word_reviews_365d"]
    assert words["bob"] > 0
    assert (words["ann"], words["cleo"]) == (0, 0)


def test_paths_and_subjects_share_one_space_of_words():
    text = columns_of(vulkan_and_docs(), 2, "text_reviews_365d")["text_reviews_365d"]
    assert {person: share > 0 for person, share in text.items()} == {
        "ann": False,
        "bob": True,
        "cleo": True,
    }


def test_the_same_word_is_another_in_another_project():
    history = vulkan_and_docs()
    words = PathWords(history)
    here, there = (
        set(words.in_paths(history.prefixes.take(np.array([row]))).ids) for row in (2, 3)
    )
    assert not here & there


def test_a_word_never_heard_in_a_project_is_nobodys():
    history = vulkan_and_docs()
    shade = history.word_names.index("shade")
    nothing = Ragged.of([[]])
    terms = PathWords(history).in_texts(nothing, Ragged.of([[shade]]), np.array([1]))
    assert terms.ids.tolist() == [PathWords(history).unheard]
