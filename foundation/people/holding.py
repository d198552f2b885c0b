"""Who is still there when rows about them are written, at the end of a long computation.

Whoever writes such rows begins with ``hold_known`` or ``hold_shown``; whoever takes all rows of
somebody away begins with ``hold_person``. So one of the two comes first, and the other sees it.
"""

from collections.abc import Collection

from foundation.bulk import hold_rows
from foundation.people.known import batches
from foundation.people.models import Person


def hold_person(person: Person) -> None:
    """Let nobody write rows about a person until the transaction ends; wait for who does now."""
    Person.objects.select_for_update().get(pk=person.pk)


def hold_each(people: Collection[int]) -> None:
    """Decide alone about these (primary keys) until the transaction ends, and let nobody go.

    Whoever else decides about one of them waits, and so does whoever erases one of them.
    """
    for some in batches(people):
        held = Person.objects.select_for_update(no_key=True).filter(pk__in=some)
        list(held.order_by("pk").values_list("pk"))


def hold_known(people: Collection[int]) -> set[int]:
    """Those of these (primary keys) who are not erased: nobody erases them before the end."""
    return _held(people, erased_at=None)


def hold_shown(people: Collection[int]) -> set[int]:
    """Those of these who neither hid nor were erased."""
    return _held(people, erased_at=None, is_hidden=False)


def _held(people: Collection[int], **such) -> set[int]:
    found: set[int] = set()
    for some in batches(people):
        hold_rows(Person, some)
        found.update(Person.objects.filter(pk__in=some, **such).values_list("pk", flat=True))
    return found
