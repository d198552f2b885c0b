"""The cohort that its pages are read of, and the moment around which everybody lives."""

import pytest

from tests import world


@pytest.fixture
def cohort():
    """Both ask in Keel. Nia is placed with Ada; for Ben one more place with Ada would help."""
    nia, ben = (
        world.person(name, account=world.user(f"{name[:3].lower()}@halyard.example"))
        for name in ("Nia Obi", "Ben Roth")
    )
    ada = world.person("Ada Faure", account=world.user("ada@halyard.example"))
    keel = world.project()
    for mentee in (nia, ben):
        world.request(mentee, keel)
    made = world.cohort(mentors={ada.pk: [1, 1]}, projects={"keel": [1, None]})
    world.placement(made, nia, ada, keel)
    here = {"project": "keel", "mentor": str(ada.pk)}
    world.placement(
        made,
        ben,
        why_not=[{**here, "rank": 1, "code": "mentor_full"}],
        would_help=[{**here, "code": "place_mentor"}],
    )
    return made


@pytest.fixture
def steward(client):
    account = world.steward()
    client.force_login(account)
    return account
