"""``assign <file.json>``: who is placed where in a cohort that stands in a file."""

import json
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from matching.cohort.answer import ENGINES, STABLE, answer, assign
from matching.cohort.optimal import OBJECTIVES, TOTAL
from matching.cohort.problem import Infeasible, build
from matching.cohort.reading import Unreadable, read_cast
from matching.management.whole_file import check_folder, write_whole
from mentorship.cohort_words import fault_words, help_words

MOST_BYTES = 256 * 1024 * 1024
UNMATCHED_SHOWN = 10


class Command(BaseCommand):
    help = "Assign the mentees of a cohort to projects and mentors, within all limits."

    def add_arguments(self, parser):
        parser.add_argument("file", help="JSON; docs/assignment.md shows its form")
        parser.add_argument("--engine", choices=ENGINES, default=STABLE)
        parser.add_argument(
            "--objective", choices=OBJECTIVES, help=f"of the optimal engine; {TOTAL} by default"
        )
        parser.add_argument("--seed", type=int, default=0, help="draws the lots among equals")
        parser.add_argument("--json", metavar="FILE", help="write the whole answer there")

    def handle(self, *, file, engine, objective, seed, json: str | None, **options):
        if objective and engine == STABLE:
            raise CommandError("The stable engine has no objective: add --engine optimal.")
        if json:
            check_folder(Path(json))
        began = time.monotonic()
        problem = self._problem(Path(file))
        self.stdout.write(
            f"{len(problem.mentees)} mentees, {len(problem.mentors)} mentors, "
            f"{len(problem.projects)} projects, {len(problem.mentee)} pairs that are wished for"
        )
        told = answer(problem, assign(problem, engine, objective or TOTAL, seed=seed))
        self._unmatched(told["placements"])
        self._figures(told["summary"])
        if json:
            head = {"engine": engine, "objective": objective or TOTAL, "seed": seed}
            write_whole(Path(json), as_json(head | told))
        self.stdout.write(
            f"assigned {told['summary']['matched']} of {told['summary']['mentees']} mentees with "
            f"the {engine} engine ({time.monotonic() - began:.1f} s)"
            + (f", written to {json}" if json else "")
        )

    def _problem(self, path: Path):
        try:
            return build(read_cast(read_json(path)))
        except Unreadable as error:
            raise CommandError(f"{path}: {error}") from error
        except Infeasible as error:
            faults = "\n  ".join(str(fault_words(fault)) for fault in error.faults)
            raise CommandError(f"These constraints cannot be met together:\n  {faults}") from error

    def _unmatched(self, placements):
        unmatched = [one for one in placements if one["project"] is None]
        for one in unmatched[:UNMATCHED_SHOWN]:
            helps = "; ".join(help_words(help_) for help_ in one["would_help"])
            self.stdout.write(f"  without a place: {one['mentee']} ({helps})")
        if len(unmatched) > UNMATCHED_SHOWN:
            self.stdout.write(f"  … and {len(unmatched) - UNMATCHED_SHOWN} more, see --json")

    def _figures(self, summary):
        ranks = ", ".join(
            f"{rank}: {count}" for rank, count in enumerate(summary["ranks"], start=1) if count
        )
        self.stdout.write(f"  placed by rank of the wish   {ranks or '–'}")
        self.stdout.write(f"  worst rank                   {summary['worst_rank'] or '–'}")
        self.stdout.write(f"  blocking pairs               {summary['blocking_pairs']}")
        if shared := summary["projects_shared_out"]:
            within = summary["blocking_within_shares"]
            self.stdout.write(f"    within shares of places    {within} ({shared} projects)")
        self.stdout.write(f"  wanted places left idle      {summary['idle_places_wanted']}")
        best = f" of at most {summary['bound']:.4f}" if summary["bound"] is not None else ""
        self.stdout.write(f"  total score                  {summary['total']:.4f}{best}")


def read_json(path: Path):
    """The file's content. CommandError with one sentence."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path} is larger than {MOST_BYTES >> 20} MB: split the cohort.")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is no text in UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise CommandError(f"{path} is no JSON{where}.") from error


def as_json(told: dict) -> str:
    return json.dumps(told, indent=1, sort_keys=True)
