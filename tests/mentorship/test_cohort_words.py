"""Whatever an engine may say of a placement has words."""

from dataclasses import fields

from django.utils import translation

from matching.cohort import whatif
from matching.cohort.admission import REASONS
from matching.cohort.helps import SINGLE_RULES, Help
from matching.cohort.pins import Fault
from mentorship.cohort_words import FAULTS, HELPS, WHY_NOT

CODES = {value for name, value in vars(whatif).items() if name.isupper() and type(value) is str}
OF_PINS = {"pin_not_offered", "pinned_twice", "mentor_over_pinned", "project_over_pinned"}


def test_every_reason_has_words():
    assert set(WHY_NOT) == (CODES - {whatif.PLACED}) | set(REASONS) - {""}


def test_every_contradiction_has_words():
    assert set(FAULTS) == OF_PINS | {f"pin_{reason}" for reason in REASONS if reason}
    filled = {one.name: "" for one in fields(Fault)}
    for language in ("en", "fr"):
        with translation.override(language):
            assert all(sentence % filled for sentence in FAULTS.values())


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
