"""Spoken languages, as people write them down: whoever shares one is recognised by it."""

import pytest
from babel import Locale
from django.conf.locale import LANG_INFO
from hypothesis import given
from hypothesis import strategies as st

from foundation.people.tongue_names import (
    ALSO,
    SIGNED,
    WRITTEN_IN,
    bare_code,
    known_codes,
    known_names,
    plain,
    tongue_name,
)
from foundation.people.tongues import BESIDE, LEVELS, folded


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
        ("English), French (fluent; anglais (courant)", {"en", "fr"}),
        ("Fluent in English", {"en"}),
        ("Fluent in: German; courant en français", {"de", "fr"}),
        ("un peu d’anglais", {"en"}),
        ("I speak English and/or French; je comprends aussi l'allemand.", {"en", "fr", "de"}),
        ("English-French, sign language: American Sign Language", {"en", "fr", "sgn", "ase"}),
        (
            "LSF, British Sign Language; ASL (basic), langue des signes",
            {"fsl", "bfi", "ase", "sgn"},
        ),
        ("Je signe en langue des signes française et j’écris l’anglais", {"fsl", "en"}),
        ("I know some sign language", {"sgn"}),
        ("notions de LSF; je lis l’anglais; LIS", {"fsl", "en", "ise"}),
        ("American English, the Queen’s", {"en", "the queen’s"}),
        ("no English, pas d’anglais; I do not speak any English", set()),
        ("English: none; anglais : aucun; English (US) not at all; anglais pas parlé", set()),
        ("aucune notion d’anglais; no knowledge of French; pas un mot d’italien", set()),
        ("ni anglais ni français; neither English nor French", set()),
        ("not English but French; pas d’allemand mais l’espagnol", {"fr", "es"}),
        ("English, but no French; German but not Spanish", {"en", "de"}),
        ("German, non-native English", {"de", "en"}),
        ("non native French; Spanish, not fluent; italien pas courant", {"fr", "es", "it"}),
        ("English non fluent; French without accent", {"en", "fr"}),
        ("no problem with English; je parle rien que le français", {"en", "fr"}),
        ("anglais pas très courant; Spanish: not a native speaker", {"en", "es"}),
        ("anglais, pas de français", {"en"}),
        ("no, (no), so, is", {"no", "so", "is"}),
        ("is it so; la vie en rose; I am to go", {"is it so", "la vie en rose", "i am to go"}),
        ("more of a creek", {"more creek"}),
        ("Creek", {"mus"}),
        ("Elvish and/or Quenya", {"elvish", "quenya"}),
    ],
)
def test_a_list_of_languages_is_read_in_whatever_language_it_is_written(written, codes):
    assert folded(written) == codes


def test_every_language_is_the_same_by_its_name_in_english_and_in_french():
    english, french = (Locale(spoken).languages for spoken in WRITTEN_IN)
    both = [code for code in english if code in french]
    assert len(both) > 600
    assert {c: folded(english[c]) for c in both} == {c: folded(french[c]) for c in both}


def test_a_sign_language_is_the_same_by_each_of_its_names_and_is_no_other():
    named = {code: {folded(name) for name in (code, *names)} for code, names in SIGNED.items()}
    assert named == {code: {frozenset({code})} for code in SIGNED}


SENTENCES = (
    "I speak {name}",
    "Fluent in {name}, of course",
    "un peu d’{name} depuis l’école",
    "({name}",
    "{name}) :",
    "My {name} is better than theirs!",
)


def test_a_language_is_known_by_each_of_its_names():
    named = {name: code for code, name in Locale("fr").languages.items()}
    named |= {info["name_local"]: code for code, info in LANG_INFO.items() if "name" in info}
    named |= {name: code for code, name in Locale("en").languages.items()}
    wrong = {n for n, code in named.items() if folded(n) != {ALSO.get(plain(n), bare_code(code))}}
    assert wrong == set()


@given(st.sampled_from(sorted(known_names())), st.sampled_from(SENTENCES))
def test_the_words_around_a_name_do_not_change_which_language_it_is(words, sentence):
    assert folded(sentence.format(name=" ".join(words))) >= folded(" ".join(words)) != frozenset()


CODES = [code for code in Locale("en").languages if "_" not in code]


@given(st.sampled_from(CODES), st.sampled_from(["I speak {name}", "{name} is it", "un {name} va"]))
def test_a_code_within_a_sentence_is_a_word_and_no_language(code, sentence):
    assert folded(sentence.format(name=code)).isdisjoint(known_codes().values())


@given(st.text(max_size=300), st.text("(),/&;'’ \n-noetd", max_size=3_000))
def test_whatever_is_written_is_read(text, noise):
    assert all(one and len(one) <= 4 * len(text) for one in folded(text))
    assert folded(text) == folded(text.upper()) or not text.isascii()
    folded(noise)


NAMES = [name for spoken in WRITTEN_IN for name in Locale(spoken).languages.values()]
NAMES += [code for code in Locale("en").languages if code != "na"]
WAYS = ("{name} {word}", "{word} {name}", "{name} ({word})", "{name} : {word}", "{name} - {word}")
names = st.sampled_from(NAMES)
words = st.sampled_from(sorted(LEVELS) + ["B2", "C1", "a1"])


def test_no_word_of_level_is_a_language():
    assert {word for word in LEVELS | BESIDE if word in known_codes()} == set()


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
    assert tongue_name("fsl", "en") == "French Sign Language"
    assert tongue_name("fsl", "fr-ca") == "langue des signes française"
