"""The leader model that travels: what becoming core looks like in public communities.

`manage.py export_model leaders` writes it. It knows nothing later than a moment its card names,
so that a test on later years stays a test; and it has no say in a community it was learned from.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from matching.arrays.history import History
from matching.emerging.landmarks import FEATURES, Landmarks
from matching.emerging.leaders import HORIZONS
from matching.emerging.travelling_leaders import (
    LearnedElsewhere,
    fit_elsewhere,
    rows_elsewhere,
    worth_elsewhere,
)
from matching.registry.model_store import Card, ModelMismatch, card, load_numbers, save_numbers
from matching.registry.shipping import fingerprints

LEADERS_FILE = Path(__file__).parents[1] / "shipped" / "leaders.npz"
KIND = "leaders"
LIMITS = (
    "It says who may come to do a core member's share of a project's work, not who should lead.",
    "It was learned from public git histories of single repositories; triage and discussion were "
    "not among what it saw.",
    "It saw no age, gender, origin or fame, and must never be used to judge a person's worth.",
)


@dataclass(frozen=True)
class Elsewhere:
    """Models of other communities by horizon (years), and up to when (seconds) they know."""

    models: dict[int, LearnedElsewhere] = field(default_factory=dict)
    known_by: int = 0
    version: str = ""
    sources: frozenset[str] = frozenset()

    def known_before(self, moment: int | None = None) -> dict[int, LearnedElsewhere]:
        """Return the models, none of them if they know anything later than `moment`."""
        return self.models if moment is None or self.known_by <= moment else {}

    def unless_taught_by(self, history: History) -> "Elsewhere":
        """Return this, or nothing where one of the history's projects was learned from."""
        return NOTHING if self.sources & set(fingerprints(history)) else self


NOTHING = Elsewhere()


def load_elsewhere(path: Path = LEADERS_FILE) -> Elsewhere:
    """Return the model in the repository; ModelMismatch if it is missing, altered or unfit."""
    arrays, about = load_numbers(path, KIND, FEATURES)
    try:
        models = {years: LearnedElsewhere.from_arrays(_of(arrays, years)) for years in HORIZONS}
        known_by = int(datetime.fromisoformat(about.metrics["known_by"]).timestamp())
    except (KeyError, TypeError, ValueError) as error:
        raise ModelMismatch.of(error) from error
    return Elsewhere(models, known_by, about.version, frozenset(about.sources.values()))


def export_leaders(
    history: History, path: Path, known_by: datetime, trained_at: str, seed: int = 0
) -> Card:
    """Learn from all that was known at a moment, write file and card, and return the card.

    ValueError if there is nothing to learn from.
    """
    until = int(known_by.timestamp())
    metrics: dict = {"known_by": known_by.astimezone(UTC).isoformat(timespec="seconds")}
    arrays, taught, marks = {}, set(), fingerprints(history)
    for years in HORIZONS:
        rows = rows_elsewhere(history, until, years)
        learned = fit_elsewhere(rows, seed).arrays()
        arrays |= {f"{years}/{name}": values for name, values in learned.items()}
        taught |= set(np.unique(rows.project).tolist())
        metrics[str(years)] = _metrics(rows, marks, seed)
    about = card(
        KIND,
        f"leaders-{trained_at[:10]}-{history.data_hash[:8]}",
        FEATURES,
        metrics=metrics,
        data_hash=history.data_hash,
        trained_at=trained_at,
        sources={history.projects[row]: marks[row] for row in sorted(taught)},
        limits=LIMITS,
    )
    return save_numbers(path, arrays, about)


def _metrics(rows: Landmarks, marks: list[str], seed: int) -> dict:
    asked = ~rows.is_core
    return {
        "person_dates": int(asked.sum()),
        "became_core": int(rows.core_later[asked].sum()),
        "projects_left_out": worth_elsewhere(rows, marks, seed),
    }


def _of(arrays: dict[str, np.ndarray], years: int) -> dict[str, np.ndarray]:
    return {
        name.partition("/")[2]: values
        for name, values in arrays.items()
        if name.startswith(f"{years}/")
    }
