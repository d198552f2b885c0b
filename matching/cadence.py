"""When to learn anew: scores follow every fact, models follow the community's slower change.

Light on purpose: the beat asks this long before scikit-learn is loaded.
"""

from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version

import numpy as np
from django.conf import settings

from foundation.runs.models import Run, TrainedModel
from matching.arrays.history_builder import HistoryBuilder
from matching.emerging.landmark_features import FEATURES
from matching.freshness import MARK, facts_mark
from matching.pairing.pairs import PairFeatures
from matching.pairing.queries import queries_of_changes

TASKS = {"train_mentors": "mentors", "train_leaders": "leaders"}


def training_due(as_of: datetime) -> str:
    """Why models should be learned anew before facts up to ``as_of`` are scored; "" if not."""
    for task, kind in TASKS.items():
        run = _last(task)
        if run is None:
            return "nothing has been learned yet"
        if run.as_of > as_of:
            return "the models know what came later"
        if as_of - run.as_of > timedelta(days=settings.RETRAIN_AFTER_DAYS):
            return f"the models are older than {settings.RETRAIN_AFTER_DAYS} days"
        if _growth(run) > settings.RETRAIN_AFTER_PERCENT:
            return f"more than {settings.RETRAIN_AFTER_PERCENT} % of the facts are new"
        if not _fits(kind):
            return "a model does not fit this version"
    return ""


def _last(task: str) -> Run | None:
    """The last run that did learn, in the order of refreshes; not one that was passed over."""
    done = Run.objects.filter(task=task, state=Run.State.DONE).order_by("-period")
    return next((run for run in done[:20] if "outdated" not in run.result), None)


def _growth(run: Run) -> float:
    """How many facts came since, in percent of those there were; keys count them well enough."""
    then = (run.result.get(MARK) or {}).get("activities") or 0
    return 100 * ((facts_mark()["activities"] or 0) - then) / max(then, 1)


def _fits(kind: str) -> bool:
    """Whether the serving model is there and made with these libraries for these features."""
    row = TrainedModel.objects.filter(task=kind, is_serving=True).exclude(file="").first()
    if row is None:
        return True  # nothing was there to be learned
    if row.refusal and not row.is_pinned:  # to a pinned one no other could succeed
        return False
    names = feature_names() if kind == "mentors" else FEATURES
    return (
        tuple(row.card.get("feature_names", ())) == tuple(names)
        and all(version(name) == known for name, known in row.card.get("libraries", {}).items())
        and (settings.MODELS_DIR / row.file).exists()
    )


@cache
def feature_names() -> tuple[str, ...]:
    """The features of a (mentee, mentor) pair that this version computes, in their order."""
    builder = HistoryBuilder()
    builder.add_change(1, "any", "somebody", 1)
    history = builder.build()
    return PairFeatures(history).table(queries_of_changes(history, np.array([0]))).names
