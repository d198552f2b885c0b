"""Learned parts on their way to the shelf: kept as files without code, so that a kill loses none.

What a part's run returns says what was kept; who puts the model together reads that and the file.
"""

import shutil
from pathlib import Path

from django.conf import settings

from foundation.runs.models import Run
from matching import model_store
from matching.community import Community
from matching.model_store import ModelMismatch
from matching.ranker import MentorRanker
from matching.serving import Served, learn_part, put_together
from matching.training_parts import part_names

TASK = "train_part"
KIND = "mentors-part"


def learn(run: Run, community: Community) -> dict:
    """Learn the part that a run stands for and keep it; returns the run's result."""
    part = learn_part(community.lesson, run.scope)
    if isinstance(part, MentorRanker):
        path = _folder(run) / f"{run.scope}.skops"
        model_store.save(path, part, _card(run, community, part))
        return {"data_hash": community.history.data_hash, "file": path.name}
    return {"data_hash": community.history.data_hash, "sources": part}


def assemble(run: Run, community: Community) -> Served:
    """Put a refresh's parts together: the model that learning in one go would have given.

    A part that was learned from other facts (some came in between), or is not there, is learned
    again here.
    """
    lesson = community.lesson
    if not lesson.is_enough:
        return Served(None)
    results = Run.objects.filter(task=TASK, period=run.period, state=Run.State.DONE)
    kept = dict(results.values_list("scope", "result"))
    found = {name: _found(run, community, kept.get(name, {})) for name in part_names()}
    return put_together(
        lesson,
        {name: learn_part(lesson, name) if part is None else part for name, part in found.items()},
    )


def forget_before(period: str) -> None:
    """Remove the parts of earlier refreshes: this one has put its model on the shelf."""
    root = _root()
    if root.is_dir():
        for folder in root.iterdir():
            if folder.name < _safe(period):
                shutil.rmtree(folder, ignore_errors=True)


def _found(run: Run, community: Community, result: dict) -> MentorRanker | dict | None:
    if result.get("data_hash") != community.history.data_hash:
        return None
    if "file" not in result:
        return result.get("sources")
    path = _folder(run) / result["file"]
    try:
        names, data = community.feature_names, community.history.data_hash
        return model_store.load(path, KIND, names, data)[0]
    except ModelMismatch:
        return None


def _card(run: Run, community: Community, part: MentorRanker) -> model_store.Card:
    return model_store.card(
        KIND,
        f"{run.scope}-{run.period}",
        part.feature_names_,
        metrics={},
        data_hash=community.history.data_hash,
        trained_at=community.as_of.isoformat(timespec="seconds"),
    )


def _root() -> Path:
    return settings.MODELS_DIR / "parts"


def _folder(run: Run) -> Path:
    return _root() / _safe(run.period)


def _safe(period: str) -> str:
    """A period as the name of a folder, in the same order."""
    return period.replace(":", "")
