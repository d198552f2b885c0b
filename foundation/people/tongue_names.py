"""The names of spoken and signed languages, and their codes. Pure.

The names in English and French come from the CLDR (Babel), the languages' own names from Django.
"""

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from django.conf.locale import LANG_INFO

WRITTEN_IN = ("en", "fr")  # the languages that people write the names of languages in
# What neither list knows: everyday names, and two written forms of one language.
ALSO = {
    "mandarin": "zh",
    "farsi": "fa",
    "castellano": "es",
    "castilian": "es",
    "castillan": "es",
    "valencian": "ca",
    "valencien": "ca",
    "vlaams": "nl",
    "euskara": "eu",
    "euskera": "eu",
    "bokmal": "no",
    "nynorsk": "no",
}
# ISO 639-3 code → name in English, in French, and what else it goes by; the CLDR knows the first
# only. "ISL" is left out, since it is Icelandic's code.
SIGNED = {
    "ase": ("American Sign Language", "langue des signes américaine", "ASL"),
    "asf": ("Auslan", "langue des signes australienne", "Australian Sign Language"),
    "bfi": ("British Sign Language", "langue des signes britannique", "BSL"),
    "bzs": ("Brazilian Sign Language", "langue des signes brésilienne", "Libras"),
    "csl": ("Chinese Sign Language", "langue des signes chinoise", "CSL"),
    "dse": ("Dutch Sign Language", "langue des signes néerlandaise", "NGT"),
    "fcs": ("Quebec Sign Language", "langue des signes québécoise", "LSQ"),
    "fsl": ("French Sign Language", "langue des signes française", "LSF"),
    "gsg": ("German Sign Language", "langue des signes allemande", "DGS"),
    "ils": ("International Sign", "signes internationaux", "International Sign Language"),
    "ins": ("Indian Sign Language", "langue des signes indienne"),
    "ise": ("Italian Sign Language", "langue des signes italienne", "LIS"),
    "isg": ("Irish Sign Language", "langue des signes irlandaise"),
    "jsl": ("Japanese Sign Language", "langue des signes japonaise", "JSL"),
    "kvk": ("Korean Sign Language", "langue des signes coréenne", "KSL"),
    "mfs": ("Mexican Sign Language", "langue des signes mexicaine"),
    "nzs": ("New Zealand Sign Language", "langue des signes néo-zélandaise", "NZSL"),
    "psr": ("Portuguese Sign Language", "langue des signes portugaise", "LGP"),
    "sfb": ("French Belgian Sign Language", "langue des signes de Belgique francophone", "LSFB"),
    "sgn": ("sign language", "langue des signes", "sign languages"),
    "ssp": ("Spanish Sign Language", "langue des signes espagnole", "LSE"),
    "swl": ("Swedish Sign Language", "langue des signes suédoise", "STS"),
    "vgt": ("Flemish Sign Language", "langue des signes flamande", "VGT"),
}
SAME = {"nb": "no", "nn": "no"}
ASIDE = re.compile(r"\(.*?\)")  # "English (fluent)"
BETWEEN = re.compile(r"""[\s'’`´‘\-–—().:!?*"“”«»]+""")
NO_CODES = {"in"}  # Indonesian's once; a word in "fluent in English"
# Names that a sentence may hold without meaning them; by themselves they are languages.
ORDINARY = frozenset("creek fang mari more slave vote".split())


def known_tongues() -> frozenset[str]:
    """The code of every language that has a name here."""
    return frozenset(known_codes().values())


def tongue_name(folded_name: str, language: str) -> str:
    """The name of a folded language in the reader's ``language``."""
    if name := _locale(language).languages.get(folded_name):
        return name
    if folded_name in SIGNED:
        return SIGNED[folded_name][language.startswith("fr")]
    return folded_name.title()


def plain(word: str) -> str:
    """Without case, accents and superfluous space: "Français " is "francais"."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split())


def words_of(text: str) -> tuple[str, ...]:
    return tuple(word for word in BETWEEN.split(text) if word)


@cache
def known_codes() -> dict[str, str]:
    """Folded name or code → code. A name in English comes before the same name of another."""
    known, aliases = _spelled(), get_global("language_aliases")
    for code in {*_locale("en").languages, *LANG_INFO, *aliases, *SIGNED} - NO_CODES:
        known.setdefault(plain(code), bare_code(code))
    return known


@cache
def known_names() -> dict[tuple[str, ...], str]:
    """The words of a name → code, of all names that may be looked for in a sentence."""
    spelled = {words_of(name): code for name, code in reversed(_spelled().items())}
    return {
        words: code
        for words, code in spelled.items()
        if len(words) > 1
        or code in SIGNED.keys() - {"ise"}  # "je lis" signs nothing
        or not (words[0] in ORDINARY or (len(words[0]) < 4 and words[0].isascii()))
    }


def _spelled() -> dict[str, str]:
    """Folded name → code."""
    names = [pair for spoken in WRITTEN_IN for pair in _locale(spoken).languages.items()]
    names += [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name" in info]
    names.append(("zh", _locale("zh").languages["zh"]))
    names += [(code, name) for code, signed in SIGNED.items() for name in signed]
    known = dict(ALSO)
    for code, name in [*names, *((code, ASIDE.sub("", name)) for code, name in names)]:
        known.setdefault(plain(name), bare_code(code))
    return known


def bare_code(code: str) -> str:
    """The code without region or script: they say nothing about whom one understands."""
    bare = re.split("[-_]", code)[0]
    bare = re.split("[-_]", get_global("language_aliases").get(bare, bare))[0]
    return SAME.get(bare, bare)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
