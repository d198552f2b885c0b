"""What upper floors know of a person.

They are named in ``settings.PERSONAL_MODULES`` and never imported here. Such a module has

``home_cards(person)``  what is new for the person, as :class:`Card`\\ s for the front page
``export(person)``      everything it holds about the person, ready for JSON
``erase(person)``       deletes it
``hand_over(taker)``    gives it to whoever takes the identities of people who go: ``taker`` leads
                        from the primary keys of these to those of the others
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from django.conf import settings

from foundation.people.models import Person


class Card(NamedTuple):
    """A part of the front page: a template, and what it shows as ``card``."""

    template: str
    content: Any


def _modules() -> Iterator[ModuleType]:
    return map(import_module, settings.PERSONAL_MODULES)


def home_cards(person: Person) -> list[Card]:
    return [card for module in _modules() for card in module.home_cards(person)]


def export_upper_floors(person: Person) -> dict:
    parts: dict = {}
    for module in _modules():
        parts |= module.export(person)
    return parts


def erase_upper_floors(person: Person) -> None:
    for module in _modules():
        module.erase(person)


def hand_over_upper_floors(taker: Mapping[int, int]) -> None:
    for module in _modules():
        module.hand_over(taker)
