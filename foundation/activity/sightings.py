"""Where and when an identity was seen: what the rules of resolution need to know of the facts."""

from foundation.bulk import Upsert, moment
from foundation.people.merging import unsettle
from foundation.people.models import Sighting
from foundation.projects.models import Repository

WIDEN = Upsert(Sighting, key=("identity", "repository"), least=("first_at",), most=("last_at",))


def note_sightings(repository: Repository, seen: dict[int, tuple[int, int]]) -> None:
    """Widen the span in which each identity was seen; ``seen`` is id → (first, last), seconds."""
    unsettle(seen)
    WIDEN.write(
        [
            (identity, repository.pk, moment(first), moment(last))
            for identity, (first, last) in sorted(seen.items())
        ]
    )
