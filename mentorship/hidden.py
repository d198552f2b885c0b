"""What mentors hid of themselves: no reason names it, neither when it is written nor when read."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from foundation.people.models import Expertise
from foundation.projects.models import Project

Line = tuple[str, str]  # kind of expertise, name
# Reason → the kind of expertise that the names in its evidence belong to.
NAMES = {
    "areas_reviewed": Expertise.Kind.AREA.value,
    "areas_written": Expertise.Kind.AREA.value,
    "topics": Expertise.Kind.TOPIC.value,
}


def hidden_lines(project: Project, people: Iterable[int] | None = None) -> dict[int, set[Line]]:
    """Person (primary key) → the lines they hid in a project; of these people or of all."""
    lines = Expertise.objects.filter(project=project, is_hidden=True)
    if people is not None:
        lines = lines.filter(person__in=people)
    found: dict[int, set[Line]] = {}
    for person, kind, name in lines.values_list("person", "kind", "name"):
        found.setdefault(person, set()).add((kind, name))
    return found


def without_hidden(reason: Mapping[str, Any], hidden: Collection[Line]) -> dict[str, Any]:
    """The reason without the facts that name a hidden line, or what lies under a hidden area.

    What it adds to the score stays: the sum must remain the sum.
    """
    kind = NAMES.get(reason["feature"])
    if not hidden or kind is None:
        return dict(reason)
    names = [name for of, name in hidden if of == kind]
    kept = [fact for fact in reason["evidence"] if not _is_named(fact["name"], names)]
    return {**reason, "evidence": kept}


def _is_named(name: str, hidden: Collection[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in hidden)
