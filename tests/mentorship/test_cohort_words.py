"""Whatever an engine may say of a placement has words."""

from dataclasses import fields

import pytest
from django.utils import translation

from matching.cohort import whatif
from matching.cohort.admission import REASONS
from matching.cohort.helps import SINGLE_RULES, Help
from matching.cohort.pins import Fault
from mentorship.cohort_words import FAULTS, HELPS, WHY_NOT, fault_words

CODES = {value for name, value in vars(whatif).items() if name.isupper() and type(value) is str}
OF_PINS = {"pin_not_offered", "pinned_twice", "mentor_over_pinned", "project_over_pinned"}


def test_every_reason_has_words():
    assert set(WHY_NOT) == (CODES - {whatif.PLACED}) | set(REASONS) - {""}


def test_every_contradiction_has_words():
    assert set(FAULTS) == OF_PINS | {f"pin_{reason}" for reason in REASONS if reason}
    filled = {one.name: 0 for one in fields(Fault)}
    for language in ("en", "fr"):
        with translation.override(language):
            assert all(sentence % filled for sentence in FAULTS.values())


@pytest.mark.parametrize(
    ("code", "limit", "english", "french"),
    [
        (
            "mentor_over",
            1,
            "Mo has 1 place today, but would need 3.",
            "Mo a aujourd’hui 1 place, mais il en faudrait 3.",
        ),
        (
            "mentor_over",
            2,
            "Mo has 2 places today, but would need 3.",
            "Mo a aujourd’hui 2 places, mais il en faudrait 3.",
        ),
        (
            "project_over",
            1,
            "Keel has 1 place, but would need 3.",
            "Keel a 1 place, mais il en faudrait 3.",
        ),
        (
            "project_over_pinned",
            1,
            "Keel has 1 place, but those pinned there need 3.",
            "Keel a 1 place, mais les placements imposés en demandent 3.",
        ),
    ],
)
def test_places_are_counted_as_the_language_counts(code, limit, english, french):
    fault = {"code": code, "mentor": "Mo", "project": "Keel", "count": 3, "limit": limit}
    said = {}
    for language in ("en", "fr"):
        with translation.override(language):
            said[language] = fault_words(fault)
    assert said == {"en": english, "fr": french}


def test_one_who_is_pinned_where_nobody_is_taken_is_one():
    fault = {"code": "mentor_over_pinned", "mentor": "Mo", "count": 1, "limit": 0}
    assert fault_words(fault) == "1 mentee is pinned to Mo, who takes at most 0."


def test_every_help_has_words():
    places = {f"place_{what}" for what in ("mentor", "project", "both", "co_mentor")}
    rules = {f"{co}{rule}" for rule in SINGLE_RULES for co in ("", "co_")}
    others = {
        "others_first_project",
        "others_first_mentor",
        "more_wishes",
        "no_mentor",
        "nothing_alone",
    }
    assert set(HELPS) == places | rules | others
    filled = {one.name: "" for one in fields(Help)}
    for language in ("en", "fr"):
        with translation.override(language):
            assert all(sentence % filled for sentence in HELPS.values())
