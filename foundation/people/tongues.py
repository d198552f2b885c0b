"""Spoken and signed languages: what people write down, as something that can be compared. Pure.

People write "anglais", "English", "en-GB" or "Français, un peu d'anglais".
"""

import re
from collections.abc import Iterator

from foundation.people.tongue_names import ASIDE, known_codes, known_names, plain, words_of

# Between languages, but not within brackets. "et" is Estonian's code, so it must stand between.
SEPARATOR = re.compile(
    r"(?:[,;/&+|\n]|[^\S\n]+(?:and|or|et|ou)[^\S\n]+(?=[^\s,;/&+|]))(?![^()]*\))", re.IGNORECASE
)
BRACKETS = re.compile(r"\([^()]*\)|[()]")  # a pair without another in it, or a stray one
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


def _tongues(written: str) -> frozenset[str]:
    """What is written between two separators: a language, several, or something else."""
    known, whole, bare = known_codes(), plain(written), plain(ASIDE.sub(" ", written))
    if whole in NOTHING:
        return frozenset()
    without_levels = _without(LEVELS, bare)
    word = _without(LEVELS | BESIDE | CONNECTIVES, bare)
    for candidate in (whole, bare, without_levels, word):
        if candidate in known:
            return frozenset({known[candidate]})
    words = words_of(bare)
    if found := list(_named_in(words)):
        return frozenset(
            known_names()[words[start:end]]
            for start, end in found
            if not _is_denied(words, start, end)
        )
    if not DENIALS.isdisjoint(words):
        return frozenset()
    code, region, _ = word.replace("_", "-").partition("-")
    return frozenset({known.get(code, word) if region and len(code) in (2, 3) else word} - {""})


def _named_in(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where the names of languages stand among these words, the longest names first."""
    names, start = known_names(), 0
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


def _without(left_out: frozenset[str], words: str) -> str:
    kept = (word.strip(AROUND) for word in words.split())
    return " ".join(w for w in kept if w and w not in left_out and not GRADE.fullmatch(w))
