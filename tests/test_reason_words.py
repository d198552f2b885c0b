"""Whatever reason the models give, the pages have words for it."""

from foundation.people.leader_counts import COUNTS
from foundation.people.leader_reasons import LISTED
from foundation.people.leader_reasons import SENTENCES as LEADER_SENTENCES
from matching.emerging.leaders import REASON_GROUPS
from matching.lists.reasons import GROUPS
from matching.programs.reasons import GROUPS as PROGRAM_GROUPS
from mentorship.program_reasons import SENTENCES as PROGRAM_SENTENCES
from mentorship.reasons import SENTENCES as MATCH_SENTENCES

OF_WISHES = {"hour_overlap", "shared_language"}
OF_NOBODY = {"project"}  # the same for all of a project: it adds to the sum and is not said


def test_every_reason_of_a_match_has_its_sentence():
    assert set(MATCH_SENTENCES) == set(GROUPS) | OF_WISHES


def test_every_reason_of_a_suggestion_for_a_program_has_its_sentence():
    assert set(PROGRAM_SENTENCES) == set(PROGRAM_GROUPS)


def test_every_reason_of_a_signal_has_its_sentence():
    assert set(LEADER_SENTENCES) == set(REASON_GROUPS) - OF_NOBODY


def test_a_sentence_of_a_signal_counts_what_its_page_lists_or_what_the_model_gives():
    counted = {code: each.counted for code, each in LEADER_SENTENCES.items() if each.counted}
    assert {code for code, name in counted.items() if name == LISTED} == set(COUNTS)
    assert all(LEADER_SENTENCES[code].link for code in COUNTS)
    others = {code: name for code, name in counted.items() if code not in COUNTS}
    assert [code for code, name in others.items() if name not in REASON_GROUPS[code]] == []
