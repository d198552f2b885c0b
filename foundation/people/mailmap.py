"""Reading ``.mailmap``: what a repository itself says about which spellings are one person.

Format: https://git-scm.com/docs/gitmailmap. An entry speaks for its own repository only; it must
not join people of a project whose maintainers never saw the file.
"""

import re
from typing import NamedTuple

from foundation.people.addresses import fold

_ENTRY = re.compile(r"([^<>]*)<([^<>]*)>(?:([^<>]*)<([^<>]*)>)?\s*(?:#.*)?")


class MailmapEntry(NamedTuple):
    """One line: commits by ``old_email`` (and ``old_name``, if given) are by ``name, email``."""

    name: str
    email: str
    old_name: str
    old_email: str
    repository: int | None = None  # None: holds in every repository


def parse_mailmap(text: str, repository: int | None = None) -> list[MailmapEntry]:
    """Return the entries of a mailmap file; comments and lines that are no entry are skipped."""
    entries = []
    for line in text.splitlines():
        match = _ENTRY.fullmatch(line.strip())
        if match is None or line.lstrip().startswith("#"):
            continue
        name, email, old_name, old_email = ((part or "").strip() for part in match.groups())
        old_email = old_email or email
        if old_email:
            entry = MailmapEntry(name, fold(email), old_name, fold(old_email), repository)
            entries.append(entry)
    return entries
