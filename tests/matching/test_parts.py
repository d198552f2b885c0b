"""A model learned in parts, by whoever comes, is the model learned in one go."""

import shutil
from datetime import UTC, datetime

import numpy as np
import pytest

from foundation.runs import ledger
from foundation.runs.models import Run
from matching import drawn, parts
from matching.community import Community
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes
from matching.ranking.lesson import Lesson
from matching.ranking.serving import served_table, train
from matching.ranking.training_parts import DRAWS, SLICES, SOURCES, part_names, slice_names
from tests.matching.planted import planted_history

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def community():
    history = planted_history(360)
    as_of = datetime.fromtimestamp(int(history.at[-1]) + 1, tz=UTC)
    return Community(as_of, history, PairFeatures(history))


@pytest.fixture(scope="module")
def in_one_go(community):
    history = community.history
    return train(community.features, community.seconds, history.reviewed_changes())


@pytest.fixture(scope="module")
def kept(community, tmp_path_factory):
    """A folder with the pairs of all slices."""
    folder = tmp_path_factory.mktemp("kept")
    for name in slice_names():
        drawn.keep(Run(scope=name), community, folder)
    return folder


@pytest.fixture
def models(settings, tmp_path):
    settings.MODELS_DIR = tmp_path


def run_of(task, scope, community, period="2026-01-01T00:00:00.000Z"):
    return ledger.owe(task, scope, period, as_of=community.as_of)


def learn(name, community, **period):
    run = run_of(parts.TASK, name, community, **period)
    result = parts.learn(run, community)
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, result=result)


def draw_all(community, **period):
    """Draw slices as runs do; the folder that they are kept in."""
    for name in reversed(slice_names()):
        run = run_of("draw_pairs", name, community, **period)
        parts.draw(run, community)
    return parts.settings.MODELS_DIR / "parts" / run.period.replace(":", "")


def answers(served, community):
    history = community.history
    changes = queries_of_changes(history, history.reviewed_changes()[-40:])
    table = served_table(community.features, changes)
    return served.sources, served.ranker.score_table(table).tolist()


def assembled(community):
    return parts.assemble(run_of("train_mentors", "", community), community)


def test_parts_learned_in_any_order_make_the_same_model(community, in_one_go, models):
    for name in reversed(part_names()):
        learn(name, community)
    assert answers(assembled(community), community) == answers(in_one_go, community)


def test_pairs_that_are_drawn_in_slices_are_those_drawn_in_one_pass(community, models):
    folder = draw_all(community)
    for number in range(DRAWS):
        joined = drawn.find(community, folder, number)
        whole = community.lesson.draw(number)
        for name in drawn.COLUMNS:
            np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))
        assert joined.names == whole.names
    assert 0 < len(drawn.find(community, folder, 1).y) < len(whole.y) + len(joined.y)


def test_parts_learn_from_pairs_that_others_drew(community, in_one_go, models, monkeypatch):
    draw_all(community)
    with monkeypatch.context() as patch:
        patch.setattr(Lesson, "draw", None)  # nobody may draw anew
        for name in part_names():
            learn(name, community)
    assert answers(assembled(community), community) == answers(in_one_go, community)


@pytest.mark.parametrize(
    "damage", ["missing", "empty", "cut", "a bit", "of other facts", "not numbers"]
)
def test_pairs_that_are_not_whole_or_of_other_facts_are_drawn_again(
    community, kept, tmp_path, damage
):
    folder = shutil.copytree(kept, tmp_path / "kept")
    file = folder / f"pairs-{SLICES - 1}.npz"
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage in ("cut", "empty"):
        file.write_bytes(content[:-100] if damage == "cut" else b"")
    elif damage == "a bit":
        place = len(content) // 6  # in the first draw
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    elif damage == "not numbers":
        np.savez(file, about=np.array([{}]))
    else:
        other = planted_history(350)
        community = Community(community.as_of, other, PairFeatures(other))
    assert drawn.find(community, folder, 0) is None


def test_a_slice_without_a_query_is_no_hindrance(community, kept, models, monkeypatch):
    whole = drawn.find(community, kept, 0)
    monkeypatch.setattr(
        "matching.ranking.lesson.parted", lambda cost, parts: np.array([0, 5, 5, 5, 10_000])
    )
    joined = drawn.find(community, draw_all(community), 0)
    np.testing.assert_array_equal(joined.X, whole.X)


def test_what_is_missing_altered_or_of_other_facts_is_learned_again(
    community, in_one_go, models, tmp_path
):
    learn("draw-0", community)
    learn("draw-1", community)
    (altered,) = tmp_path.glob("parts/*/draw-0.skops")
    altered.write_bytes(altered.read_bytes()[:-1])
    other = Run.objects.get(scope="draw-1")
    Run.objects.filter(pk=other.pk).update(result=other.result | {"data_hash": "of other facts"})
    assert answers(assembled(community), community) == answers(in_one_go, community)


def test_parts_go_when_a_later_refresh_has_its_model(community, models, tmp_path):
    for period in ("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"):
        learn("draw-2", community, period=period)
        draw_all(community, period=period)
    parts.forget(Run.objects.latest("period"))
    assert [path.name for path in tmp_path.glob("parts/*")] == ["2026-01-02T000000.000Z"]
    assert sorted(path.name for path in tmp_path.glob("parts/*/*")) == [
        "draw-2.skops",
        "draw-2.skops.json",
    ]


def test_a_community_with_almost_nothing_has_parts_without_a_model(models, tmp_path):
    history = planted_history(60)
    as_of = datetime.fromtimestamp(int(history.at[-1]) + 1, tz=UTC)
    community = Community(as_of, history, PairFeatures(history))
    for name in part_names():
        learn(name, community)
    assert assembled(community).ranker is None
    assert Run.objects.get(scope=SOURCES).result == {
        "data_hash": history.data_hash,
        "learned": False,
    }
    assert not list(tmp_path.rglob("*.skops"))
