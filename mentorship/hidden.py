"""What mentors hid of themselves: no reason names it, neither when it is written nor when read."""

from collections.abc import Collection, Mapping
from typing import Any

from foundation.people.hiding import AREA, TOPIC, Line, speaks_of_hidden

# Reason → the kind of expertise that the names in its evidence belong to.
NAMES = {"areas_reviewed": AREA, "areas_written": AREA, "topics": TOPIC}


def without_hidden(reason: Mapping[str, Any], hidden: Collection[Line]) -> dict[str, Any]:
    """The reason without the facts that name a hidden line, or what lies under a hidden area.

    What it adds to the score stays: the sum must remain the sum.
    """
    kind = NAMES.get(reason.get("feature", ""))
    if not hidden or kind is None:
        return dict(reason)
    kept = [one for one in reason["evidence"] if not speaks_of_hidden(kind, one["name"], hidden)]
    return {**reason, "evidence": kept}
