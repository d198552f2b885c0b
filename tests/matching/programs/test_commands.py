import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.matching.planted_programs import lines_of, planted_records, record


@pytest.fixture
def programs(tmp_path):
    path = tmp_path / "programs.jsonl"
    asked = record(
        "briar", "storage volumes", "2024 Term 1", lfx_url="https://mentorship.example/project/17"
    )
    path.write_bytes(lines_of([*planted_records(), asked]) + b"no json\n")
    return path


def said(command, *arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_mentors_of_a_program_are_printed_with_reasons(programs):
    out, err = said("suggest_mentors", file=str(programs), program="17", top=1)
    lines = out.splitlines()
    assert lines[:3] == [
        "Briar: storage volumes (2024 T1)",
        "  1. cleo",
        "       – Earlier programs with the same words: storage, volumes, everybody",
    ]
    assert "       – 12 earlier programs of Briar since 2020, the last in 2023 T3" in lines
    assert "Also, new to Briar:" in lines
    assert lines[-1] == "4 of 11 mentors of earlier terms, by a ranker learned from them"
    assert err == "line 124 is left out: it is not JSON\n"


def test_a_planned_program_is_read_from_input_and_its_score_is_added_up(programs, monkeypatch):
    planned = record("fern", "certificates and keys for encryption", "") | {"term": None}
    stream = io.TextIOWrapper(io.BytesIO(json.dumps(planned).encode()))
    monkeypatch.setattr("sys.stdin", stream)
    out, _ = said("suggest_mentors", file=str(programs), program="-", top=1, contributions=True)
    lines = out.splitlines()
    assert lines[:2] == [
        "Fern: certificates and keys for encryption (2024 T2)",
        "  1. gil",
    ]
    total, _, parts = next(line for line in lines if " = " in line).strip().partition(" = ")
    numbers = [float(part) for part in parts.split() if part[-1].isdigit()]
    assert float(total) == pytest.approx(sum(numbers), abs=0.005)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"program": "18"}, "There is no program “18” in the file."),
        ({"program": "17", "top": 0}, "--top 0: ask for 1 to 100 mentors."),
        ({"program": "17", "file": "nowhere.jsonl"}, "nowhere.jsonl cannot be read"),
        ({"program": "line-1"}, "There is no earlier program with a mentor to learn from."),
    ],
)
def test_a_question_without_an_answer_is_refused_in_a_sentence(programs, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        said("suggest_mentors", **{"file": str(programs)} | options)


def test_the_backtest_prints_its_slices_and_writes_the_whole_report(programs, tmp_path):
    report = tmp_path / "report.json"
    out, _ = said("backtest", "programs", file=str(programs), json=str(report))
    assert [line.partition(" (")[0] for line in out.splitlines() if line and line[0] != " "][
        :-1
    ] == [
        "new_to_project_outside",
        "new_to_project",
        "project_unseen",
        "project_seen",
        "answerable",
        "all",
        "questions whose right name nobody could know: 2",
    ]
    written = json.loads(report.read_text())
    assert written["methods"]["served"]["answerable"]["hit_at_1"] == 1
    assert written["bad_lines"] == 1


def test_a_file_is_asked_for_where_it_is_needed_and_only_there(programs):
    with pytest.raises(CommandError, match="A file of programs is needed"):
        said("backtest", "programs")
    with pytest.raises(CommandError, match="A file of programs is needed"):
        said("backtest", "mentors", file=str(programs))
    with pytest.raises(CommandError, match="about all projects of its file"):
        said("backtest", "programs", file=str(programs), projects="aster")
