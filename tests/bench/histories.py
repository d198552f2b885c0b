"""Which histories the figures are measured on."""

import os
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
BESIDE = HOUSE.parent / "shared" / "data" / "pytorch"


@dataclass(frozen=True)
class Histories:
    """Bundles or repositories, in the order of their names; none means the sample community."""

    places: tuple[Path, ...]

    def say(self) -> str:
        if not self.places:
            return "none found (set HISTORIES to a folder of bundles); the sample stands in"
        return f"{len(self.places)} in {self.places[0].parent}"


def find_histories() -> Histories:
    folder = Path(os.environ.get("HISTORIES", BESIDE))
    return Histories(tuple(sorted(folder.glob("*.bundle"))) or tuple(sorted(folder.glob("*.git"))))
