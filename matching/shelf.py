"""Models on the shelf: a file that runs no code, a row with its card, and which one serves."""

import logging
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from foundation.runs import ledger
from foundation.runs.models import Run, TrainedModel
from matching import model_store
from matching.community import Community
from matching.landmarks import FEATURES
from matching.leaders import LeaderModels
from matching.model_store import Card, ModelMismatch
from matching.serving import Served

logger = logging.getLogger("releve.models")


def put(run: Run, model: object | None, card: Card) -> TrainedModel:
    """Keep a model and let it serve; None is the honest answer of a community too young to learn.

    The same run puts the same version again, not a second one.
    """
    file = ""
    if model is not None:
        file = f"{card.version}.skops"
        card = model_store.save(settings.MODELS_DIR / file, model, card)
    with transaction.atomic():
        ledger.hold(run)
        former = TrainedModel.objects.filter(task=card.kind, is_serving=True)
        former.exclude(version=card.version).update(is_serving=False)
        row, _ = TrainedModel.objects.update_or_create(
            version=card.version,
            defaults={
                "task": card.kind,
                "file": file,
                "card": asdict(card),
                "as_of": run.as_of,
                "is_serving": True,
            },
        )
    return row


def serving_mentors(community: Community) -> tuple[TrainedModel | None, Served]:
    """The ranker that serves, and for each project whether it is believed."""
    names = community.feature_names
    for row in _rows(TrainedModel.Task.MENTORS):
        if not row.file:
            return row, Served(None, dict(row.card["sources"]))
        ranker = _fitting(row, names)
        if ranker is not None:
            return row, Served(ranker, dict(row.card["sources"]))
    return None, Served(None)


def serving_leaders() -> tuple[TrainedModel | None, LeaderModels | None]:
    for row in _rows(TrainedModel.Task.LEADERS).exclude(file=""):
        model = _fitting(row, FEATURES)
        if model is not None:
            return row, model
    return None, None


def _rows(task: str):
    """The serving model first, then the newest before it: the last good one serves on."""
    return TrainedModel.objects.filter(task=task).order_by("-is_serving", "-as_of", "-pk")


def _fitting(row: TrainedModel, names: tuple[str, ...]) -> object | None:
    try:
        return _load(settings.MODELS_DIR / row.file, row.task, names, row.card["sha256"])
    except ModelMismatch as refusal:
        logger.warning("%s is not served: %s", row.version, refusal)
        return None


@lru_cache(maxsize=4)
def _load(path: Path, task: str, names: tuple[str, ...], sha256: str) -> object:
    """Read a model once a process; ``sha256`` tells a new file of the same name apart."""
    return model_store.load(path, task, names)[0]
