import numpy as np
import pytest

from matching.programs.earlier import earlier_than
from matching.programs.features import program_table
from matching.programs.serving import table_of_term
from tests.matching.planted_programs import planted_programs, planted_records, record

TERM = 2022 * 3  # 2022 term 1


def values(records, name, mentor):
    """One feature of one mentor for the last program of the records."""
    programs = planted_programs(records).programs
    table = table_of_term(programs, programs[-1].term)
    people = [one.name for one in table.earlier.mentors]
    return float(table.column(name)[-1, people.index(mentor)])


def test_nothing_from_the_term_on_is_seen():
    records = planted_records()
    whole = table_of_term(planted_programs(records).programs, TERM)
    changed = [
        one if one["term"] < "2022 Term 1" else one | {"mentors": [{"name": "mallory"}]}
        for one in records
    ]
    changed.append(record("aster", "a rumour from the future", "2022 Term 2", "ann"))
    again = table_of_term(planted_programs(changed).programs, TERM)
    assert [one.name for one in again.earlier.mentors] == sorted(
        "ann bob cleo dan eve finn gil hana ivo jun".split()
    )
    assert np.array_equal(whole.values, again.values)


def test_history_in_the_project_is_shares_and_ages_in_terms():
    records = [
        record("aster", "tracing", "2023 Term 1", "ann", "bob"),
        record("aster", "tracing", "2023 Term 3", "bob"),
        record("briar", "tracing", "2023 Term 3", "cleo"),
        record("aster", "tracing", "2024 Term 1"),
    ]
    assert values(records, "here_recency", "ann") == pytest.approx(1 / 3)
    assert values(records, "here_recency", "bob") == 1
    assert values(records, "here_recency", "cleo") == 0
    assert values(records, "here_latest_share", "ann") == 0
    assert values(records, "here_latest_share", "bob") == 1
    assert values(records, "here_terms", "bob") == 2
    decayed = 0.5 ** (2 / 2)
    assert values(records, "here_share_2", "ann") == pytest.approx(decayed / (1 + decayed))
    assert values(records, "here_share_2", "bob") == 1


def test_people_around_are_found_through_mentors_projects_and_organisations():
    records = [
        record("aster", "tracing", "2023 Term 1", "ann", "bob"),
        record("briar", "storage", "2023 Term 1", "ann", "cleo"),
        record("clover", "routes", "2023 Term 1", "dan"),
        record("aster", "tracing", "2023 Term 2"),
    ]
    assert values(records, "beside_mentors", "cleo") > 0
    assert values(records, "beside_mentors", "dan") == 0
    assert values(records, "sister_project", "cleo") > 0
    assert values(records, "sister_project", "dan") == 0
    records[2]["mentors"][0]["email"] = "dan@aster.example"
    assert values(records, "organisation", "dan") > 0


def test_a_project_that_the_text_names_points_at_its_mentors():
    records = [
        record("aster", "tracing", "2023 Term 1", "ann"),
        record("briar", "storage", "2023 Term 1", "bob"),
        record("clover", "a panel for briar", "2023 Term 2"),
    ]
    assert values(records, "named_project", "bob") > 0
    assert values(records, "named_project", "ann") == 0


def test_texts_without_any_word_are_alike_in_nothing():
    records = [
        record("aster", "-", "2023 Term 1", "ann", description="", skills=""),
        record("aster", "-", "2023 Term 2", description="", skills=""),
    ]
    assert values(records, "words_centre", "ann") == 0
    assert values(records, "here_ever", "ann") == 1


def test_without_any_mentor_there_is_nothing_to_learn_from():
    programs = planted_programs([record("aster", "tracing", "2023 Term 1")]).programs
    with pytest.raises(ValueError, match="no earlier program with a mentor"):
        program_table(earlier_than(programs, programs[0].term), programs)
