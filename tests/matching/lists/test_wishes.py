"""What a mentee asked for beside the work weighs alike, in whatever language it is written."""

import pytest
from django.utils import translation

from matching.lists.nudges import Nudge
from matching.lists.wishes import LANGUAGE_WEIGHT, Wishes
from mentorship.models import Match, MentorOffer
from mentorship.reasons import match_reasons
from tests import world

pytestmark = pytest.mark.django_db


def asked(languages: str) -> Wishes:
    person, keel = world.person("Ada"), world.project()
    return Wishes.of(world.request(person, keel, languages=languages))


def test_a_language_in_common_is_found_across_the_languages_it_is_written_in():
    mo, pia = world.person("Mo"), world.person("Pia")
    MentorOffer.objects.create(person=mo, languages="English, French")
    MentorOffer.objects.create(person=pia, languages="Igbo")
    nudges = asked("anglais, Français").weigh([mo.pk, pia.pk])
    of_language = [[one for one in each if one.code == "shared_language"] for each in nudges]
    shared = Nudge("shared_language", LANGUAGE_WEIGHT, 2, {"languages": ["en", "fr"]})
    assert of_language == [[shared], []]


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        ("en", "Languages in common: English, French"),
        ("fr", "Des langues communes\xa0: anglais, français"),
    ],
)
def test_the_languages_in_common_are_named_in_the_reader_s_own(reader, sentence):
    evidence = {"languages": ["en", "fr"]}
    reason = {"feature": "shared_language", "contribution": 0.3, "value": 2, "evidence": evidence}
    with translation.override(reader):
        assert match_reasons(Match(reasons=[reason]))[0].text == sentence
