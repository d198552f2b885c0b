"""Which model serves: the verbs, and the only writer of ``is_serving`` and ``is_pinned``.

A champion changes by conditional UPDATE: whoever is later finds that the one they meant to
replace serves no more, and changes nothing. The database allows one champion a task.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.runs import model_file
from foundation.runs.models import ModelEvent, TrainedModel
from foundation.said import Said, english, keep, keep_of

Kind = ModelEvent.Kind
Why = tuple[Said, ...]


class Refused(Exception):
    """What a steward asked for cannot be done; the message says why in one sentence."""


class _Overtaken(Exception):
    """Somebody else changed the champion first."""


def promote(model: TrainedModel, *, instead_of: TrainedModel | None, why: Why = ()) -> bool:
    """Let a model serve in the place of the one that it was compared with.

    False, and nothing changed, when that one was pinned or serves no more.
    """
    return _let_serve(model, instead_of, Kind.PROMOTED, why=why)


def keep_back(model: TrainedModel, why: Why) -> None:
    """Note why a model was not let serve."""
    _log(model, Kind.KEPT_BACK, None, why)


@transaction.atomic
def stand_down(champion: TrainedModel, *, beaten_by: str, why: Why) -> bool:
    """Let a champion serve no more that a simple ranking was better than, by its name.

    False, and nothing changed, when it is pinned or serves no more.
    """
    serving = TrainedModel.objects.filter(pk=champion.pk, is_serving=True, is_pinned=False)
    trial = champion.trial | {"worse_than": beaten_by}
    if not serving.update(is_serving=False, trial=trial):
        return False
    _log(champion, Kind.KEPT_BACK, None, why)
    return True


def pin(model: TrainedModel, *, by) -> None:
    """Let a model serve until it is unpinned. Raises Refused."""
    _require_fitting(model)
    champion = TrainedModel.objects.champion(model.task)
    if champion == model:
        if TrainedModel.objects.filter(pk=model.pk, is_serving=True, is_pinned=False).update(
            is_pinned=True
        ):
            _log(model, Kind.PINNED, by)
        return
    if not _let_serve(model, champion, Kind.CHOSEN, by=by, is_pinned=True):
        _refuse_overtaken(champion)


def unpin(model: TrainedModel, *, by) -> None:
    """Let newer models take the place of a pinned one again. Raises Refused."""
    if not TrainedModel.objects.filter(pk=model.pk, is_pinned=True).update(is_pinned=False):
        raise Refused(_("This model is not pinned."))
    _log(model, Kind.UNPINNED, by)


def roll_back(champion: TrainedModel, *, by) -> TrainedModel:
    """Let the one that served before the champion serve again, and return it. Raises Refused."""
    if not TrainedModel.objects.filter(pk=champion.pk, is_serving=True).exists():
        _refuse_overtaken(champion)
    former = former_champion(champion)
    if former is None:
        raise Refused(_("No other model has served before this one."))
    _require_fitting(former)
    if not _let_serve(former, champion, Kind.ROLLED_BACK, by=by):
        _refuse_overtaken(champion)
    return former


def former_champion(champion: TrainedModel) -> TrainedModel | None:
    """The model that served before the champion began to; None when there was none."""
    served = ModelEvent.objects.began_to_serve().filter(model__task=champion.task).order_by("-pk")
    since = served.filter(model=champion).first()
    before = served.exclude(model=champion)
    event = before.filter(pk__lt=since.pk).first() if since else before.first()
    return event.model if event else None


def note_refusal(model: TrainedModel, refusal: BaseException | None) -> None:
    """Remember why a model's file does not fit here; None when it does."""
    sentence = "" if refusal is None else str(refusal)[:300]
    said = [] if refusal is None else keep_of(refusal)
    TrainedModel.objects.filter(pk=model.pk).exclude(refusal=sentence).update(
        refusal=sentence, refusal_said=said
    )


def _let_serve(model, instead_of, kind: str, *, by=None, why: Why = (), is_pinned=False) -> bool:
    try:
        with transaction.atomic():
            _stand_down(instead_of, may_be_pinned=by is not None and is_pinned)
            begun = TrainedModel.objects.filter(pk=model.pk, is_serving=False)
            if not begun.update(is_serving=True, is_pinned=is_pinned):
                raise _Overtaken
            _log(model, kind, by, why)
    except (IntegrityError, _Overtaken):
        return False
    return True


def _stand_down(champion: TrainedModel | None, *, may_be_pinned: bool) -> None:
    """End the service of the one that is expected to serve; where nobody is, nothing is done."""
    if champion is None:
        return
    serving = TrainedModel.objects.filter(pk=champion.pk, is_serving=True)
    if not may_be_pinned:
        serving = serving.filter(is_pinned=False)
    if not serving.update(is_serving=False, is_pinned=False):
        raise _Overtaken


def _require_fitting(model: TrainedModel) -> None:
    """Look at the file now: what was noted of it may be over, or not have been seen yet."""
    witness = TrainedModel.objects.witness(model.task)
    refusal = model_file.refusal_of(model, witness)
    if refusal is not None or model_file.sees(model, witness):
        note_refusal(model, refusal)
        model.refresh_from_db(fields=["refusal", "refusal_said"])
    if model.refusal:
        raise Refused(_("This model cannot serve: %(why)s") % {"why": model.refusal_words})


def _refuse_overtaken(champion: TrainedModel | None) -> None:
    pinned = champion and TrainedModel.objects.filter(pk=champion.pk, is_pinned=True).exists()
    if pinned:
        raise Refused(_("The serving model is pinned; unpin it first."))
    raise Refused(_("Another model has begun to serve in the meantime; look again."))


def _log(model: TrainedModel, kind: str, by, why: Why = ()) -> None:
    ModelEvent.objects.create(
        model=model, kind=kind, by=by, note=english(why)[:300], said=keep(*why)
    )
