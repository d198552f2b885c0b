"""The model that travels: learned elsewhere, kept in the repository, for communities without one.

`manage.py export_model` writes it: a file of plain numbers, with a card that says what it was
learned from. One that does not fit this version's features is refused, never guessed at.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.arrays.history import History
from matching.pairing.pairs import PairFeatures
from matching.ranking.travel_protocol import worth_elsewhere
from matching.ranking.travel_training import fit_travelling, travel_changes
from matching.ranking.travelling import TravellingRanker, scale_free
from matching.registry.model_store import Card, ModelMismatch, card, load_numbers, save_numbers

SHIPPED_FILE = Path(__file__).parents[1] / "shipped" / "mentors.npz"
KIND = "mentors"
KNOWN_BY = 20
"""A project is known again by the times of its first so many changes."""
LIMITS = (
    "It orders the mentors of one mentee; its score is no worth of a person and no probability.",
    "It was learned from who reviewed whom in public git histories, and agrees with such habits.",
    "It saw projects whose reviews are named in commits; elsewhere it may be worth less.",
    "It knows no hours, languages or wishes: those are weighed beside it.",
)


@dataclass(frozen=True)
class Shipped:
    """A ranker learned elsewhere, and the card that belongs to it."""

    ranker: TravellingRanker
    card: Card

    def taught_by(self, history: History) -> frozenset[int]:
        """Return the projects (rows) of a history that this model itself was learned from."""
        taught = set(self.card.sources.values())
        return frozenset(
            row for row, mark in enumerate(fingerprints(history)) if mark and mark in taught
        )


def load_shipped(names: tuple[str, ...], path: Path = SHIPPED_FILE) -> Shipped:
    """Return the model in the repository for the features `names` that this version computes.

    ModelMismatch if it is missing, altered, broken, or learned from other features.
    """
    arrays, about = load_numbers(path, KIND, scale_free(names))
    try:
        return Shipped(TravellingRanker.from_arrays(about.feature_names, arrays), about)
    except ValueError as error:
        raise ModelMismatch.of(error) from error


def export_model(history: History, path: Path, trained_at: str, seed: int = 0) -> Card:
    """Learn from everything in a history, write file and card, and return the card.

    ValueError if there is nothing to learn from.
    """
    features, changes = PairFeatures(history), history.reviewed_changes()
    ranker = TravellingRanker.of(fit_travelling(features, changes, seed))
    taught = history.project[travel_changes(history, changes, seed)]
    count = np.bincount(taught, minlength=len(history.projects))
    marks = fingerprints(history)
    about = card(
        KIND,
        f"shipped-{trained_at[:10]}-{history.data_hash[:8]}",
        ranker.feature_names_,
        metrics={
            "changes_learned_from": {history.projects[row]: int(count[row]) for row in _some(count)}
        }
        | worth_elsewhere(features, changes, seed),
        data_hash=history.data_hash,
        trained_at=trained_at,
        sources={history.projects[row]: marks[row] for row in _some(count)},
        limits=LIMITS,
    )
    return save_numbers(path, ranker.arrays(), about)


def _some(count: np.ndarray) -> list[int]:
    return np.flatnonzero(count).tolist()


def fingerprints(history: History) -> list[str]:
    """Return by what each project is known again, "" for one with too little past."""
    return [
        _fingerprint(history.at[history.project == row]) for row in range(len(history.projects))
    ]


def _fingerprint(at: np.ndarray) -> str:
    first = at[:KNOWN_BY].astype("<i8")
    return hashlib.sha256(first.tobytes()).hexdigest()[:16] if len(first) == KNOWN_BY else ""
