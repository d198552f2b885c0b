"""The projects of the sample foundation: their areas, files and phrases (projects.toml)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ORGANISATION = "halyard-foundation"


@dataclass(frozen=True)
class Area:
    """A part of a project that some people know better than others."""

    slug: str
    patterns: tuple[str, ...]
    stems: tuple[str, ...]
    things: tuple[str, ...]
    skills: tuple[str, ...]

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The folders of the area, each ending in a slash."""
        return tuple(dict.fromkeys(p.rpartition("/")[0] + "/" for p in self.patterns))

    def path(self, pattern: int, stem: int) -> str:
        """The file that a pattern and a stem make, both given by position."""
        return self.patterns[pattern].replace("*", self.stems[stem])


@dataclass(frozen=True)
class Plan:
    """A project before it has a repository.

    ``shape`` is ``areas`` (each area has its own reviewers), ``star`` (one person reviews
    everything) or ``young`` (too little history to learn from). ``habit`` names the marks and
    trailers of its commits. ``months`` is its age when the sample ends.
    """

    slug: str
    name: str
    description: str
    shape: str
    habit: str
    manifest: str
    cases: tuple[str, ...]
    areas: dict[str, Area]
    months: float = 36.0

    @property
    def github(self) -> str:
        """Owner and name, as GitHub writes them."""
        return f"{ORGANISATION}/{self.slug}"


def read_plans() -> dict[str, Plan]:
    """All projects by slug, in the order of the file."""
    text = Path(__file__).with_name("projects.toml").read_text(encoding="utf-8")
    return {slug: _plan(slug, row) for slug, row in tomllib.loads(text).items()}


def _plan(slug: str, row: dict) -> Plan:
    areas = {name: _area(name, area) for name, area in row.pop("areas").items()}
    cases = tuple(row.pop("cases"))
    return Plan(slug=slug, cases=cases, areas=areas, **row)


def _area(slug: str, row: dict) -> Area:
    return Area(slug=slug, **{key: tuple(values) for key, values in row.items()})
