"""Every text has its French, none is stale, and what is compiled is what is written.

The texts are read with Babel, so that the test needs no gettext on the machine.
"""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parents[3]
FLOORS = ("foundation", "mentorship", "matching")
MESSAGES = HOUSE / "foundation" / "locale" / "fr" / "LC_MESSAGES"
KEYWORDS = {
    name: numbers
    for kind, numbers in (
        ("gettext", None),
        ("ngettext", (1, 2)),
        ("pgettext", ((1, "c"), 2)),
        ("npgettext", ((1, "c"), 2, 3)),
    )
    for name in (kind, f"{kind}_lazy")
} | {"_": None, "gettext_noop": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def french():
    with (MESSAGES / "django.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def key(message_id, context=None) -> tuple:
    ids = message_id if isinstance(message_id, (tuple, list)) else (message_id,)
    return (context, *ids)


def texts_of_the_house() -> set[tuple]:
    found = set()
    for path in sources():
        text = path.read_text()
        if path.suffix != ".py":
            # On one line, so that the tokens of a page need no Python indentation.
            text = templatize(text).replace("\n", " ")
        for _, message, _, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            found.add(key(message, context))
    return found


def sources():
    for floor in FLOORS:
        for path in sorted((HOUSE / floor).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def test_every_text_is_translated_and_no_translation_is_stale(french):
    translated = {key(message.id, message.context) for message in french}
    texts = texts_of_the_house()
    assert (sorted(texts - translated, key=str), sorted(translated - texts, key=str)) == ([], [])


def test_no_translation_is_empty_or_fuzzy(french):
    lacking = [
        message.id
        for message in french
        if message.fuzzy or not all(as_tuple(message.string))
        or len(as_tuple(message.string)) != len(as_tuple(message.id))
    ]  # fmt: skip
    assert lacking == []


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
    """Apostrophes are curved, and what stands before “: ; ! ?” and inside « » does not break."""
    plain = re.compile(r"'| [;:!?»]|« ")
    wrong = [text for m in french for text in as_tuple(m.string) if plain.search(text)]
    assert wrong == []


def as_tuple(value) -> tuple:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)
