"""Models on the shelf: a file that runs no code, a row with its card, and which one serves."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from foundation.runs import ledger
from foundation.runs.models import Run, TrainedModel
from matching import model_store


def put(run: Run, model: object, card: dict) -> TrainedModel:
    """Save a model and let it serve. The same run puts the same version again, not a second one."""
    task = run.task.removeprefix("train_")
    version = f"{task}-{run.as_of:%Y%m%dT%H%M%S}-{card['data_hash'][:8]}"
    path = settings.MODELS_DIR / f"{version}.model"
    path.parent.mkdir(parents=True, exist_ok=True)
    model_store.save(path, model, card)
    with transaction.atomic():
        ledger.hold(run)
        TrainedModel.objects.filter(task=task, is_serving=True).update(is_serving=False)
        row, _ = TrainedModel.objects.update_or_create(
            version=version,
            defaults={
                "task": task,
                "file": path.name,
                "card": card,
                "as_of": run.as_of,
                "is_serving": True,
            },
        )
    return row


def serving(task: str) -> tuple[TrainedModel | None, object | None]:
    """The serving model, or the newest one before it that can be read; (None, None) without any."""
    rows = TrainedModel.objects.filter(task=task).exclude(file="")
    for row in rows.order_by("-is_serving", "-as_of", "-pk"):
        try:
            return row, _load(settings.MODELS_DIR / row.file, row.made_at)
        except model_store.ModelRefused:
            continue
    return None, None


@lru_cache(maxsize=4)
def _load(path: Path, made_at: datetime) -> object:
    return model_store.load(path)[0]
