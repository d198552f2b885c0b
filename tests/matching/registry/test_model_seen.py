"""Of a file, the stewards' desk and whoever serves it say the same, in the same words."""

import json
from dataclasses import asdict

import pytest
from sklearn.preprocessing import StandardScaler

from foundation.runs.model_file import refusal_of
from foundation.runs.models import TrainedModel
from matching.registry import shelf
from matching.registry.model_store import ModelMismatch, card, save
from tests import world

pytestmark = pytest.mark.django_db
NAMES = ("a", "b")


@pytest.fixture
def row(settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    about = card("mentors", "1", NAMES, metrics={}, data_hash="x", trained_at="2026-03-01")
    about = save(tmp_path / "one.skops", StandardScaler().fit([[0.0, 1.0], [1.0, 0.0]]), about)
    made = world.model(version="1")
    TrainedModel.objects.filter(pk=made.pk).update(file="one.skops", card=asdict(about))
    return TrainedModel.objects.get(pk=made.pk)


def add_a_byte(path):
    path.write_bytes(path.read_bytes() + b"!")


def exchange(path):
    about = card("mentors", "1", NAMES, metrics={}, data_hash="x", trained_at="2026-03-01")
    save(path, StandardScaler().fit([[5.0, 5.0]]), about)


def take_away_the_card(path):
    path.with_name("one.skops.json").unlink()


def take_away(path):
    path.unlink()


def learn_elsewhere(path):
    beside = path.with_name("one.skops.json")
    about = json.loads(beside.read_text()) | {"libraries": {"numpy": "0.1"}}
    beside.write_text(json.dumps(about))
    TrainedModel.objects.update(card=about)


def leave(path):
    pass


@pytest.mark.parametrize(
    "happen", [add_a_byte, exchange, take_away_the_card, take_away, learn_elsewhere, leave]
)
def test_the_desk_says_what_the_loader_says(row, settings, happen):
    happen(settings.MODELS_DIR / row.file)
    row.refresh_from_db()
    try:
        shelf._load.__wrapped__(
            settings.MODELS_DIR / row.file, "mentors", NAMES, row.card["sha256"]
        )
        said = None
    except ModelMismatch as refusal:
        said = refusal.said
    desk = refusal_of(row, None)
    assert (desk and desk.said) == said
    assert (said is None) == (happen is leave)
