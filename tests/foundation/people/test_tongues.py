"""Spoken languages, as people write them down: whoever shares one is recognised by it."""

import pytest
from babel import Locale

from foundation.people.tongues import WRITTEN_IN, folded, tongue_name


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
    ],
)
def test_a_list_of_languages_is_read_in_whatever_language_it_is_written(written, codes):
    assert folded(written) == codes


def test_every_language_is_the_same_by_its_name_in_english_and_in_french():
    english, french = (Locale(spoken).languages for spoken in WRITTEN_IN)
    both = [code for code in english if code in french]
    assert len(both) > 600
    assert {c: folded(english[c]) for c in both} == {c: folded(french[c]) for c in both}


def test_a_language_is_named_in_the_reader_s_own():
    assert [tongue_name("en", spoken) for spoken in ("en", "fr", "pt-br")] == [
        "English",
        "anglais",
        "inglês",
    ]
    assert tongue_name("elvish", "fr") == "Elvish"
