"""Every text has its French, none is stale, and what is compiled is what is written.

The texts are read with Babel, so that the test needs no gettext on the machine.
"""

import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.messages import LOCALES, lacking, texts

MESSAGES = LOCALES / "fr" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def french():
    with (MESSAGES / "django.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def key(message_id, context=None) -> tuple:
    ids = message_id if isinstance(message_id, (tuple, list)) else (message_id,)
    return (context, *ids)


def test_every_text_is_translated_and_no_translation_is_stale(french):
    translated = {key(message.id, message.context) for message in french}
    written = {key(message, context) for message, context in texts()}
    assert (sorted(written - translated, key=str), sorted(translated - written, key=str)) == (
        [],
        [],
    )


def test_no_translation_is_empty_or_fuzzy(french):
    assert [message.id for message in lacking(french)] == []


def test_a_translation_has_the_placeholders_of_its_text(french):
    """The singular may leave the number out."""
    differing = [
        message.id
        for message in french
        for original, translation in zip(
            as_tuple(message.id), as_tuple(message.string), strict=True
        )
        if sorted(PLACEHOLDER.findall(original)) != sorted(PLACEHOLDER.findall(translation))
    ]
    assert differing == []


def test_the_compiled_file_is_the_written_one(french):
    with (MESSAGES / "django.mo").open("rb") as file:
        compiled = {key(m.id, m.context): as_tuple(m.string) for m in read_mo(file) if m.id}
    written = {key(m.id, m.context): as_tuple(m.string) for m in french}
    assert compiled == written


def test_french_is_set_with_french_typography(french):
    """Apostrophes are curved, and what stands before “: ; ! ?” and inside « » does not break.

    Before “; ! ?” the space is narrow, too.
    """
    plain = re.compile(r"'| [;:!?»]|« |(?<!\u202f)[;!?](?!\S)")
    wrong = [text for m in french for text in as_tuple(m.string) if plain.search(text)]
    assert wrong == []


def test_no_french_word_that_would_be_elided_stands_before_a_name_or_a_month(french):
    """“De Ingrid”, “de octobre”: whoever begins with a vowel must read well, too."""
    named = "author|first|last|mentee|mentor|name|names|other|person|project|since|who"
    elided = re.compile(rf"\b(?:de|que|le|la|je|ne|se) %\((?:{named})\)s", re.IGNORECASE)
    wrong = [text for m in french for text in as_tuple(m.string) if elided.search(text)]
    assert wrong == []


def as_tuple(value) -> tuple:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)
