import numpy as np
import pytest

from matching.programs.earlier import earlier_than
from matching.programs.features import program_table
from matching.programs.reasons import GROUPS, columns_of, suggest
from matching.programs.records import program_of
from matching.programs.serving import ProgramServed, tables_before, train
from mentorship.program_reasons import program_reasons
from tests.matching.planted_programs import planted_programs, record

NEXT = 2024 * 3  # 2024 term 1


@pytest.fixture(scope="module")
def world():
    programs = planted_programs().programs
    told = record("briar", "scheduling queues fairness with aster", "2024 Term 1")
    asked = program_of(told, "planned")
    served = train(tables_before(programs, NEXT))
    return served, program_table(earlier_than(programs, NEXT), [asked])


@pytest.mark.parametrize("learned", [True, False])
def test_base_and_contributions_add_up_to_the_score_that_ranks(world, learned):
    served, table = world
    served = served if learned else ProgramServed(None)
    found = suggest(served, table, 0, len(table.earlier.mentors))
    people = [mentor.name for mentor in table.earlier.mentors]
    scores = served.scores(table)[0]
    for one in found:
        assert one.score == one.base + sum(reason.contribution for reason in one.reasons)
        assert one.score == pytest.approx(scores[people.index(one.name)], abs=1e-5)
    assert [one.rank for one in found] == list(range(1, len(people) + 1))
    assert sorted((one.score for one in found), reverse=True) == pytest.approx(
        [one.score for one in found], abs=1e-5
    )


def test_every_feature_belongs_to_one_reason(world):
    _, table = world
    columns = columns_of(table.names)
    assert sorted(np.concatenate(list(columns.values()))) == list(range(len(table.names)))
    assert all(len(columns[code]) for code in GROUPS)


def test_the_right_mentor_leads_with_facts_that_can_be_checked(world):
    best = suggest(*world, 0, 1)[0]
    facts = {reason.code: reason.evidence for reason in best.reasons}
    assert (best.rank, best.name, best.is_new_here) == (1, "dan", False)
    counted = {"count": 12, "since": "2020", "last": "2023 T3"}
    assert facts == {
        "same_project": counted | {"project": "Briar"},
        "same_words": {"names": ["scheduling", "fairness", "queues"]},
        "same_skills": {"names": ["scheduling"]},
        "neighbour_projects": {},
        "co_mentors": {},
        "organisation": {"names": ["briar.example"]},
        "programs_before": counted,
    }


def test_people_from_elsewhere_follow_with_the_ranks_they_have(world):
    found = suggest(*world, 0, 2, outside=2)
    assert [one.name for one in found[:2]] == ["dan", "cleo"]
    assert [(one.rank, one.is_new_here) for one in found[2:]] == [(3, True), (4, True)]


def test_reasons_are_said_in_plain_words_and_what_speaks_against_is_not():
    reasons = [
        {
            "feature": "same_project",
            "contribution": 2.0,
            "evidence": {"count": 3, "since": "2023", "last": "2025 T1", "project": "Harbor"},
        },
        {"feature": "same_words", "contribution": 1.0, "evidence": {"names": ["otel", "spans"]}},
        {"feature": "co_mentors", "contribution": 0.5, "evidence": {"names": ["Ann", "Bob"]}},
        {"feature": "same_skills", "contribution": 0.2, "evidence": {}},
        {"feature": "organisation", "contribution": -0.1, "evidence": {"names": ["a.example"]}},
    ]
    assert program_reasons(reasons) == [
        "3 earlier programs of Harbor since 2023, the last in 2025 T1",
        "Earlier programs with the same words: otel, spans",
        "Mentor together with Ann, Bob, who mentored in this project",
    ]
