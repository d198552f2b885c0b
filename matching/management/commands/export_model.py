"""``export_model``: learn from all that is here, and write a model that travels."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from matching.features import load_history
from matching.registry.model_store import Card
from matching.registry.shipped_leaders import LEADERS_FILE, export_leaders
from matching.registry.shipping import SHIPPED_FILE, export_model

FILES = {"mentors": SHIPPED_FILE, "leaders": LEADERS_FILE}


def date(text: str) -> datetime:
    """Return the first moment of a day."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ArgumentTypeError(f"{text} is not a day; write it like 2021-01-31.")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Learn from all histories of this house a mentor ranker, or who came to be core, and write "
        "it as plain numbers, with its card, for communities that have nothing to learn from yet."
    )

    def add_arguments(self, parser):
        parser.add_argument("what", nargs="?", choices=FILES, default="mentors")
        parser.add_argument(
            "--to",
            metavar="FILE",
            help="where to write it; the model of this version by default",
        )
        parser.add_argument(
            "--until",
            type=date,
            metavar="DAY",
            help="for leaders: nothing from this day on is learned from; today by default",
        )

    def handle(self, *, what, to, until, **options):
        path, now = Path(to or FILES[what]), timezone.now()
        if path.suffix != ".npz":
            raise CommandError(f"Cannot write {path}: the name of a model of numbers ends in .npz.")
        if until is not None and what != "leaders":
            raise CommandError("--until is for the leader model; leave it out.")
        try:
            about = _export(what, path, now, until)
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        self.stdout.write(
            f"{about.version}: {len(about.feature_names)} features learned from "
            f"{len(about.sources)} projects, {path.stat().st_size // 1000} kB in {path}; "
            + _worth(what, about)
        )


def _export(what: str, path: Path, now: datetime, until: datetime | None) -> Card:
    trained_at = now.isoformat(timespec="seconds")
    history = load_history(now)
    if what == "leaders":
        return export_leaders(history, path, min(until or now, now), trained_at)
    return export_model(history, path, trained_at)


def _worth(what: str, about: Card) -> str:
    if what == "leaders":
        found = about.metrics["1"]["projects_left_out"]
        return (
            f"AP in projects left out {found['ap']} (commits of 90 days {found['commits_90d_ap']})"
        )
    worth = about.metrics["leave_one_project_out"]["mrr_known"]
    return f"MRR for newcomers of other projects {'–' if worth is None else worth}"
