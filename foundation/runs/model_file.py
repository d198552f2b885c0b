"""Whether a model's file is fit to serve, looked at in the moment in which somebody decides.

Nothing is loaded, so that no page needs what models are made of: bytes are held against their
checksum, libraries against those installed, features against those of the model that serves or was
made last. ``matching.registry.model_store`` says the same in the same words, and looks into the
file as well.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as _

from foundation.runs.models import TrainedModel
from foundation.said import Told

UNREADABLE = _("The model file %(file)s cannot be read.")
NO_CARD = _("The card of the model %(file)s cannot be read.")
ALTERED = _("The model file is not the one that its card describes.")
EXCHANGED = _("The model file is not the one that the shelf keeps.")
OTHER_FEATURES = _("The model was trained on other features than this version computes.")
OTHER_LIBRARY = _(
    "The model was trained with %(library)s %(version)s, but %(installed)s is installed."
)
SEEN = (UNREADABLE, NO_CARD, ALTERED, EXCHANGED, OTHER_LIBRARY)


def refusal_of(model: TrainedModel, witness: TrainedModel | None) -> Told | None:
    """Why a model cannot serve now, None if nothing is seen that speaks against it.

    What the ``witness`` of the task was trained on is what this version computes.
    """
    if not model.file:  # the honest answer of a community too young to learn
        return None
    return _of_file(model) or _of_features(model, witness) or _of_libraries(model.card)


def sees(model: TrainedModel, witness: TrainedModel | None) -> bool:
    """Whether `refusal_of` would see what the row was refused for, so that it may be lifted."""
    if not model.file:
        return False
    text = model.refusal_said[0]["text"] if model.refusal_said else model.refusal
    return text in SEEN or (text == OTHER_FEATURES and witness is not None)


def _of_file(model: TrainedModel) -> Told | None:
    path = Path(settings.MODELS_DIR) / model.file
    try:
        described = json.loads(path.with_name(f"{path.name}.json").read_text())["sha256"]
    except (OSError, ValueError, TypeError, KeyError):
        return Told(NO_CARD, file=path.name)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return Told(UNREADABLE, file=path.name)
    if found != described:
        return Told(ALTERED)
    return None if found == model.card.get("sha256") else Told(EXCHANGED)


def _of_features(model: TrainedModel, witness: TrainedModel | None) -> Told | None:
    if witness is None:
        return None
    own, known = (tuple(row.card.get("feature_names", ())) for row in (model, witness))
    return None if own == known else Told(OTHER_FEATURES)


def _of_libraries(card: Mapping) -> Told | None:
    for library, known in card.get("libraries", {}).items():
        installed = _installed(library)
        if installed != known:
            return Told(OTHER_LIBRARY, library=library, version=known, installed=installed)
    return None


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
