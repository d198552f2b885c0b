"""What mentors hid of themselves: no reason names it, neither when it is written nor when read."""

from collections.abc import Collection, Mapping
from typing import Any

from foundation.people.models import Expertise

Line = tuple[str, str]  # kind of expertise, name
# Reason → the kind of expertise that the names in its evidence belong to.
NAMES = {
    "areas_reviewed": Expertise.Kind.AREA.value,
    "areas_written": Expertise.Kind.AREA.value,
    "topics": Expertise.Kind.TOPIC.value,
}


def hidden_lines(**which: Any) -> dict[tuple[int, int], set[Line]]:
    """(project, person) as primary keys → the lines hidden there; ``which`` filters expertise."""
    lines = Expertise.objects.filter(is_hidden=True, **which)
    found: dict[tuple[int, int], set[Line]] = {}
    for project, person, kind, name in lines.values_list("project", "person", "kind", "name"):
        found.setdefault((project, person), set()).add((kind, name))
    return found


def without_hidden(reason: Mapping[str, Any], hidden: Collection[Line]) -> dict[str, Any]:
    """The reason without the facts that name a hidden line, or what lies under a hidden area.

    What it adds to the score stays: the sum must remain the sum.
    """
    kind = NAMES.get(reason.get("feature", ""))
    if not hidden or kind is None:
        return dict(reason)
    names = [name for of, name in hidden if of == kind]
    kept = [fact for fact in reason["evidence"] if not _is_named(fact["name"], names)]
    return {**reason, "evidence": kept}


def _is_named(name: str, hidden: Collection[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in hidden)
