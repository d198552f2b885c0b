"""Rosa and what she did, for the tests of people's pages."""

import pytest

from foundation.people.models import Person
from tests import world


@pytest.fixture
def rosa(db, at_now) -> Person:
    """Rosa wrote three changes in Keel and reviewed two; Tim is a newcomer she helped."""
    account = world.user("rosa@halyard.example")
    rosa, tim = world.person("Rosa Almeida", account=account), world.person("Tim Berg")
    keel = world.project()
    repo = world.repository(keel)
    for day in (40, 30, 20):
        written = world.change(repo, rosa, at=world.days_ago(day), subject="[quant] Fix view")
        world.deed(written, tim)
    docs = ("docs/guide/intro.md",)
    for day in (10, 5):
        world.deed(world.change(repo, tim, at=world.days_ago(day), paths=docs), rosa)
    world.profiles(keel)
    return rosa
