"""``export_model``: learn from all that is here, and write the model that travels."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching.features import load_history
from matching.shipping import SHIPPED_FILE, export_model


class Command(BaseCommand):
    help = (
        "Learn a mentor ranker from all histories of this house and write it as plain numbers, "
        "with its card, for communities that have nothing to learn from yet."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--to",
            metavar="FILE",
            default=str(SHIPPED_FILE),
            help="where to write it; the model of this version by default",
        )

    def handle(self, *, to, **options):
        path, now = Path(to), timezone.now()
        if path.suffix != ".npz":
            raise CommandError(f"Cannot write {to}: the name of a model of numbers ends in .npz.")
        try:
            about = export_model(load_history(now), path, now.isoformat(timespec="seconds"))
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Cannot write {to}: {error.strerror}.") from error
        worth = about.metrics["leave_one_project_out"]["mrr_known"]
        self.stdout.write(
            f"{about.version}: {len(about.feature_names)} features learned from "
            f"{len(about.sources)} projects, {path.stat().st_size // 1000} kB in {to}; "
            f"MRR for newcomers of other projects {'–' if worth is None else worth}"
        )
