"""Spoken languages: what people write down, as something that can be compared, and as names. Pure.

People write "anglais", "English", "en-GB" or "Français"; the names in English and French come from
the CLDR (Babel), the languages' own names from Django.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from django.conf.locale import LANG_INFO

WRITTEN_IN = ("en", "fr")  # the languages that people write the names of languages in
# Between languages, but not within brackets. "et" is Estonian's code, so it must stand between.
SEPARATOR = re.compile(
    r"(?:[,;/&+|\n]|[^\S\n]+(?:and|or|et|ou)[^\S\n]+(?=[^\s,;/&+|]))(?![^()]*\))", re.IGNORECASE
)
BRACKETS = re.compile(r"\([^()]*\)|[()]")  # a pair without another in it, or a stray one
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
NOT_APPLICABLE = re.compile(r"(?<!\w)n\s*[./]\s*a\b\.?", re.IGNORECASE)
# Who writes this names no language. "na" is a code as well, but Nauruans write out its name.
NOTHING = frozenset(
    "na|no preference|no preferences|sans preference|pas de preference|peu importe".split("|")
)
# How well, not what. None of these is a part of a language's name.
LEVELS = frozenset(
    """
    fluent fluently in native basic basics good very some little bit a of beginner beginners
    elementary intermediate advanced conversational professional working business technical
    limited proficient proficiency mother first second level speaker speaking spoken written
    reading writing only mostly mainly preferred preferably bilingual excellent perfect any
    all whatever courant courante courants couramment maternelle natif bilingue
    base bases notion notions debutant debutante intermediaire avance scolaire technique
    professionnel bon bonne tres peu niveau ecrit parle tout toutes tous
    uniquement seulement surtout
    """.split()
)
# Said beside a name, and part of some: "sign language".
BESIDE = frozenset("language languages langue langues tongue tongues".split())
# What is not spoken: a name right after one of these, "no English", or one followed by a single one
# and nothing else, "English: none". "non-native English" and "French without accent" are spoken.
DENIALS = frozenset(
    "no not none nothing never nor neither without non pas ni sans jamais aucun aucune rien".split()
)
# What may stand between: "pas d’anglais", "do not speak English", "English: not at all".
BETWEEN_DENIALS = frozenset(
    """
    a at all any of knowledge speak speaking spoken
    d de du l le la tout un mot notion connaissance parle parler parlons
    """.split()
)
CONNECTIVES = frozenset("and or et ou".split())
# Names that a sentence may hold without meaning them; by themselves they are languages.
ORDINARY = frozenset("creek fang mari more slave vote".split())
GRADE = re.compile(r"[abc][12]")  # of the European framework
AROUND = "()[].:!?*\"'«»-–—"


def folded(languages: str) -> frozenset[str]:
    """The languages of a list as their codes; what holds no known name stays, as folded text.

    Of a sentence the names count, and codes only where nothing else stands between two separators:
    "en" and "la" are words as well. How well somebody speaks a language is left out, and so is
    what names none, or denies one: "any", "n/a", "no English".
    """
    paired = BRACKETS.sub(lambda found: " " if len(found[0]) == 1 else found[0], languages)
    words = SEPARATOR.split(NOT_APPLICABLE.sub("", paired))
    return frozenset().union(*map(_tongues, words))


def known_tongues() -> frozenset[str]:
    """The code of every language that has a name here."""
    return frozenset(_codes().values())


def tongue_name(folded_name: str, language: str) -> str:
    """The name of a folded language in the reader's ``language``."""
    if name := _locale(language).languages.get(folded_name):
        return name
    if folded_name in SIGNED:
        return SIGNED[folded_name][language.startswith("fr")]
    return folded_name.title()


def _plain(word: str) -> str:
    """Without case, accents and superfluous space: "Français " is "francais"."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split())


def _tongues(written: str) -> frozenset[str]:
    """What is written between two separators: a language, several, or something else."""
    known, whole, bare = _codes(), _plain(written), _plain(ASIDE.sub(" ", written))
    if whole in NOTHING:
        return frozenset()
    without_levels = _without(LEVELS, bare)
    word = _without(LEVELS | BESIDE | CONNECTIVES, bare)
    for candidate in (whole, bare, without_levels, word):
        if candidate in known:
            return frozenset({known[candidate]})
    words = _words(bare)
    if found := list(_named_in(words)):
        return frozenset(
            _names()[words[start:end]] for start, end in found if not _is_denied(words, start, end)
        )
    if not DENIALS.isdisjoint(words):
        return frozenset()
    code, region, _ = word.replace("_", "-").partition("-")
    return frozenset({known.get(code, word) if region and len(code) in (2, 3) else word} - {""})


def _named_in(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the names of languages stand among these words, the longest names first."""
    names, start = _names(), 0
    longest = max(map(len, names))
    while start < len(words):
        ends = range(min(start + longest, len(words)), start, -1)
        end = next((end for end in ends if words[start:end] in names), None)
        if end is not None:
            yield start, end
        start = end or start + 1


def _is_denied(words: tuple[str, ...], start: int, end: int) -> bool:
    before = [word for word in words[:start] if word not in BETWEEN_DENIALS]
    after = [word for word in words[end:] if word not in BETWEEN_DENIALS]
    return not DENIALS.isdisjoint(before[-1:]) or (len(after) == 1 and after[0] in DENIALS)


def _words(plain: str) -> tuple[str, ...]:
    return tuple(word for word in BETWEEN.split(plain) if word)


def _without(left_out: frozenset[str], words: str) -> str:
    kept = (word.strip(AROUND) for word in words.split())
    return " ".join(w for w in kept if w and w not in left_out and not GRADE.fullmatch(w))


@cache
def _codes() -> dict[str, str]:
    """Folded name or code → code. A name in English comes before the same name of another."""
    aliases = get_global("language_aliases")
    known = _spelled()
    codes = {*_locale("en").languages, *LANG_INFO, *aliases, *SIGNED}
    for code in codes - LEVELS:  # "in" was Indonesian once
        known.setdefault(_plain(code), _bare(code, aliases))
    return known


@cache
def _names() -> dict[tuple[str, ...], str]:
    """The words of a name → code, of all names that may be looked for in a sentence."""
    spelled = {_words(name): code for name, code in reversed(_spelled().items())}
    return {
        words: code
        for words, code in spelled.items()
        if len(words) > 1
        or code in SIGNED.keys() - {"ise"}  # "je lis" signs nothing
        or not (words[0] in ORDINARY or (len(words[0]) < 4 and words[0].isascii()))
    }


def _spelled() -> dict[str, str]:
    """Folded name → code."""
    aliases = get_global("language_aliases")
    names = [pair for spoken in WRITTEN_IN for pair in _locale(spoken).languages.items()]
    names += [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name" in info]
    names.append(("zh", _locale("zh").languages["zh"]))
    names += [(code, name) for code, signed in SIGNED.items() for name in signed]
    known = dict(ALSO)
    for code, name in [*names, *((code, ASIDE.sub("", name)) for code, name in names)]:
        known.setdefault(_plain(name), _bare(code, aliases))
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
