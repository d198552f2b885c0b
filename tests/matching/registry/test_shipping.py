"""The model in the repository: it fits, says where it comes from, and runs no code."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from foundation.runs.said_words import said_words
from foundation.said import keep_of
from matching.arrays.history_builder import HistoryBuilder
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes, query_of_person
from matching.ranking.serving import Served, top, train
from matching.ranking.travel_protocol import leave_one_project_out
from matching.ranking.travel_training import blind
from matching.ranking.travelling import scale_free
from matching.ranking.trial import reciprocal_ranks
from matching.registry.model_store import ModelMismatch, load_numbers, save_numbers
from matching.registry.shipping import SHIPPED_FILE, export_model, load_shipped
from tests.matching.planted import mentor_of, planted_history

COMMAND = "manage.py export_model"


def names_of(history) -> tuple[str, ...]:
    return PairFeatures(history).table(queries_of_changes(history, np.arange(1))).names


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A file learned from one planted community, that community, and another one."""
    path = tmp_path_factory.mktemp("shipped") / "mentors.npz"
    history = planted_history(150, seed=1)
    export_model(history, path, "2026-01-01T00:00:00+00:00")
    return path, history, planted_history(150, seed=2, shift=10_000)


def test_the_file_in_the_repository_fits_the_features_of_this_version():
    names = names_of(planted_history(60))
    try:
        shipped = load_shipped(names)
    except ModelMismatch as refusal:
        pytest.fail(f"{refusal} Learn it again with: {COMMAND}")
    assert SHIPPED_FILE.stat().st_size < 1_500_000
    card = shipped.card
    assert len(card.sources) >= 10 and card.limits and card.trained_at
    assert card.metrics["leave_one_project_out"].keys() == {
        "mrr_known",
        "recency_mrr_known",
        "mrr_no_reviews",
        "recency_mrr_no_reviews",
    }


def test_a_community_without_any_review_is_ranked_by_what_was_learned_elsewhere(exported):
    path, _, other = exported
    shipped = load_shipped(names_of(other), path)
    features, changes = PairFeatures(other), other.reviewed_changes()[90:]
    unseen = blind(queries_of_changes(other, changes))
    found = reciprocal_ranks(features, {"shipped": shipped.ranker}, changes, unseen)
    assert found["shipped"].mean() > found["recency"].mean() + 0.1


def test_until_there_is_enough_to_learn_from_the_shipped_model_serves(exported):
    path, _, other = exported
    shipped = load_shipped(names_of(other), path)
    features, end = PairFeatures(other), int(other.at[25])
    served = train(features, end, other.reviewed_changes(), shipped=shipped.ranker)
    assert served == Served(None, {}, shipped.ranker)
    later = train(features, int(other.at[90]), other.reviewed_changes(), shipped=shipped.ranker)
    # Reviews of the same paths are always right here; what was learned elsewhere is as well.
    assert later == Served(None, {"tree": "shipped"}, shipped.ranker)
    tree = other.projects.index("tree")
    found, _ = top(served, features, query_of_person(other, -1, tree, end, ("docs",)), count=3)
    assert other.people[found[0].person] == mentor_of("docs")
    assert 0 < sum(one.score for one in found) <= 1.000001


def test_it_knows_the_projects_again_that_it_was_learned_from(exported):
    path, history, other = exported
    shipped = load_shipped(names_of(history), path)
    assert shipped.taught_by(history) == {history.projects.index("tree")}
    assert shipped.taught_by(other) == frozenset()


def test_other_features_an_altered_file_and_a_missing_one_are_refused(exported, tmp_path):
    path, history, _ = exported
    names = names_of(history)
    with pytest.raises(ModelMismatch, match="other features"):
        load_shipped((*names, "fame:share"), path)
    with pytest.raises(ModelMismatch, match="cannot be read"):
        load_shipped(names, tmp_path / "none.npz")
    copy = tmp_path / "mentors.npz"
    copy.write_bytes(path.read_bytes()[:-1])
    card = path.with_name("mentors.npz.json").read_text()
    copy.with_name("mentors.npz.json").write_text(card)
    with pytest.raises(ModelMismatch, match="not the one that its card describes"):
        load_shipped(names, copy)


def test_the_libraries_it_was_made_with_do_not_matter(exported, tmp_path):
    path, history, _ = exported
    copy = tmp_path / "mentors.npz"
    copy.write_bytes(path.read_bytes())
    card = json.loads(path.with_name("mentors.npz.json").read_text())
    card["libraries"] = {"scikit-learn": "0.1"}
    copy.with_name("mentors.npz.json").write_text(json.dumps(card))
    assert load_shipped(names_of(history), copy).ranker.members


def test_a_file_with_a_broken_array_is_refused_in_the_reader_s_language(exported, tmp_path):
    path, history, _ = exported
    names = names_of(history)
    arrays, about = load_numbers(path, "mentors", scale_free(names))
    broken = arrays | {"0/scale": np.zeros_like(arrays["0/scale"])}
    save_numbers(tmp_path / "mentors.npz", broken, about)
    with pytest.raises(ModelMismatch, match="“scale” of the model is broken") as refused:
        load_shipped(names, tmp_path / "mentors.npz")
    with translation.override("fr"):
        said = said_words(keep_of(refused.value))
    assert said == "Le tableau «\u00a0scale\u00a0» du modèle est abîmé."


def test_left_out_projects_are_ranked_by_a_model_of_the_others():
    builder = HistoryBuilder()
    for project in ("one", "two"):
        plant(builder, project)
    history = builder.build()
    features, changes = PairFeatures(history), history.reviewed_changes()
    as_of = int(history.at[changes[len(changes) // 2]])
    elsewhere = leave_one_project_out(features, changes, as_of)
    later = changes[history.at[changes] >= as_of]
    found = reciprocal_ranks(features, {"shipped": elsewhere}, later)
    assert found["shipped"].mean() > 0.95 > 0.85 > found["recency"].mean()
    only = np.flatnonzero(history.project[changes] == 0)
    alone = leave_one_project_out(features, changes[only], as_of)
    table = features.table(queries_of_changes(history, changes[only][-3:]))
    assert not alone.score_table(table).any()


def plant(builder, project: str) -> None:
    """Two areas with a mentor each, and a few changes of many newcomers."""
    for number in range(100):
        area = "ab"[number // 3 % 2]
        key, at = f"{project}-{number}", 1_500_000_000 + number * 90_000
        author = f"{project}-author-{number // 5}"
        builder.add_change(key, project, author, at, [f"{area}/x.py"], "")
        builder.add_review(key, f"{project}-{area}")


@pytest.mark.django_db
def test_nothing_to_learn_from_and_a_wrong_name_are_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="nothing to learn from|no reviewed change"):
        call_command("export_model", to=str(tmp_path / "mentors.npz"))
    with pytest.raises(CommandError, match=r"ends in \.npz"):
        call_command("export_model", to=str(tmp_path / "mentors.txt"))
    assert not list(tmp_path.glob("mentors*"))
