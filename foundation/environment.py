"""Reads settings from the environment. What cannot be read is a sentence with a cure, no traceback.

A value that cannot be used is replaced by its default, so that ``manage.py check`` can still name
all that is wrong; everything else stops (``stop_on``) before it works with what nobody asked for.
"""

import sys
from collections.abc import Collection, Iterable
from math import inf, isfinite, nan
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import environ

YES, NO = ("1", "true", "on", "ok", "y", "yes"), ("", "0", "false", "off", "n", "no")
DATABASES = ("postgres", "postgresql", "psql", "pgsql", "sqlite")
BROKERS = ("redis", "rediss", "filesystem", "memory")
KEPT = "CONN_MAX_AGE"
SWITCHES = ("CONN_HEALTH_CHECKS", "AUTOCOMMIT", "ATOMIC_REQUESTS", "DISABLE_SERVER_SIDE_CURSORS")
NO_DATABASE = {"ENGINE": "django.db.backends.dummy"}
NO_FOLDER = "releve.E001"
BOOT_ERROR = 3  # so gunicorn does not try again


class Problem(NamedTuple):
    id: str
    sentence: str
    hint: str

    def __str__(self):
        return f"{self.sentence} {self.hint} ({self.id})"


class Environment(environ.Env):
    """The environment, and in ``problems`` what is wrong with it."""

    def __init__(self):
        super().__init__()
        self.problems: list[Problem] = []

    def int(self, var: str, default: int, *, least: int = 0) -> int:
        """A whole number, at least ``least``."""
        given = self.str(var, default="").strip()
        try:
            number = int(given) if given else default
        except ValueError:
            return self._refuse(
                "releve.E005", var, given, "is no whole number", f"{default}", default
            )
        if number < least:
            return self._refuse(
                "releve.E004", var, given, f"is less than {least}", f"{default}", default
            )
        return number

    def float(self, var: str, default: float, *, least: float = 0, most: float = inf) -> float:
        """A number from ``least`` to ``most``, with a point if it is no whole one."""
        given = self.str(var, default="").strip()
        try:
            number = float(given) if given else default
        except ValueError:
            number = nan
        if not isfinite(number):
            return self._refuse("releve.E005", var, given, "is no number", f"{default}", default)
        if number < least:
            return self._refuse(
                "releve.E004", var, given, f"is less than {least}", f"{default}", default
            )
        if number > most:
            return self._refuse(
                "releve.E010", var, given, f"is more than {most}", f"{default}", default
            )
        return number

    def bool(self, var: str, default: bool) -> bool:
        """1 or 0, and the words that people write for them."""
        given = self.str(var, default="1" if default else "0").strip()
        if given.casefold() in (*YES, *NO):
            return given.casefold() in YES
        return self._refuse(
            "releve.E006", var, given, "is neither 1 nor 0", f"{default:d}", default
        )

    def choice(self, var: str, default: str, among: Collection[str]) -> str:
        """One of several words."""
        given = self.str(var, default="").strip() or default
        if given in among:
            return given
        return self._refuse(
            "releve.E009", var, given, f"is none of {', '.join(among)}", default, default
        )

    def database(self, var: str, default: str) -> dict:
        """Django's settings of a database; of none at all when the address is wrong."""
        given = self.str(var, default="").strip() or default
        address = _split(given)
        is_known = address is not None and address.scheme in DATABASES
        if is_known and address.path.strip("/"):
            return self._understood(var, self.db_url_config(given))
        self._blame(
            "releve.E007",
            f"{var} is no address of a PostgreSQL or SQLite database.",
            "Write postgres://user:password@host:5432/name, or leave it unset for SQLite.",
        )
        return dict(NO_DATABASE)

    def _understood(self, var: str, database: dict) -> dict:
        """Settings of a database without those whose words say nothing to Django.

        Of an address all but numbers is text, and "false" would be true.
        """
        for name in (KEPT, *SWITCHES):
            said = str(database.pop(name, "")).strip()
            word, place = said.casefold(), f"{name} in {var}"
            if not word:
                continue
            if name != KEPT and word in (*YES, *NO):
                database[name] = word in YES
            elif name != KEPT:
                self._refuse("releve.E006", place, said, "is neither 1 nor 0", "the default", None)
            elif word == "none" or word.isdecimal():
                database[name] = None if word == "none" else int(word)
            else:
                self._refuse("releve.E005", place, said, "is no whole number", "the default", None)
        return database

    def broker(self, var: str, default: str = "") -> str:
        """Where messages go; the default when the address is wrong."""
        given = self.str(var, default="").strip()
        address = _split(given)
        if not given or (address is not None and address.scheme in BROKERS and "://" in given):
            return given or default
        self._blame(
            "releve.E002",
            f"{var} is no address of a Redis.",
            "Write redis://host:6379/0, or leave it unset for the file system.",
        )
        return default

    def mail(self, var: str, default: str) -> dict:
        """Django's settings of mail; the default's when the address is wrong."""
        given = self.str(var, default="").strip() or default
        address = _split(given)
        if address is not None and address.scheme in self.EMAIL_SCHEMES:
            return self.email_url_config(given)
        self._blame(
            "releve.E008",
            f"{var} is no address of a mail server.",
            "Write smtp+tls://user:password@host:587, or consolemail:// to print mail.",
        )
        return self.email_url_config(default)

    def folder(self, path: Path) -> Path:
        """A folder, made if it is missing."""
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if not any(problem.id == NO_FOLDER for problem in self.problems):  # one names it all
                self._blame(
                    NO_FOLDER,
                    f"{path} cannot be made ({error.strerror}).",
                    "Point VAR_DIR at a folder that this user may write to.",
                )
        return path

    def _refuse(self, code, var, given, what, example, default):
        self._blame(code, f"{var} is “{given}”, which {what}.", f"Leave it unset for {example}.")
        return default

    def _blame(self, code: str, sentence: str, hint: str) -> None:
        self.problems.append(Problem(code, sentence, hint))


def stop_on(problems: Iterable[Problem]) -> None:
    """End this process, naming each problem in a line, if there is any."""
    lines = [f"{problem}\n" for problem in problems]
    if lines:
        sys.stderr.writelines(lines)
        sys.exit(BOOT_ERROR)


def _split(address: str) -> SplitResult | None:
    """Take an address apart; None when even its port is no number."""
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None
