"""The texts of the house, read with Babel so that no gettext is needed: ``make messages``.

It adds new texts to every catalogue without a translation, drops those that are gone, compiles,
and says what is still to be translated.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parents[1]
FLOORS = ("foundation", "mentorship", "matching")
LOCALES = HOUSE / "foundation" / "locale"
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
# Sentences that rows keep with their gaps open, see foundation.said.
KEYWORDS |= dict.fromkeys(
    (
        "Said",
        "SourceError",
        "ModelMismatch",
        "UnfitModel",
        "CannotBeDone",
        "TooLittle",
        "NoProject",
    ),
    (1,),
)
HEADER = """\
# {catalogue.locale.english_name} translation of Relève.
# This file is distributed under the Apache License 2.0.
msgid ""
msgstr ""
"Project-Id-Version: releve\\n"
"Language: {catalogue.locale_identifier}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {catalogue.plural_forms}\\n"

"""
COMMENT = re.compile(r"{% comment\b.*?%}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNTRANSLATED = "{count} to translate in {catalogue}:"


def texts() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Every text (or its singular and plural) with its context, file by file."""
    for path in _sources():
        text = path.read_text()
        if path.suffix != ".py":
            # On one line, so that the tokens of a page need no Python indentation; without its
            # comments, which would hide the rest of that line.
            text = templatize(COMMENT.sub("", text)).replace("\n", " ")
        for _, message, _, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            yield message, context


def _sources() -> Iterator[Path]:
    for floor in FLOORS:
        for path in sorted((HOUSE / floor).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def renewed(old: Catalog) -> Catalog:
    """The catalogue with the texts of today, each with the translation it had."""
    # A fixed date, so that the same texts give the same files.
    new = Catalog(locale=old.locale, fuzzy=False, creation_date=EPOCH, revision_date=EPOCH)
    for text, context in texts():
        known = old.get(text if isinstance(text, str) else text[0], context)
        # A text that gained or lost its plural is translated anew.
        string = known.string if known is not None and known.id == text else ""
        new.add(text, string, context=context)
    return new


def lacking(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not _is_complete(message)]


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy


def main() -> int:
    to_do = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = renewed(read_po(file, locale=path.parts[-3]))
        with path.open("wb") as file:
            file.write(HEADER.format(catalogue=catalogue).encode())
            write_po(file, catalogue, width=0, no_location=True, omit_header=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        missing = lacking(catalogue)
        to_do += len(missing)
        print(UNTRANSLATED.format(count=len(missing), catalogue=path.relative_to(HOUSE)))
        for message in missing:
            print("  ", message.id)
    return 0 if to_do == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
