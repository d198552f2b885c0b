"""A NUL, which no text of the database can hold: an address with one does not exist."""

import pytest
from django.urls import reverse

from tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/?a=%00", "/?%00=a", "/mentors/ask/?project=%00", "/runs/?page=1%00", "/me/?a=b&a=%00"],
)
def test_an_address_with_a_nul_is_not_found_whatever_reads_it(client, address):
    client.force_login(world.steward())
    assert client.get(address.replace("%00", "1")).status_code == 200
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["changes", "area&name=%00", "changes&since=%00", "%00"])
@pytest.mark.parametrize("project", ["keel", "%00", "keel%00"])
def test_evidence_of_what_cannot_be_said_is_not_found(client, project, kind):
    world.project()
    rosa = world.person("Rosa")
    client.force_login(world.steward())
    path = reverse("web:evidence", args=[rosa.public_id])
    found = client.get(f"{path}?project={project}&kind={kind}").status_code
    assert found == (200 if (project, kind) == ("keel", "changes") else 404)


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/accounts/login/", {"login": "a\0@b.example", "password": "secret"}),
        ("/me/details/", {"name": "Ada\0", "time_zone": "UTC"}),
        ("/mentors/ask/", {"name": "Ada\0", "project": "1\0", "skills": "C\0"}),
    ],
)
def test_what_is_posted_is_answered_in_a_sentence(client, address, fields):
    if not address.startswith("/accounts"):
        rosa = world.person("Rosa", account=world.user("rosa@halyard.example"))
        client.force_login(rosa.user)
    answer = client.post(address, fields)
    assert answer.status_code == 200
    assert "Null characters are not allowed." in answer.content.decode()
