"""``sample``: an invented community as real git repositories, read like any other."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from foundation.projects.models import Project
from matching.sample import PASSWORD, move_in


class Command(BaseCommand):
    help = "Fill an empty house with a sample community and match it."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--ends-on", help="the community's last day, YYYY-MM-DD; today if unset"
        )
        parser.add_argument(
            "--force", action="store_true", help="even if there are other projects already"
        )

    def handle(self, *, seed, ends_on, force, **options):
        if Project.objects.exists() and not force:
            self.stdout.write("There are projects already: the sample community stays out.")
            return
        try:
            day = parse_date(ends_on) if ends_on else None
        except ValueError:
            day = None
        if ends_on and day is None:
            raise CommandError(f"--ends-on {ends_on} is no day: write it as 2026-11-23.")
        directory = settings.VAR_DIR / "sample"
        community = move_in(directory, seed=seed, ends_on=day, say=self.stdout.write)
        call_command("refresh", stdout=self.stdout._out)
        self.stdout.write(f"\nSign in with the password {PASSWORD} as")
        for role, persona in community.personas.items():
            self.stdout.write(f"  {role:<10} {persona.email:<40} {persona.name}")
