"""Learned parts on their way to the shelf: kept as files without code, so that a kill loses none.

What a part's run returns says what was kept; who puts the model together reads that and the file.
"""

import shutil
from pathlib import Path

from django.conf import settings

from foundation.runs.models import Run
from matching import drawn
from matching.community import Community
from matching.ranking.lesson import learn_part
from matching.ranking.ranker import MentorRanker
from matching.ranking.serving import Served, put_together
from matching.ranking.training_parts import SOURCES, draw_of, part_names
from matching.ranking.trial import Trial
from matching.registry import model_store, shelf
from matching.registry.model_store import ModelMismatch

TASK = "train_part"
KIND = "mentors-part"


def draw(run: Run, community: Community) -> dict:
    """Draw the pairs of a slice for all parts and keep them; returns the run's result."""
    return drawn.keep(run, community, _folder(run))


def learn(run: Run, community: Community) -> dict:
    """Learn the part that a run stands for and keep it; returns the run's result."""
    part = _learned(run, run.scope, community, shelf.shipped_for(community)["shipped"])
    result = {"data_hash": community.history.data_hash, "learned": part is not None}
    if part is None:
        return result
    ranker = part.stand_in if isinstance(part, Trial) else part
    about = _card(run, community, ranker)
    model_store.save(_file(run), ranker, about)
    if isinstance(part, Trial):
        model_store.save_numbers(_marks(run), part.lead, about)
    return result


def assemble(run: Run, community: Community) -> Served:
    """Put a refresh's parts together: the model that learning in one go would have given.

    A part that was learned from other facts (some came in between), or is not there, is learned
    again here.
    """
    elsewhere = shelf.shipped_for(community)
    results = Run.objects.filter(task=TASK, period=run.period, state=Run.State.DONE)
    kept = dict(results.values_list("scope", "result"))
    learned = {
        name: _found(run, name, community, kept.get(name, {}))
        or _learned(run, name, community, elsewhere["shipped"])
        for name in part_names()
    }
    return put_together(community.lesson, learned, **elsewhere)


def forget(run: Run) -> None:
    """Remove the parts of earlier refreshes, and this one's pairs: its model is on the shelf."""
    drawn.forget(_folder(run))
    root = _root()
    if root.is_dir():
        for folder in root.iterdir():
            if folder.name < _safe(run.period):
                shutil.rmtree(folder, ignore_errors=True)


def _learned(run: Run, name: str, community: Community, shipped) -> MentorRanker | Trial | None:
    """Learn a part, from the pairs that were drawn for it if they are there."""
    pairs = drawn.find(community, _folder(run), draw_of(name))
    return learn_part(community.lesson, name, shipped, pairs)


def _found(run: Run, name: str, community: Community, result: dict) -> MentorRanker | Trial | None:
    if result.get("data_hash") != community.history.data_hash or not result.get("learned"):
        return None
    names, data = community.feature_names, community.history.data_hash
    try:
        ranker, _ = model_store.load(_file(run, name), KIND, names, data)
        if name != SOURCES:
            return ranker
        lead, _ = model_store.load_numbers(_marks(run), KIND, names)
    except ModelMismatch:
        return None
    return Trial(ranker, community.lesson.asked_in_trial, lead)


def _file(run: Run, name: str | None = None) -> Path:
    return _folder(run) / f"{name or run.scope}.skops"


def _marks(run: Run) -> Path:
    """How the stand-in and the simple rankings did in the trial, as plain numbers."""
    return _folder(run) / f"{SOURCES}.npz"


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
