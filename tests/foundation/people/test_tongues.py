"""Spoken languages, as people write them down: whoever shares one is recognised by it."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.tongues import BESIDE, LEVELS, WRITTEN_IN, _codes, folded, tongue_name


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("English, French", {"en", "fr"}),
        ("anglais, français", {"en", "fr"}),
        ("ANGLAIS ,  Francais ,", {"en", "fr"}),
        ("en-GB; fr_CA / Deutsch (B2)", {"en", "fr", "de"}),
        ("Brazilian Portuguese, portugais, português", {"pt"}),
        ("日本語, japonais, ja, jpn", {"ja"}),
        ("中文, chinois, Mandarin", {"zh"}),
        ("norsk, Norwegian, bokmål, nb", {"no"}),
        ("Elvish, elvish ", {"elvish"}),
        ("", set()),
        ("English and French; ja & de et it", {"en", "fr", "ja", "de", "it"}),
        ("anglais, et français", {"en", "fr"}),
        ("et, en", {"et", "en"}),
        ("en, et, fr", {"et", "en", "fr"}),
        ("en\net\nfr", {"et", "en", "fr"}),
        ("Catalan/Valencian", {"ca"}),
        ("fluent English, anglais courant, English - B2+, anglais (lu, écrit, parlé)", {"en"}),
        ("English: native; langue maternelle : français", {"en", "fr"}),
        ("notions d’allemand", {"de"}),
        ("American Sign Language (basic)", {"ase"}),
        ("norsk bokmål, Mandarin Chinese, English French", {"no", "zh", "en", "fr"}),
        ("Castilian, vlaams, Flemish, Euskara, Farsi", {"es", "nl", "eu", "fa"}),
        ("Cantonese, nynorsk", {"yue", "no"}),
        ("fluent Elvish (C1)", {"elvish"}),
        *((nothing, set()) for nothing in ("n/a", "N.A.", "NA", "none", "any", "-", "—", "aucune")),
        ("No preference", set()),
        ("any language", set()),
        ("Nauru", {"na"}),
    ],
)
def test_a_list_of_languages_is_read_in_whatever_language_it_is_written(written, codes):
    assert folded(written) == codes


def test_every_language_is_the_same_by_its_name_in_english_and_in_french():
    english, french = (Locale(spoken).languages for spoken in WRITTEN_IN)
    both = [code for code in english if code in french]
    assert len(both) > 600
    assert {c: folded(english[c]) for c in both} == {c: folded(french[c]) for c in both}


NAMES = [name for spoken in WRITTEN_IN for name in Locale(spoken).languages.values()]
NAMES += [code for code in Locale("en").languages if code != "na"]
WAYS = ("{name} {word}", "{word} {name}", "{name} ({word})", "{name} : {word}", "{name} - {word}")
names = st.sampled_from(NAMES)
words = st.sampled_from(sorted(LEVELS) + ["B2", "C1", "a1"])


def test_no_word_of_level_is_a_language():
    assert {word for word in LEVELS | BESIDE if word in _codes()} == set()


@given(names, words, st.sampled_from(WAYS))
def test_how_well_a_language_is_spoken_never_changes_which_it_is(name, word, way):
    assert folded(way.format(name=name, word=word)) == folded(name)


@given(st.lists(names), st.sampled_from([" and ", " et ", " & ", "/", ";", "\n", ", ", " ET "]))
def test_a_list_is_what_its_parts_are_together(parts, between):
    assert folded(between.join(parts)) == frozenset().union(*map(folded, parts))


@given(st.lists(names), st.sampled_from(["n/a", "none", "any", "-", "aucune", "N/A"]))
def test_what_names_no_language_adds_none(parts, nothing):
    assert folded(", ".join([*parts, nothing])) == folded(", ".join(parts))


def test_a_language_is_named_in_the_reader_s_own():
    assert [tongue_name("en", spoken) for spoken in ("en", "fr", "pt-br")] == [
        "English",
        "anglais",
        "inglês",
    ]
    assert tongue_name("elvish", "fr") == "Elvish"
