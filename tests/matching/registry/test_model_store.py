import hashlib
import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from matching.emerging.landmark_features import FEATURES
from matching.emerging.landmark_training import training_of
from matching.emerging.leaders import LeaderModels
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import query_of_person
from matching.ranking.serving import Served, served_table, train
from matching.registry.model_store import (
    ModelMismatch,
    card,
    load,
    load_numbers,
    save,
    save_numbers,
)
from tests.full_disk import full_disk
from tests.matching.planted import planted_history, rising_history


@pytest.fixture(scope="module")
def trained():
    history = planted_history(400)
    features = PairFeatures(history)
    end = int(history.at[-1]) + 1
    served = train(features, end, history.reviewed_changes())
    query = query_of_person(history, -1, history.projects.index("tree"), end, ("docs",))
    return served, served_table(features, query), history


def stored(trained, path):
    served, table, history = trained
    about = card(
        "mentors",
        "7",
        table.names,
        metrics={"mrr": 0.5},
        data_hash=history.data_hash,
        trained_at="2026-01-01",
        sources=served.sources,
    )
    return save(path, served.ranker, about)


def test_a_model_comes_back_as_it_was_with_its_card(trained, tmp_path):
    served, table, history = trained
    written = stored(trained, tmp_path / "mentors.skops")
    ranker, about = load(tmp_path / "mentors.skops", "mentors", table.names, history.data_hash)
    assert about == written
    again = Served(ranker, about.sources)
    np.testing.assert_array_equal(
        again.scores(table, history.projects), served.scores(table, history.projects)
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mentors.skops",
        "mentors.skops.json",
    ]


def test_a_leader_model_comes_back_too(tmp_path):
    history = rising_history(projects=1, years=4)
    training = training_of(history, int(history.at[-1]))
    models = LeaderModels().fit({1: training})
    about = card("leaders", "1", FEATURES, metrics={}, data_hash="x", trained_at="2026-01-01")
    save(tmp_path / "leaders.skops", models, about)
    again, _ = load(tmp_path / "leaders.skops", "leaders", FEATURES)
    X = training.landmarks.X
    np.testing.assert_array_equal(again.at(1).predict_proba(X), models.at(1).predict_proba(X))
    assert again.at(2) is None


def test_what_does_not_fit_is_refused_with_a_sentence(trained, tmp_path):
    path = tmp_path / "mentors.skops"
    names = trained[1].names
    stored(trained, path)
    with pytest.raises(ModelMismatch, match="other features"):
        load(path, "mentors", names[1:])
    with pytest.raises(ModelMismatch, match="a model of mentors, not of leaders"):
        load(path, "leaders", names)
    with pytest.raises(ModelMismatch, match="other data"):
        load(path, "mentors", names, "another hash")
    with pytest.raises(ModelMismatch, match="card of the model none.skops cannot be read"):
        load(tmp_path / "none.skops", "mentors", names)


def test_an_altered_file_is_refused(trained, tmp_path):
    path = tmp_path / "mentors.skops"
    stored(trained, path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelMismatch, match="not the one that its card describes"):
        load(path, "mentors", trained[1].names)


def test_a_model_of_another_library_version_is_refused(trained, tmp_path):
    path = tmp_path / "mentors.skops"
    stored(trained, path)
    note = tmp_path / "mentors.skops.json"
    about = json.loads(note.read_text())
    about["libraries"]["scikit-learn"] = "0.1"
    note.write_text(json.dumps(about))
    with pytest.raises(ModelMismatch, match="trained with scikit-learn 0.1"):
        load(path, "mentors", trained[1].names)


def card_of_numbers():
    return card("marks", "1", ("a",), metrics={}, data_hash="x", trained_at="2026-01-01")


@pytest.mark.parametrize("room", [0, 10_000])
def test_a_full_disk_leaves_the_former_model_with_its_card(tmp_path, room):
    path, numbers = tmp_path / "marks.npz", {"mark": np.arange(3)}
    written = save_numbers(path, numbers, card_of_numbers())
    many = {"mark": np.random.default_rng(0).random(10_000)}
    with full_disk(after=room), pytest.raises(OSError):
        save_numbers(path, many, card_of_numbers())
    found, about = load_numbers(path, "marks", ("a",))
    assert (found["mark"].tolist(), about) == ([0, 1, 2], written)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["marks.npz", "marks.npz.json"]


@pytest.mark.parametrize("content", [b"", b"PK", b"\0" * 500, b"\x93NUMPY\1\0"])
def test_numbers_that_are_none_are_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "marks.npz"
    about = save_numbers(path, {"mark": np.arange(3)}, card_of_numbers())
    path.write_bytes(content)
    note = asdict(replace(about, sha256=hashlib.sha256(content).hexdigest()))
    (tmp_path / "marks.npz.json").write_text(json.dumps(note))
    with pytest.raises(ModelMismatch, match="marks.npz holds more than numbers"):
        load_numbers(path, "marks", ("a",))
