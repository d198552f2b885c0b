"""What people hid of themselves: a line stays hidden by whichever word it is asked for."""

from collections import defaultdict
from collections.abc import Collection

from foundation.people.models import Expertise
from foundation.profiles.evidence import area_called

Line = tuple[str, str]  # kind of expertise, name

AREA, TOPIC = Expertise.Kind.AREA.value, Expertise.Kind.TOPIC.value


def speaks_of_hidden(kind: str, name: str, hidden: Collection[Line]) -> bool:
    """Does a word of this kind name a hidden line, or what lies under a hidden area?

    Reasons name single words of a subject: “data” and “loader” where the topic is “dataloader”.
    So whatever stands within a hidden topic speaks of it.
    """
    names = [hidden_name for of, hidden_name in hidden if of == kind]
    if kind == AREA:
        place = f"{area_called(name)}/"
        return any(place.startswith(f"{hidden_name}/") for hidden_name in names)
    return any(name.casefold() in hidden_name.casefold() for hidden_name in names)


class HiddenLines:
    """The hidden lines of some people, given as primary keys; of everybody without them.

    A subject is spoken of in any project, so a topic that was hidden in one is hidden in all.
    """

    def __init__(self, people: Collection[int] | None = None):
        lines = Expertise.objects.filter(is_hidden=True)
        if people is not None:
            lines = lines.filter(person__in=people)
        rows = lines.values_list("project", "person", "kind", "name")
        self._found = list(rows)

    def in_project(self, project: int) -> dict[int, set[Line]]:
        """Person → what is hidden of them in a project."""
        found: dict[int, set[Line]] = defaultdict(set)
        for where, person, kind, name in self._found:
            if where == project or kind == TOPIC:
                found[person].add((kind, name))
        return dict(found)
