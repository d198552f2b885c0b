"""``serve``: the whole service in one command, with nothing else installed."""

import socket
import sys
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.web.supervisor import Child, supervise

GUNICORN = (
    *("-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "4"),
    # Shorter than the supervisor's patience, so that the server itself ends its workers.
    *("--timeout", "30", "--graceful-timeout", "10", "--no-control-socket"),
    *("--max-requests", "2000", "--max-requests-jitter", "200"),
    *("--limit-request-line", "4094", "--log-level", "warning"),
)
# The worker talks to nobody, so it needs none of the workers' small talk, which the file system
# would keep for every worker that ever was.
WORKER = (
    *("-m", "celery", "--quiet", "-A", "foundation", "worker", "-P", "threads", "-c", "2"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"),
)
# A child of its own: the beat inside a worker (-B) is a process that outlives a killed worker.
BEAT = ("-m", "celery", "--quiet", "-A", "foundation", "beat", "-l", "WARNING")


class Command(BaseCommand):
    help = "Serve the site; without REDIS_URL, do the work in the background as well."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 serves other machines")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        _require_free(host, port)
        bind, folder = f"{host}:{port}", settings.BASE_DIR
        children = [
            Child("web", (sys.executable, *GUNICORN, "--bind", bind, "foundation.wsgi"), folder)
        ]
        if _is_embedded():
            _drop_old_messages()
            children.append(Child("worker", (sys.executable, *WORKER), folder))
            children.append(Child("beat", (sys.executable, *BEAT), folder))
        self.stdout.write(f"Relève: http://{bind}/ (Ctrl-C stops it)")
        self.stdout.flush()
        with suppress(OSError):  # the terminal may be gone
            supervise(children, self.stderr.write)
            self.stdout.write("Stopped.")


def _is_embedded() -> bool:
    return settings.CELERY_BROKER_URL.startswith("filesystem")


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"{host}:{port} cannot be served: {error}.") from error


def _drop_old_messages() -> None:
    """Wake-ups of workers long gone: the ledger knows what is owed, the sweeper sends it anew."""
    for message in Path(settings.BROKER_DIR, "messages").iterdir():
        message.unlink(missing_ok=True)
