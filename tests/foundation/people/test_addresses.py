"""What addresses and mailmap files say by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.addresses import Address, is_free_mail, is_shared_mailbox, read_address
from foundation.people.mailmap import MailmapEntry, parse_mailmap


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("Ada@Example.NET", Address("ada", "example.net")),
        ("7+Ada@users.noreply.github.com", Address("7+ada", "users.noreply.github.com", "ada", 7)),
        ("ada@users.noreply.github.com", Address("ada", "users.noreply.github.com", "ada", None)),
        ("a+b@example.net", Address("a+b", "example.net")),
        ("<ada@example.net>", Address("ada", "example.net")),
        ("no address", Address("no address", "")),
        ("", Address("", "")),
    ],
)
def test_an_address_comes_apart(email, address):
    assert read_address(email) == address


@pytest.mark.parametrize(
    "email",
    ["", "root", "root@acme.example", "noreply@github.com", "Info@acme.example", "ada@laptop"]
    + ["ada@mac.local", "ada@localhost", "you@example.com", "opensource@acme.example", "@acme.org"]
    + ["dev-team@acme.example", "core.infra@acme.example"],
)
def test_some_mailboxes_are_nobodys(email):
    assert is_shared_mailbox(email)


@pytest.mark.parametrize(
    "email",
    ["ada@acme.example", "me@ada.example", "5+info@users.noreply.github.com"]
    + ["dev@acme.example", "dev.patel@acme.example", "-@acme.example"],
)
def test_other_mailboxes_are_somebodys(email):
    assert not is_shared_mailbox(email)


def test_free_mail_is_known_in_every_country():
    domains = ["gmail.com", "gmail.example", "yahoo.co.uk", "acme.example"]
    assert [is_free_mail(domain) for domain in domains] == [True, True, True, False]


@given(st.text(max_size=60))
def test_no_text_breaks_an_address(text):
    assert isinstance(read_address(text), Address)
    assert is_shared_mailbox(text) in (True, False)


def test_a_mailmap_is_read_in_all_its_forms():
    text = """# comment
Ada Lovelace <ada@example.net>
<ada@example.net> <ada@laptop>
Ada Lovelace <ada@example.net> <ADA@old.example>
Ada Lovelace <ada@example.net> ada <root@box> # moved
no entry at all
"""
    assert parse_mailmap(text, repository=3) == [
        MailmapEntry("Ada Lovelace", "ada@example.net", "", "ada@example.net", 3),
        MailmapEntry("", "ada@example.net", "", "ada@laptop", 3),
        MailmapEntry("Ada Lovelace", "ada@example.net", "", "ada@old.example", 3),
        MailmapEntry("Ada Lovelace", "ada@example.net", "ada", "root@box", 3),
    ]


@given(st.text(max_size=80))
def test_no_text_breaks_a_mailmap(text):
    assert all(entry.old_email for entry in parse_mailmap(text))
