"""Mentorship programs from a file, one JSON object a line; a bad line is counted and said."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import BinaryIO

TERMS_A_YEAR = 3
LONGEST_LINE = 1 << 20  # bytes
MOST_LINES = 5_000  # every pair of a program and a candidate is held in memory
LONGEST_TEXT = 20_000  # characters of a description that are read
MOST_MENTORS = 50
TERM = re.compile(r"\s*(\d{4})\s+Term\s+([1-3])\b")
REPOSITORY_OWNER = re.compile(r"https?://github\.com/([\w.-]+)/[\w.-]+")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
NO_OWNERS = {"search", "orgs"}
NO_ORGANISATIONS = {"", "personal.example"}


@dataclass(frozen=True)
class Mentor:
    """Somebody who mentors a program: `key` says who is the same, "" is an unknown organisation."""

    key: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Program:
    """One program of a term. `term` counts terms of all years: neighbours differ by one."""

    id: str
    project: str
    project_name: str
    title: str
    description: str
    skills: str
    term: int
    mentors: tuple[Mentor, ...]
    owners: tuple[str, ...]

    @property
    def year(self) -> int:
        return self.term // TERMS_A_YEAR

    @property
    def term_name(self) -> str:
        """The year and the number of the term, read alike in every language: 2026 T1."""
        return f"{self.year} T{self.term % TERMS_A_YEAR + 1}"


@dataclass(frozen=True)
class BadLine:
    """A line that is no program: its number, counted from 1, and why, in a few plain words."""

    number: int
    reason: str


@dataclass(frozen=True)
class ProgramFile:
    """The programs of a file in the order of their terms, what was wrong, and the data's hash."""

    programs: tuple[Program, ...]
    bad: tuple[BadLine, ...]
    data_hash: str


def read_program_file(path: Path) -> ProgramFile:
    """Read a file; ValueError says in one sentence why it cannot be read."""
    try:
        with path.open("rb") as stream:
            found = read_programs(stream)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    if not found.programs:
        raise ValueError(f"{path} holds no program: {_first_trouble(found.bad)}.")
    return found


def _first_trouble(bad: tuple[BadLine, ...]) -> str:
    return f"line {bad[0].number}: {bad[0].reason}" if bad else "the file is empty"


def read_programs(stream: BinaryIO) -> ProgramFile:
    """Read programs, one JSON object a line; memory is bounded by the limits above."""
    programs: list[Program] = []
    seen: Counter[str] = Counter()
    bad, digest = [], hashlib.sha256()
    for number in count(1):
        line = stream.readline(LONGEST_LINE + 1)
        if line and number > MOST_LINES:
            bad.append(BadLine(number, f"the file is longer than {MOST_LINES:,} lines"))
        if not line or number > MOST_LINES:
            break
        digest.update(line)
        if not line.strip():
            continue
        try:
            program = _program_of_line(line, stream, number)
            seen[program.id] += 1
            programs.append(_numbered(program, seen[program.id]))
        except ValueError as error:
            bad.append(BadLine(number, str(error)))
    ordered = sorted(programs, key=lambda program: program.term)
    return ProgramFile(tuple(ordered), tuple(bad), digest.hexdigest())


def _numbered(program: Program, times: int) -> Program:
    """Return the program; programs that share one address are told apart by a number."""
    return program if times == 1 else replace(program, id=f"{program.id}~{times}")


def _program_of_line(line: bytes, stream: BinaryIO, number: int) -> Program:
    if len(line) > LONGEST_LINE:
        while not line.endswith(b"\n") and (line := stream.readline(LONGEST_LINE)):
            continue
        raise ValueError(f"it is longer than {LONGEST_LINE:,} bytes")
    return program_of(decoded(line), default_id=f"line-{number}")


def decoded(line: bytes) -> dict:
    """Return the JSON object; ValueError when it is none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(record, dict):
        raise ValueError("it is no JSON object")
    return record


def program_of(record: dict, default_id: str, default_term: int | None = None) -> Program:
    """Return the program a record tells of; ValueError says what is missing or wrong.

    `default_term` stands for a term that is not told, as of a program that is still planned.
    """
    title = _text(record, "program_name_short") or _text(record, "program_name_full")
    description = _text(record, "description")
    if not title and not description:
        raise ValueError("it has neither a name nor a description")
    name = _text(record, "cncf_project") or _text(record, "project")
    slug = _text(record, "cncf_project_slug") or name
    if not slug:
        raise ValueError("it names no project")
    return Program(
        id=_id(record) or default_id,
        project=slug.casefold(),
        project_name=name or slug,
        title=title,
        description=description,
        skills=" ".join(filter(None, (_text(record, "skills"), _text(record, "technologies")))),
        term=_term(record, default_term),
        mentors=_mentors(record),
        owners=_owners(record),
    )


def _text(record: dict, field: str) -> str:
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{field} is no text")
    return UNPRINTABLE.sub(" ", value[:LONGEST_TEXT]).strip()


def _id(record: dict) -> str:
    """Return the last part of the program's address, which is stable, though seldom shared."""
    return _text(record, "lfx_url").rstrip("/").rpartition("/")[2][:100]


def _term(record: dict, default: int | None) -> int:
    told = _text(record, "term")
    if not told and default is not None:
        return default
    found = TERM.match(told)
    if not found:
        raise ValueError(f"its term is “{told[:40]}”, not like “2024 Term 1”")
    return int(found[1]) * TERMS_A_YEAR + int(found[2]) - 1


def _mentors(record: dict) -> tuple[Mentor, ...]:
    told = record.get("mentors") or []
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise ValueError("mentors is no list of objects")
    if len(told) > MOST_MENTORS:
        raise ValueError(f"it has more than {MOST_MENTORS} mentors")
    found = {}
    for one in told:
        name = " ".join(_text(one, "name").split())
        if name:
            found.setdefault(name.casefold(), Mentor(name.casefold(), name, _organisation(one)))
    return tuple(found.values())


def _organisation(mentor: dict) -> str:
    domain = _text(mentor, "email").rpartition("@")[2].casefold()
    return "" if domain in NO_ORGANISATIONS else domain


def _owners(record: dict) -> tuple[str, ...]:
    """Return the owners of the repositories whose issues the program points at."""
    told = record.get("upstream_issue_urls") or [record.get("upstream_issue_url")]
    urls: Iterable = told if isinstance(told, list) else ()
    owners = {
        found[1].casefold()
        for url in urls
        if isinstance(url, str) and (found := REPOSITORY_OWNER.match(url))
    }
    return tuple(sorted(owners - NO_OWNERS))
