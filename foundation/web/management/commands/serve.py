"""``serve``: the whole service in one command, with nothing else installed."""

import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.web.supervisor import Child, supervise

WEB = (
    *("-m", "gunicorn", "foundation.wsgi", "-k", "gthread", "-w", "2", "--threads", "4"),
    *("--timeout", "30", "--max-requests", "2000", "--max-requests-jitter", "200"),
    *("--limit-request-line", "4094", "--log-level", "warning"),
)
# One worker with beat. It talks to nobody, so it needs none of the workers' small talk, which
# the file system would keep for every worker that ever was.
WORKER = (
    *("-m", "celery", "-A", "foundation", "worker", "-B", "-P", "threads", "-c", "2"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"),
)


class Command(BaseCommand):
    help = "Serve the site; without REDIS_URL, do the work in the background as well."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port")

    def handle(self, *, bind, **options):
        _require_free(bind)
        folder = settings.BASE_DIR
        children = [Child("web", (sys.executable, *WEB, "--bind", bind), folder)]
        if _is_embedded():
            _drop_old_messages()
            children.append(Child("worker", (sys.executable, *WORKER), folder))
        self.stdout.write(f"Relève: http://{bind}/ (Ctrl-C stops it)")
        self.stdout.flush()
        supervise(children, self.stderr.write)
        self.stdout.write("Stopped.")


def _is_embedded() -> bool:
    return settings.CELERY_BROKER_URL.startswith("filesystem")


def _require_free(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    if not (host and port.isdigit()):
        raise CommandError(f"“{bind}” is no address and port, such as 127.0.0.1:8000.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, OverflowError) as error:
            raise CommandError(f"{bind} cannot be served: {error}.") from error


def _drop_old_messages() -> None:
    """Wake-ups of workers long gone: the ledger knows what is owed, the sweeper sends it anew."""
    for message in Path(settings.BROKER_DIR, "messages").glob("*.msg"):
        message.unlink(missing_ok=True)
