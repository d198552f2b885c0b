"""A large community is worked on one project at a time, and hardly anybody can tell."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from matching.arrays.history import DAY, History, Ragged
from matching.arrays.history_builder import LINK_KINDS, REVIEW_KINDS, HistoryBuilder
from matching.community import Community
from matching.lists.limits import Limits
from matching.lists.suggest import Mentee, suggest
from matching.pairing import focus
from matching.pairing.focus import FeaturesByProject, Part, is_large
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes
from matching.ranking.lesson import Lesson
from matching.ranking.lesson_by_project import LessonByProject
from matching.ranking.serving import Served
from matching.ranking.training_pairs import TrainingPairs
from matching.ranking.training_parts import DRAWS
from mentorship.models import Match
from tests.matching.planted import START

PROJECTS, PEOPLE, CHANGES = "pqrs", 24, 900
ROUNDING = 1e-6
"""What decays is summed in other company: the last bits may differ."""
WORDS = "Teach parser tree loader cache index server client queue store".split()


def mixed_history(seed: int = 0, talk: str = "") -> History:
    """Four projects; most people stay in one, some work, review and help in several.

    In a fifth, if there shall be some ``talk``, somebody only answers.
    """
    rng = random.Random(seed)
    builder = HistoryBuilder()
    for key in range(1, CHANGES + 1):
        project = rng.choice(PROJECTS)
        near = [n for n in range(1, PEOPLE) if n % 4 == PROJECTS.index(project) or n % 5 == 0]
        author = rng.choice(near) if rng.random() < 0.95 else None
        at = START + key * DAY // 2
        paths = [
            f"src/{rng.choice('abc')}/{rng.randint(0, 5)}.py" for _ in range(rng.randint(1, 3))
        ]
        subject = " ".join(rng.sample(WORDS, 3))
        organisation = f"firm{author % 3}.example" if author and author % 2 else ""
        builder.add_change(
            key,
            project,
            author,
            at,
            paths,
            subject,
            organisation=organisation,
            languages=["Python"],
        )
        for _ in range(rng.choice((0, 1, 1, 2))):
            late = at + rng.choice((0, 3 * DAY))
            builder.add_review(key, rng.choice(near), rng.choice(REVIEW_KINDS), late)
        if rng.random() < 0.2:
            builder.add_link(key, rng.choice(near), rng.choice(LINK_KINDS))
        if rng.random() < 0.2:
            builder.add_activity(rng.choice(near), project, at)
    if talk:
        builder.add_activity(777, talk, START + (CHANGES // 2 - 9) * DAY)
    return builder.build()


@pytest.fixture(scope="module")
def history():
    return mixed_history()


def rows_of(features, queries) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Each pair as (query, candidate) in order, with its values."""
    pairs, values, names = [], [], ()
    for rows, table in features.tables(queries, 540):
        pairs.append(np.stack([rows[table.pairs.owner], table.pairs.candidate], axis=1))
        values.append(table.values)
        names = table.names
    pairs, values = np.concatenate(pairs), np.concatenate(values)
    order = np.lexsort(pairs.T[::-1])
    return pairs[order], values[order], names


@pytest.mark.parametrize("seed", range(5))
def test_by_project_every_feature_but_those_of_words_is_what_it_is_in_the_whole(seed):
    history = mixed_history(seed)
    queries = queries_of_changes(history, history.reviewed_changes())
    pairs, whole, names = rows_of(PairFeatures(history), queries)
    same_pairs, apart, same_names = rows_of(FeaturesByProject(history), queries)
    assert same_names == names
    np.testing.assert_array_equal(same_pairs, pairs)
    for place, name in enumerate(names):
        if not name.startswith("word_"):
            np.testing.assert_allclose(apart[:, place], whole[:, place], ROUNDING, err_msg=name)


def test_words_are_weighed_as_in_the_whole_where_everybody_belongs_to_the_project(history):
    everybody = np.arange(history.n_people)
    part = Part.around(history, 0, everybody)
    rows = np.flatnonzero(history.project[history.reviewed_changes()] == 0)
    queries = queries_of_changes(history, history.reviewed_changes()[rows])
    [(_, whole)] = PairFeatures(history).tables(queries)
    [(_, inside)] = PairFeatures(part.history).tables(part.within(queries))
    np.testing.assert_allclose(part.outside(inside, queries).values, whole.values, ROUNDING)


def test_a_word_that_nobody_said_there_weighs_what_it_does_in_the_whole(history):
    whole = replace(history, word_names=(*history.word_names, "quantum"))
    said = [whole.word_names.index("loader"), whole.word_names.index("quantum")]
    asked = queries_of_changes(whole, whole.reviewed_changes()[-1:])
    asked = replace(asked, words=Ragged.of([said]))
    _, values, names = rows_of(PairFeatures(whole), asked)
    _, apart, _ = rows_of(FeaturesByProject(whole), asked)
    place = names.index("text_reviews_365d")
    assert values[:, place].any()
    np.testing.assert_allclose(apart[:, place], values[:, place], ROUNDING)


def test_a_part_holds_the_project_and_what_its_people_wrote_and_reviewed(history):
    reviewers = [set(history.reviewers.row(row).tolist()) for row in range(history.n_changes)]
    inside = {n for n in range(history.n_people) if history.people[n] % 4 == 0}
    inside |= {n for n in range(history.n_people) if history.people[n] % 5 == 0}
    expected = [
        key
        for row, key in enumerate(history.change_keys)
        if history.project[row] == 0 or history.author[row] in inside or reviewers[row] & inside
    ]
    part = Part.around(history, 0)
    assert list(part.history.change_keys) == expected
    assert len(expected) < 0.9 * history.n_changes


def community_of(history) -> Community:
    as_of = datetime.fromtimestamp(int(history.at[-1]) + 1, UTC)
    return Community(as_of, history, PairFeatures(history))


@pytest.mark.django_db
@pytest.mark.parametrize("mentee", [3, 4, 999], ids=["a stranger here", "a regular", "unknown"])
def test_a_list_made_from_a_part_is_the_list_made_from_the_whole(history, monkeypatch, mentee):
    served = Served(None, {"p": "hybrid"})
    asker = Mentee(mentee, Match.Kind.ASKED, ("src",))
    community = community_of(history)
    whole = suggest(asker, "p", community.around("p", [mentee]), served, limits=Limits())
    monkeypatch.setattr(focus, "LARGE", 10)
    part = community.around("p", [mentee])
    assert part.history.n_changes < history.n_changes
    found = suggest(asker, "p", part, served, limits=Limits())
    assert [_without_topics(one) for one in found] == [_without_topics(one) for one in whole]
    assert found


def _without_topics(suggested):
    """What is said of words may differ: those of other projects are not read."""
    reasons = [reason for reason in suggested.reasons if reason["feature"] != "topics"]
    return replace(suggested, reasons=reasons)


def test_a_small_community_is_never_parted(history, monkeypatch):
    community = community_of(history)
    assert community.around("p") is community
    assert isinstance(community.lesson.features, PairFeatures)
    monkeypatch.setattr(focus, "LARGE", history.n_changes)
    assert not is_large(history)


def test_nor_is_one_whose_changes_are_mostly_of_one_project(history, monkeypatch):
    monkeypatch.setattr(focus, "LARGE", 10)
    assert is_large(history)
    mostly = replace(history, project=np.where(np.arange(history.n_changes) % 3, 0, 1))
    assert not is_large(mostly)


@pytest.mark.django_db
def test_where_nobody_ever_wrote_a_change_lists_are_made_all_the_same(monkeypatch):
    monkeypatch.setattr(focus, "LARGE", 10)
    history = mixed_history(talk="forum")
    community = community_of(history)
    part = community.around("forum", [1])
    assert part.feature_names == community.feature_names
    asker = Mentee(1, Match.Kind.ASKED, ("src",))
    found = suggest(asker, "forum", part, Served(None), limits=Limits())
    assert [one.mentor for one in found] == [777]


def lessons(history) -> tuple[Lesson, Lesson]:
    changes = history.reviewed_changes()
    whole = Lesson(PairFeatures(history), changes, seed=5)
    return whole, LessonByProject(FeaturesByProject(history), changes, seed=5)


@pytest.mark.parametrize("slices", [1, 3, 6])
def test_slices_by_project_joined_are_the_draw(history, slices):
    _, lesson = lessons(history)
    parts = [lesson.draw_slice(number, slices) for number in range(slices)]
    for number in range(DRAWS):
        alone = LessonByProject(lesson.features, lesson.past, lesson.seed).draw(number)
        joined = TrainingPairs.joined([draws[number] for draws in parts if draws])
        for name in ("X", "y", "owner"):
            np.testing.assert_array_equal(getattr(joined, name), getattr(alone, name))


def test_a_draw_by_project_knows_the_same_answers_in_time_order(history):
    whole, by_project = lessons(history)
    one, other = whole.draw(1), by_project.draw(1)
    for drawn in (one, other):
        assert (np.diff(drawn.owner) >= 0).all()
    np.testing.assert_array_equal(other.owner[other.y], one.owner[one.y])
    assert 0.8 < len(other.y) / len(one.y) < 1.25
