"""``suggest_mentors --file <programs> --program <id|->``: who could mentor a program, and why."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from matching.programs.earlier import earlier_than
from matching.programs.features import program_table
from matching.programs.reasons import Suggestion, suggest
from matching.programs.records import (
    LONGEST_LINE,
    Program,
    ProgramFile,
    decoded,
    program_of,
    read_program_file,
)
from matching.programs.serving import tables_before, train
from mentorship.program_reasons import program_reasons

OUTSIDE = 3


class Command(BaseCommand):
    help = "Print who could mentor a program, from who mentored in earlier terms."

    def add_arguments(self, parser):
        parser.add_argument("--file", required=True, help="programs, one JSON object a line")
        parser.add_argument(
            "--program", required=True, help="id of one of them, or - to read one from input"
        )
        parser.add_argument("--top", type=int, default=10)
        parser.add_argument(
            "--contributions", action="store_true", help="print what adds up to each score"
        )

    def handle(self, *, file, program, top, contributions, **options):
        if not 1 <= top <= 100:
            raise CommandError(f"--top {top}: ask for 1 to 100 mentors.")
        try:
            known = read_program_file(Path(file))
            asked = _from_input(known) if program == "-" else _in_file(known, program)
            table = program_table(earlier_than(known.programs, asked.term), [asked])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self._warn(known)
        self.stdout.write(f"{asked.project_name}: {asked.title} ({asked.term_name})")
        served = train(tables_before(known.programs, asked.term))
        found = suggest(served, table, 0, top, OUTSIDE)
        for place, one in enumerate(found):
            if place == top:
                self.stdout.write(f"Also, new to {asked.project_name}:")
            self._print(one, contributions)
        how = "a ranker learned from them" if served.ranker else "a simple sum, since they are few"
        known_mentors = len(table.earlier.mentors)
        self.stdout.write(f"{len(found)} of {known_mentors} mentors of earlier terms, by {how}")

    def _warn(self, known: ProgramFile) -> None:
        for bad in known.bad[:5]:
            self.stderr.write(f"line {bad.number} is left out: {bad.reason}")
        if len(known.bad) > 5:
            self.stderr.write(f"{len(known.bad)} lines are left out in all")

    def _print(self, one: Suggestion, contributions: bool) -> None:
        self.stdout.write(f"{one.rank:>3}. {one.name}")
        rows = [
            {"feature": r.code, "contribution": r.contribution, "evidence": r.evidence}
            for r in one.reasons
        ]
        for text in program_reasons(rows)[:4]:
            self.stdout.write(f"       – {text}")
        if contributions:
            parts = " ".join(f"{r.contribution:+.3f} {r.code}" for r in one.reasons)
            self.stdout.write(f"       {one.score:.3f} = {one.base:.3f} {parts}")


def _in_file(known: ProgramFile, program: str) -> Program:
    for one in known.programs:
        if one.id == program:
            return one
    raise ValueError(f"There is no program “{program}” in the file.")


def _from_input(known: ProgramFile) -> Program:
    """Return the program told on standard input, planned for the next term unless it says when."""
    line = sys.stdin.buffer.read(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise ValueError(f"The program is longer than {LONGEST_LINE:,} bytes.")
    try:
        return program_of(decoded(line), "-", default_term=known.programs[-1].term + 1)
    except ValueError as error:
        raise ValueError(f"The program cannot be read: {error}.") from None
