"""What is said when the database cannot be reached: one sentence with its cure, no traceback."""

import logging
import sys

from django.conf import settings
from django.db import connection
from django.db.utils import InterfaceError, OperationalError

EXIT_CODE = 1


def is_away(error: BaseException | None) -> bool:
    """Say whether an error means that the database could not be reached, or hung up.

    An error of a statement leaves the connection standing. Asked in the thread of the error.
    """
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    return connection.connection is None or bool(getattr(connection.connection, "closed", False))


def away_words(error: BaseException) -> str:
    """The sentence for whoever runs the house: where, why, what to do; never a password."""
    given = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return (
            f"The database {given['NAME']} cannot be opened ({_reason(error)}). Point DATABASE_URL"
            " at a PostgreSQL, or VAR_DIR at a folder that this user may write to."
        )
    place = f"{given['HOST'] or 'localhost'}:{given['PORT'] or 5432}/{given['NAME']}"
    return (
        f"The database {place} cannot be reached ({_reason(error)})."
        " Start it, or correct DATABASE_URL in .env or in the environment."
    )


def _reason(error: BaseException) -> str:
    """The driver's own words, as short as they can be told."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    words = lines[0].removeprefix("connection failed: ").rstrip(".")
    words = words.rpartition(" failed: ")[2] if words.startswith("connection to") else words
    words = words.removeprefix("FATAL:").strip()
    password = str(settings.DATABASES["default"].get("PASSWORD") or "")
    return words.replace(password, "…") if password else words


def stop_if_away(error: Exception) -> None:
    """End this process with the sentence if that is what is wrong; otherwise do nothing."""
    if is_away(error):
        sys.stderr.write(f"{away_words(error)}\n")
        sys.exit(EXIT_CODE)


class OneLine(logging.Filter):
    """A log that says once a request that the database is away, without the same traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if is_away(error):
            record.msg, record.args = away_words(error), ()
            record.exc_info = record.exc_text = None
        return True
