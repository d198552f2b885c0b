"""Spoken languages: what people write down, as something that can be compared, and as names. Pure.

People write "anglais", "English", "en-GB" or "Français"; the names in English and French come from
the CLDR (Babel), the languages' own names from Django.
"""

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from django.conf.locale import LANG_INFO

WRITTEN_IN = ("en", "fr")  # the languages that people write the names of languages in
SEPARATOR = re.compile(r"[,;/\n]")
# What neither list knows: everyday names, and two written forms of one language.
ALSO = {"mandarin": "zh", "farsi": "fa", "castellano": "es", "bokmal": "no", "nynorsk": "no"}
SAME = {"nb": "no", "nn": "no"}
ASIDE = re.compile(r"\(.*?\)")  # "English (fluent)"


def folded(languages: str) -> frozenset[str]:
    """The languages of a list as their codes; what is no known name stays, as folded text."""
    codes = (_code(word) for word in SEPARATOR.split(languages))
    return frozenset(code for code in codes if code)


def tongue_name(folded_name: str, language: str) -> str:
    """The name of a folded language in the reader's ``language``."""
    if name := _locale(language).languages.get(folded_name):
        return name
    return folded_name.title()


def _plain(word: str) -> str:
    """Without case, accents and superfluous space: "Français " is "francais"."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split())


def _code(written: str) -> str:
    known = _codes()
    for word in (_plain(written), _plain(ASIDE.sub("", written))):
        if word in known:
            return known[word]
    bare, region, _ = word.replace("_", "-").partition("-")
    return known.get(bare, word) if region and len(bare) in (2, 3) else word


@cache
def _codes() -> dict[str, str]:
    """Folded name or code → code. A name in English comes before the same name of another."""
    aliases = get_global("language_aliases")
    names = [pair for spoken in WRITTEN_IN for pair in _locale(spoken).languages.items()]
    names += [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name" in info]
    names.append(("zh", _locale("zh").languages["zh"]))
    known = dict(ALSO)
    for code, name in [*names, *((code, ASIDE.sub("", name)) for code, name in names)]:
        known.setdefault(_plain(name), _bare(code, aliases))
    for code in (*_locale("en").languages, *LANG_INFO, *aliases):
        known.setdefault(_plain(code), _bare(code, aliases))
    return known


def _bare(code: str, aliases) -> str:
    """The code without region or script: they say nothing about whom one understands."""
    bare = re.split("[-_]", code)[0]
    bare = re.split("[-_]", aliases.get(bare, bare))[0]
    return SAME.get(bare, bare)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
