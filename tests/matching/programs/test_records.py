import io

import pytest

from matching.programs.records import (
    LONGEST_LINE,
    MOST_LINES,
    BadLine,
    Mentor,
    Program,
    read_program_file,
    read_programs,
)
from tests.matching.planted_programs import lines_of, record


def read(*lines: bytes):
    return read_programs(io.BytesIO(b"\n".join(lines)))


def test_a_line_becomes_a_program():
    told = record(
        "aster",
        "Tracing",
        "2024 Term 2 (Jun-Aug)",
        "Ann  Lee",
        technologies="Go",
        lfx_url="https://mentorship.example/project/17",
        upstream_issue_urls=["https://github.com/Aster-io/core/issues/4", "https://a.example"],
    )
    told["mentors"][0]["email"] = "ann@Garden.example"
    assert read_programs(io.BytesIO(lines_of([told]))).programs == (
        Program(
            id="17",
            project="aster",
            project_name="Aster",
            title="Tracing",
            description="Aster needs Tracing for everybody",
            skills="Tracing Go",
            term=2024 * 3 + 1,
            mentors=(Mentor("ann lee", "Ann Lee", "garden.example"),),
            owners=("aster-io",),
        ),
    )


def test_every_bad_line_is_said_in_one_sentence_and_the_rest_is_read():
    good = lines_of([record("aster", "Tracing", "2024 Term 2", "ann")]).strip()
    found = read(
        b"{not json",
        b"[]",
        b"",
        lines_of([{"term": "2024 Term 1"}]).strip(),
        lines_of([{"program_name_short": "Tracing", "term": "2024 Term 1"}]).strip(),
        lines_of([record("aster", "Tracing", "spring", "ann")]).strip(),
        lines_of([record("aster", "Tracing", "2024 Term 1", skills=["Go"])]).strip(),
        lines_of([record("aster", "Tracing", "2024 Term 1") | {"mentors": "ann"}]).strip(),
        b'"' + b"x" * 2 * LONGEST_LINE + b'"',
        b"\xff\xfe",
        good,
    )
    assert [program.title for program in found.programs] == ["Tracing"]
    assert found.bad == (
        BadLine(1, "it is not JSON"),
        BadLine(2, "it is no JSON object"),
        BadLine(4, "it has neither a name nor a description"),
        BadLine(5, "it names no project"),
        BadLine(6, "its term is “spring”, not like “2024 Term 1”"),
        BadLine(7, "skills is no text"),
        BadLine(8, "mentors is no list of objects"),
        BadLine(9, "it is longer than 1,048,576 bytes"),
        BadLine(10, "it is not JSON"),
    )


def test_what_a_terminal_would_obey_or_refuse_is_read_as_a_space():
    told = record("aster", "Tra\x1b[2Jcing\ud800", "2024 Term 1", "Ann\nLee")
    program = read_programs(io.BytesIO(lines_of([told]))).programs[0]
    assert (program.title, program.mentors[0].name) == ("Tra [2Jcing", "Ann Lee")


def test_lines_beyond_the_limit_are_left_out_and_said():
    one = lines_of([record("aster", "Tracing", "2024 Term 1", "ann")])
    found = read_programs(io.BytesIO(one * (MOST_LINES + 2)))
    assert len(found.programs) == MOST_LINES
    assert found.bad == (BadLine(MOST_LINES + 1, "the file is longer than 5,000 lines"),)


def test_programs_come_in_the_order_of_terms_and_keep_apart_what_shares_an_address():
    url = "https://mentorship.example/project/17"
    found = read_programs(
        io.BytesIO(
            lines_of(
                [
                    record("aster", "Second", "2024 Term 1", lfx_url=url),
                    record("aster", "Third", "2024 Term 1", lfx_url=url),
                    record("aster", "First", "2023 Term 3"),
                ]
            )
        )
    )
    assert [(program.id, program.title) for program in found.programs] == [
        ("line-3", "First"),
        ("17", "Second"),
        ("17~2", "Third"),
    ]


def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    odd = tmp_path / "odd.jsonl"
    odd.write_text("hello\n")
    with pytest.raises(ValueError, match=r"missing\.jsonl cannot be read: No such file"):
        read_program_file(tmp_path / "missing.jsonl")
    with pytest.raises(ValueError, match=r"empty\.jsonl holds no program: the file is empty\."):
        read_program_file(empty)
    with pytest.raises(ValueError, match=r"odd\.jsonl holds no program: line 1: it is not JSON\."):
        read_program_file(odd)
