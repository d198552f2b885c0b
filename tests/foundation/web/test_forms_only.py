"""What only a button does, asked for like a page: nothing is done, and a page says so."""

import pytest
from django.urls import reverse

from tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Nothing was done."), ("fr", "Rien n’a été fait.")]
)
def test_whoever_opens_the_address_of_a_button_reads_that_nothing_was_done(client, language, words):
    client.force_login(world.user("rosa@halyard.example"))
    response = client.get(reverse("web:claim"), headers={"accept-language": language})
    found = response.status_code, response["Allow"], words in response.content.decode()
    assert found == (405, "POST", True)


def test_a_program_that_asks_in_another_way_gets_no_page(client):
    client.force_login(world.user("rosa@halyard.example"))
    response = client.put(reverse("web:claim"))
    assert (response.status_code, response.content) == (405, b"")
