"""A foundation whose right mentors are known by construction.

Each of five projects has two mentors with a subject each; a program of the project about a
subject is mentored by whoever has it. From 2023 on, ann of the first project mentors her subject in
a sixth project too, where she is new. The last program's mentor was never seen before.
"""

import io
import json

from matching.programs.records import ProgramFile, read_programs

SUBJECTS = [
    ("tracing spans latency", "packaging wheels installers"),
    ("storage volumes snapshots", "scheduling queues fairness"),
    ("networking routes gateways", "translation locales glossary"),
    ("encryption certificates keys", "dashboards charts colours"),
    ("webassembly sandbox runtime", "documentation tutorials examples"),
]
PEOPLE = [("ann", "bob"), ("cleo", "dan"), ("eve", "finn"), ("gil", "hana"), ("ivo", "jun")]
PROJECTS = ["aster", "briar", "clover", "daisy", "elder"]


def record(project: str, title: str, term: str, *mentors: str, **fields) -> dict:
    """One program as its file tells it."""
    people = [{"name": name, "email": f"{name}@{project}.example"} for name in mentors]
    return {
        "cncf_project": project.title(),
        "cncf_project_slug": project,
        "program_name_short": title,
        "description": f"{project.title()} needs {title} for everybody",
        "skills": title.split()[0],
        "term": term,
        "mentors": people,
    } | fields


def planted_records() -> list[dict]:
    terms = [f"{year} Term {number}" for year in (2020, 2021, 2022, 2023) for number in (1, 2, 3)]
    records = [
        record(project, f"{subject} part {place}", term, PEOPLE[row][side])
        for place, term in enumerate(terms)
        for row, project in enumerate(PROJECTS)
        for side, subject in enumerate(SUBJECTS[row])
    ]
    records += [
        record("fern", "better tracing spans latency", "2023 Term 2", "ann"),
        record("fern", "something unheard of", "2023 Term 3", "zoe"),
    ]
    return records


def lines_of(records: list[dict]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def planted_programs(records: list[dict] | None = None) -> ProgramFile:
    return read_programs(io.BytesIO(lines_of(records or planted_records())))
