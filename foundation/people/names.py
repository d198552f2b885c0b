"""Comparing the names that people put into their commits. A name alone never identifies anybody.

A *full name* has two words or more ("Ada Lovelace"); anything shorter ("ada", "ada-l", "") is a
*handle* and compatible with every name. Two full names clash when they share no word.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# Forms of address and degrees: two people who are both "Dr." share no name by that.
_TITLE_WORDS = """
    ba bc bsc dds dipl dr eng frau herr ing jr madam mba md miss mr mrs ms msc pan pani phd prof sig
    sir sr sra univ
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_WORD = re.compile(r"\w+")


class Name(NamedTuple):
    """A name made comparable: ``key`` for equality, ``words`` for likeness."""

    key: str
    words: frozenset[str]
    is_full: bool


@lru_cache(maxsize=65536)
def read_name(name: str) -> Name:
    """Fold case, accents and spacing; drop titles and initials from the words."""
    plain = name.casefold()
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        plain = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    words = [word for word in _WORD.findall(plain) if _is_telling(word)]
    is_full = len(words) > 1 and len(plain.split()) > 1
    return Name(" ".join(plain.split()), frozenset(words), is_full)


def _is_telling(word: str) -> bool:
    is_initial = len(word) == 1 and word.isascii()
    return not is_initial and word not in _TITLES


def share_a_word(left: Name, right: Name) -> bool:
    """Say whether the two names have a word in common, titles and initials aside."""
    return not left.words.isdisjoint(right.words)


def clashing_groups(names: Iterable[Name]) -> list[set[str]]:
    """Group the full names that share words; more than one group means unlike names.

    Returns the groups as sets of words, in the order of their first name. Handles belong to none.
    """
    groups: list[set[str]] = []
    for name in names:
        if not name.is_full:
            continue
        words = set(name.words)
        apart = []
        for group in groups:
            if group.isdisjoint(words):
                apart.append(group)
            else:
                words |= group
        groups = [*apart, words]
    return groups
