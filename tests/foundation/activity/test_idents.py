import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.activity.sources.idents import parse_moment, parse_offset, who_of
from foundation.activity.sources.mailmap import parse_mailmap
from foundation.activity.sources.record import Who

LATEST = 1_900_000_000


@pytest.mark.parametrize(
    ("email", "login", "number"),
    [
        ("12345+octo@users.noreply.github.com", "octo", 12345),
        ("12345+octo@Users.NoReply.GitHub.com", "octo", 12345),
        ("octo@users.noreply.github.com", "octo", None),
        ("1+app[bot]@users.noreply.github.com", "app[bot]", 1),
        ("octo@users.noreply.gitlab.com", "", None),
        ("x12345+octo@users.noreply.github.com.evil.example", "", None),
        ("+octo@users.noreply.github.com", "", None),
        ("octo@one.example", "", None),
    ],
)
def test_a_noreply_address_tells_the_account(email, login, number):
    assert who_of(" Octo Cat ", email) == Who("Octo Cat", email, login, number)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1600000000 -0730", (1_600_000_000, -450, ())),
        ("1600000000 +1400", (1_600_000_000, 840, ())),
        ("1600000000 -0000", (1_600_000_000, 0, ())),
        ("0 +0000", (None, 0, ("date-before-1990",))),
        ("631151999 +0000", (None, 0, ("date-before-1990",))),
        ("631152000 +0000", (631_152_000, 0, ())),
        ("1900000001 +0100", (None, 60, ("date-in-future",))),
        ("1600000000 +9900", (1_600_000_000, None, ("timezone-odd",))),
        ("1600000000 +51800", (1_600_000_000, None, ("timezone-odd",))),
        ("1600000000 -1300", (1_600_000_000, None, ("timezone-odd",))),
        ("", (None, None, ("date-unreadable",))),
        ("-1 +0000", (None, None, ("date-unreadable",))),
        ("99999999999999999999 +0000", (None, None, ("date-unreadable",))),
    ],
)
def test_a_date_is_believed_or_said_to_be_odd(text, moment):
    assert parse_moment(text, LATEST) == moment


@given(st.text(max_size=30))
def test_no_date_is_too_odd_to_be_read(text):
    at, offset, oddities = parse_moment(text, LATEST)
    assert (at is None or offset is None) == bool(oddities)


@given(st.text(max_size=8))
def test_an_offset_is_one_that_a_place_on_earth_has(zone):
    offset = parse_offset(zone)
    assert offset is None or -720 <= offset <= 840


def test_a_mailmap_has_four_forms_of_lines():
    text = """# people
Ann Lee <ann@one.example>
<ann@one.example> <ann@old.example>
Ann Lee <ann@one.example> <ann@older.example>  # moved
Ann Lee <ann@one.example> annie <annie@host>

no address here
"""
    ann = Who("Ann Lee", "ann@one.example")
    assert parse_mailmap(text) == [
        (ann, Who("", "ann@one.example")),
        (Who("", "ann@one.example"), Who("", "ann@old.example")),
        (ann, Who("", "ann@older.example")),
        (ann, Who("annie", "annie@host")),
    ]


@given(st.text(max_size=200))
def test_no_mailmap_is_too_odd_to_be_read(text):
    assert all(len(pair) == 2 for pair in parse_mailmap(text))
