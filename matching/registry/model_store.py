"""Trained models on disk: a file that runs no code when loaded, and a card beside it.

`save` writes `<path>` and `<path>.json` so that neither is ever half there; `load` refuses what
does not fit with one sentence, so that the caller can keep serving the last good model. A skops
file holds estimators and fits only the libraries it was made with; one of plain numbers
(`save_numbers`) fits any.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import scipy
import sklearn
import skops.io

from foundation.said import Told
from foundation.whole_file import replacing
from matching.arrays.array_file import Arrays, Unreadable

LIBRARIES = {
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
}
TRUSTED = (
    "matching.emerging.leaders.LeaderModel",
    "matching.emerging.leaders.LeaderModels",
    "matching.emerging.nearness.NearnessModel",
    "matching.emerging.nearness.squeeze",
    "matching.ranking.ranker.MentorRanker",
    "matching.ranking.ranker.RankerCommittee",
    "matching.ranking.softmax_linear.SoftmaxLinear",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""The only types beyond skops' own defaults that a model file may hold."""


class ModelMismatch(Told):
    """A model file that cannot be served here; the message says why in one sentence."""


@dataclass(frozen=True)
class Card:
    """What must be known of a model: what it is, what it read, how well it did."""

    kind: str
    version: str
    feature_names: tuple[str, ...]
    metrics: dict
    data_hash: str
    trained_at: str
    sources: dict[str, str]
    libraries: dict[str, str]
    limits: tuple[str, ...] = ()
    sha256: str = ""

    @property
    def knows_only_others(self) -> bool:
        """Return whether nothing was learned here: what other communities taught speaks alone."""
        return self.sources.get("own") == "too_little"


def card(
    kind: str,
    version: str,
    feature_names: tuple[str, ...],
    *,
    metrics: dict,
    data_hash: str,
    trained_at: str,
    sources: dict[str, str] | None = None,
    limits: tuple[str, ...] = (),
) -> Card:
    """Return the card of a model trained with the libraries that run now."""
    names = tuple(feature_names)
    return Card(
        kind, version, names, metrics, data_hash, trained_at, sources or {}, LIBRARIES, limits
    )


def save(path: Path, model: object, about: Card) -> Card:
    """Write a model and its card; return the card with the file's checksum."""
    return _keep(path, skops.io.dumps(model), about)


def load(
    path: Path, kind: str, feature_names: tuple[str, ...], data_hash: str | None = None
) -> tuple[object, Card]:
    """Return a model and its card; ModelMismatch if it is missing, altered or made elsewhere."""
    about, content = read_card(path), _read(path)
    _check(about, content, kind, tuple(feature_names), data_hash)
    _check_libraries(about)
    strange = sorted(set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED))
    if strange:
        raise ModelMismatch(
            "The model file holds a type that is not trusted: %(type)s.", type=strange[0]
        )
    return skops.io.loads(content, trusted=list(TRUSTED)), about


def save_numbers(path: Path, arrays: Mapping[str, np.ndarray], about: Card) -> Card:
    """Write arrays of plain numbers and their card; return the card with the file's checksum.

    The same arrays always give the same bytes.
    """
    content = BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return _keep(path, content.getvalue(), about)


def load_numbers(
    path: Path, kind: str, feature_names: tuple[str, ...]
) -> tuple[dict[str, np.ndarray], Card]:
    """Return arrays and their card, whatever the libraries; ModelMismatch if they do not fit."""
    about, content = read_card(path), _read(path)
    _check(about, content, kind, tuple(feature_names), None)
    try:
        return dict(Arrays(BytesIO(content))), about
    except Unreadable as error:
        raise ModelMismatch(
            "The model file %(file)s holds more than numbers.", file=path.name
        ) from error


def read_card(path: Path) -> Card:
    """Return the card beside a model file; ModelMismatch if it is missing or unreadable."""
    try:
        found = json.loads(_card_path(path).read_text())
        lists = {name: tuple(found.get(name, ())) for name in ("feature_names", "limits")}
        return Card(**{**found, **lists})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelMismatch(
            "The card of the model %(file)s cannot be read.", file=path.name
        ) from error


def _check(about: Card, content: bytes, kind: str, names: tuple, data_hash: str | None) -> None:
    if hashlib.sha256(content).hexdigest() != about.sha256:
        raise ModelMismatch("The model file is not the one that its card describes.")
    if about.kind != kind:
        raise ModelMismatch(
            "This is a model of %(found)s, not of %(asked)s.", found=about.kind, asked=kind
        )
    if about.feature_names != names:
        raise ModelMismatch("The model was trained on other features than this version computes.")
    if data_hash is not None and about.data_hash != data_hash:
        raise ModelMismatch("The model was trained on other data than asked for.")


def _check_libraries(about: Card) -> None:
    for library, version in about.libraries.items():
        if LIBRARIES.get(library) != version:
            raise ModelMismatch(
                "The model was trained with %(library)s %(version)s, "
                "but %(installed)s is installed.",
                library=library,
                version=version,
                installed=LIBRARIES.get(library, "none"),
            )


def _keep(path: Path, content: bytes, about: Card) -> Card:
    complete = replace(about, sha256=hashlib.sha256(content).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(_card_path(path)) as note, replacing(path) as file:
        note.write(json.dumps(asdict(complete), indent=2, sort_keys=True).encode())
        note.flush()  # a disk that is full is so before anything was replaced
        file.write(content)
    return complete


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelMismatch("The model file %(file)s cannot be read.", file=path.name) from error


def _card_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")
