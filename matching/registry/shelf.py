"""Models on the shelf: a file that runs no code, a row with its card, and which one serves.

Beside a model lies its stand-in (`matching.registry.champion`): by that one it is compared with
whoever comes later.
"""

import logging
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.db import transaction

from foundation.runs import champions, ledger
from foundation.runs.models import Run, TrainedModel
from foundation.said import Said, english
from matching.arrays.history import History
from matching.community import Community
from matching.emerging.landmarks import FEATURES
from matching.emerging.leaders import LeaderModels
from matching.ranking.serving import Served
from matching.registry import model_store
from matching.registry.champion import UNCOMPARED, Exam, Verdict, beaten_by, judge
from matching.registry.model_store import Card, ModelMismatch
from matching.registry.shipped_leaders import NOTHING, Elsewhere, load_elsewhere
from matching.registry.shipping import Shipped, load_shipped

logger = logging.getLogger("releve.models")
TOO_LITTLE = Said("There is too little to learn from; the champion serves on.")
TOO_SHORT = Said("The past is too short to compare it with the champion.")
UNFIT = Said("The champion does not fit any more.")
NO_STAND_IN = Said("The champion has no stand-in to be compared by.")
PINNED = Said("The serving model is pinned.")
OVERTAKEN = Said("Another model began to serve first.")


@dataclass(frozen=True)
class Shelved:
    """The row of a model that was put on the shelf, and whether it serves now."""

    row: TrainedModel
    verdict: Verdict

    def as_result(self) -> dict:
        """What the run's result says of it."""
        version, serving = self.row.version, self.row.is_serving
        return {"version": version, "is_serving": serving, "why": english(self.verdict.why)}


def put(run: Run, model: object | None, card: Card, exam: Exam | None = None) -> Shelved:
    """Keep a model; let it serve if it is not worse than the champion in its `exam`.

    None is the honest answer of a community too young to learn: it takes no champion's place.
    The same run puts the same version again, not a second one; its files bear a name of their own,
    so that a run that was lost half-way cannot change what a row describes.
    """
    file = ""
    if model is not None:
        file = f"{card.version}-{token_hex(4)}.skops"
        card = model_store.save(settings.MODELS_DIR / file, model, card)
    if exam is not None:
        model_store.save(_stand_in_path(file), exam.stand_in, card)
    champion = TrainedModel.objects.champion(card.kind)
    verdict = _verdict(champion, card, exam)
    with transaction.atomic():
        ledger.hold(run)
        values = {"task": card.kind, "file": file, "card": asdict(card), "as_of": run.as_of}
        row, _ = TrainedModel.objects.update_or_create(
            version=card.version, defaults=values | {"trial": verdict.figures}
        )
        verdict = _carry_out(verdict, row, champion)
    return Shelved(row, verdict)


def _verdict(champion: TrainedModel | None, card: Card, exam: Exam | None) -> Verdict:
    if champion is None or champion.version == card.version or not champion.file:
        return judge(exam, None) if exam else Verdict(True, (UNCOMPARED,), {})
    if not card.sha256:
        return Verdict(False, (TOO_LITTLE,), {})
    alone = judge(exam, None) if exam else Verdict(True, (), {})
    names = card.feature_names
    if fitting(champion, names) is None:
        champion.refresh_from_db(fields=["refusal", "refusal_said"])
        return _unless_beaten(alone, UNFIT, *_refusal_of(champion))
    if card.knows_only_others and not champion.knows_only_others:
        return Verdict(False, (TOO_LITTLE,), alone.figures)
    if exam is None:
        return Verdict(True, (TOO_SHORT,), {})
    try:
        stand_in, _ = model_store.load(_stand_in_path(champion.file), champion.task, names)
    except ModelMismatch:
        return _unless_beaten(alone, NO_STAND_IN)
    return judge(exam, stand_in, champion.trial.get("begins", 0))


def _unless_beaten(alone: Verdict, *why: Said) -> Verdict:
    """Let a challenger serve that has nobody to be compared with, unless a simple ranking is better
    than it."""
    return alone._replace(why=why) if alone.is_promoted else alone


def _refusal_of(champion: TrainedModel) -> tuple[Said, ...]:
    """Why a champion does not fit, as its row keeps it."""
    kept = map(Said.from_kept, champion.refusal_said)
    return tuple(kept) or (Said(champion.refusal),)


def _carry_out(verdict: Verdict, row: TrainedModel, champion: TrainedModel | None) -> Verdict:
    """Promote or keep back; a champion that was pinned or replaced meanwhile has the last word.

    A champion that a simple ranking beat stands down, even if nobody takes its place.
    """
    if champion == row:
        return verdict
    if verdict.is_promoted and not champions.promote(row, instead_of=champion, why=verdict.why):
        pinned = champion is not None and champion.is_pinned
        why = (*verdict.why, PINNED if pinned else OVERTAKEN)
        verdict = Verdict(False, why, verdict.figures)
    if not verdict.is_promoted:
        champions.keep_back(row, verdict.why)
        rival = verdict.figures.get("champion_worse_than")
        if champion is not None and rival:
            champions.stand_down(champion, beaten_by=rival, why=(beaten_by(rival),))
    row.refresh_from_db()
    return verdict


def _stand_in_path(file: str) -> Path:
    return (settings.MODELS_DIR / file).with_suffix(".stand-in.skops")


def serving_mentors(community: Community) -> tuple[TrainedModel | None, Served]:
    """The ranker that serves, and for each project whether it is believed."""
    names = community.feature_names
    shipped = shipped_mentors(names)
    travelling = shipped.ranker if shipped else None
    for row in TrainedModel.objects.in_order_of_trust(TrainedModel.Task.MENTORS):
        sources = dict(row.card.get("sources", {}))
        if not row.file:
            return row, Served(None, sources, travelling)
        ranker = fitting(row, names)
        if ranker is not None:
            return row, Served(ranker, sources, travelling)
    return None, Served(None, shipped=travelling)


def shipped_mentors(names: tuple[str, ...]) -> Shipped | None:
    """The model in the repository, or None, said in the log, where it does not fit."""
    if not settings.SHIPPED_MODEL or not names:
        return None
    try:
        return _load_shipped(Path(settings.SHIPPED_MODEL), names)
    except ModelMismatch as refusal:
        logger.warning("The shipped model is not served: %s", refusal)
        return None


def shipped_for(community: Community) -> dict:
    """The model in the repository and the projects it knows, as ``serving.train`` takes them."""
    shipped = shipped_mentors(community.feature_names)
    if shipped is None:
        return {"shipped": None, "taught": ()}
    return {"shipped": shipped.ranker, "taught": shipped.taught_by(community.history)}


def leaders_elsewhere(history: History) -> Elsewhere:
    """What the repository's leader model knows of other communities than this one."""
    if not settings.SHIPPED_LEADERS:
        return NOTHING
    try:
        return _load_leaders(Path(settings.SHIPPED_LEADERS)).unless_taught_by(history)
    except ModelMismatch as refusal:
        logger.warning("The shipped leader model is not served: %s", refusal)
        return NOTHING


def serving_leaders() -> tuple[TrainedModel | None, LeaderModels | None]:
    for row in TrainedModel.objects.in_order_of_trust(TrainedModel.Task.LEADERS).exclude(file=""):
        model = fitting(row, FEATURES)
        if model is not None:
            return row, model
    return None, None


def fitting(row: TrainedModel, names: tuple[str, ...]) -> object | None:
    """The model of a row, or None where its file does not fit; the row then says why."""
    try:
        model = _load(settings.MODELS_DIR / row.file, row.task, names, row.card["sha256"])
    except ModelMismatch as refusal:
        logger.warning("%s is not served: %s", row.version, refusal)
        champions.note_refusal(row, refusal)
        return None
    champions.note_refusal(row, None)
    return model


@lru_cache(maxsize=4)
def _load(path: Path, task: str, names: tuple[str, ...], sha256: str) -> object:
    """Read a model once a process; ``sha256`` tells a new file of the same name apart."""
    model, about = model_store.load(path, task, names)
    if about.sha256 != sha256:
        raise ModelMismatch("The model file is not the one that the shelf keeps.")
    return model


@lru_cache(maxsize=1)
def _load_shipped(path: Path, names: tuple[str, ...]) -> Shipped:
    return load_shipped(names, path)


@lru_cache(maxsize=1)
def _load_leaders(path: Path) -> Elsewhere:
    return load_elsewhere(path)
