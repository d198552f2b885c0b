"""A wrong setting is one sentence with a cure, at start, whatever is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from foundation.engines import POSTGRESQL_OPTIONS, tuned
from foundation.environment import NO_DATABASE, Environment

HOUSE = Path(__file__).resolve().parents[2]
ALL_WRONG = {
    "DATABASE_URL": "bogus",
    "REDIS_URL": "bogus",
    "EMAIL_URL": "bogus",
    "RUN_LEASE_SECONDS": "abc",
    "GIT_MAX_BYTES": "-1",
    "SIGNUP_OPEN": "maybe",
    "LOG_LEVEL": "loud",
    "UNFLAGGED_SHARE": "7",
    "VAR_DIR": "/dev/null/var",
}
TOLD = {
    "releve.E001": "/dev/null/var cannot be made (Not a directory).",
    "releve.E002": "REDIS_URL is no address of a Redis.",
    "releve.E004": "GIT_MAX_BYTES is “-1”, which is less than 1.",
    "releve.E005": "RUN_LEASE_SECONDS is “abc”, which is no whole number.",
    "releve.E006": "SIGNUP_OPEN is “maybe”, which is neither 1 nor 0.",
    "releve.E007": "DATABASE_URL is no address of a PostgreSQL or SQLite database.",
    "releve.E008": "EMAIL_URL is no address of a mail server.",
    "releve.E009": "LOG_LEVEL is “loud”, which is none of DEBUG, INFO, WARNING, ERROR, CRITICAL.",
    "releve.E010": "UNFLAGGED_SHARE is “7”, which is more than 1.",
}


@pytest.fixture
def read(monkeypatch):
    """Read one setting from an environment in which it is given; with what was found wrong."""

    def reader(method, given, **options):
        monkeypatch.setenv("THING", given)
        env = Environment()
        value = getattr(env, method)("THING", **options)
        return value, [problem.id.removeprefix("releve.") for problem in env.problems]

    return reader


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("7", (7, [])),
        (" 8 ", (8, [])),
        ("", (5, [])),
        ("seven", (5, ["E005"])),
        ("7.5", (5, ["E005"])),
        ("1", (5, ["E004"])),
    ],
)
def test_a_number_is_whole_and_large_enough(read, given, expected):
    assert read("int", given, default=5, least=2) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0.7", (0.7, [])),
        (" 1 ", (1, [])),
        ("0", (0, [])),
        ("", (0.4, [])),
        *((odd, (0.4, ["E005"])) for odd in ("abc", "nan", "inf", "-inf", "0,4")),
        ("-50", (0.4, ["E004"])),
        ("7", (0.4, ["E010"])),
    ],
)
def test_a_share_is_a_number_within_its_bounds(read, given, expected):
    assert read("float", given, default=0.4, most=1) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1", (True, [])),
        ("Yes", (True, [])),
        ("off", (False, [])),
        ("", (False, [])),
        ("maybe", (True, ["E006"])),
    ],
)
def test_a_switch_is_on_or_off(read, given, expected):
    assert read("bool", given, default=True) == expected


@pytest.mark.parametrize(
    "given",
    ["bogus", "mysql://host/name", "postgres://host", "postgres://u@host:abc/name", "sqlite:"],
)
def test_a_wrong_database_is_no_database(read, given):
    assert read("database", given, default="sqlite:///x") == (NO_DATABASE, ["E007"])


def test_both_databases_are_understood(read):
    postgres, wrong = read("database", "postgres://ada:x@mill:6543/releve", default="")
    assert (postgres["ENGINE"], postgres["HOST"], postgres["PORT"], wrong) == (
        *("django.db.backends.postgresql", "mill", 6543),
        [],
    )
    sqlite, wrong = read("database", "", default="sqlite:////var/x.sqlite3")
    assert (sqlite["ENGINE"], sqlite["NAME"], wrong) == (
        *("django.db.backends.sqlite3", "/var/x.sqlite3"),
        [],
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://host:6379/0", ("redis://host:6379/0", [])),
        ("", ("", [])),
        ("redis", ("", ["E002"])),
        ("redis://host:abc/0", ("", ["E002"])),
        ("amqp://host", ("", ["E002"])),
    ],
)
def test_a_broker_is_a_redis_or_the_file_system(read, given, expected):
    assert read("broker", given) == expected


@pytest.mark.parametrize("given", ["bogus", "smtp://host:abc", "imap://host"])
def test_wrong_mail_is_printed_instead(read, given):
    mail, wrong = read("mail", given, default="consolemail://")
    assert (mail["EMAIL_BACKEND"], wrong) == (
        "django.core.mail.backends.console.EmailBackend",
        ["E008"],
    )


def test_the_mail_address_that_is_recommended_is_encrypted(read):
    mail, wrong = read("mail", "smtp+tls://ada:x@mill:587", default="")
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"], wrong) == (
        *("mill", 587, True),
        [],
    )


def run(*command):
    return subprocess.run(
        [sys.executable, *command],
        cwd=HOUSE,
        env=os.environ | ALL_WRONG | {"SECRET_KEY": "of the test"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_check_names_everything_that_is_wrong():
    told = run("manage.py", "check")
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    for id_, sentence in TOLD.items():
        assert f"?: ({id_}) {sentence}\n\tHINT: " in told.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "createcachetable"),
        ("-c", "import foundation.wsgi"),
        ("-m", "celery", "-A", "foundation", "worker"),
    ],
    ids=["command", "web", "worker"],
)
def test_nothing_else_starts(command):
    told = run(*command)
    assert told.returncode == 3
    lines = told.stderr.splitlines()
    assert len(lines) == len(TOLD)
    for id_, sentence in TOLD.items():
        assert any(line.startswith(sentence) and line.endswith(f"({id_})") for line in lines)


def test_what_an_address_says_of_the_connection_is_kept(read, tmp_path):
    found, _ = read("database", "postgres://ada:x@mill/releve?sslmode=require", default="")
    options = tuned(found, tmp_path)["OPTIONS"]
    assert options == POSTGRESQL_OPTIONS | {"sslmode": "require"}


@pytest.mark.parametrize(
    ("said", "age", "is_checked"),
    [
        ("", 60, True),
        ("?conn_max_age=0&conn_health_checks=false", 0, False),
        ("?CONN_MAX_AGE=None&CONN_HEALTH_CHECKS=0", None, False),
        ("?conn_max_age=none&conn_health_checks=Yes", None, True),
    ],
)
def test_an_address_has_the_last_word_on_how_long_a_connection_is_kept(
    read, tmp_path, said, age, is_checked
):
    found, wrong = read("database", f"postgres://ada:x@mill/releve{said}", default="")
    kept = tuned(found, tmp_path)
    assert (kept["CONN_MAX_AGE"], kept["CONN_HEALTH_CHECKS"], wrong) == (age, is_checked, [])


def test_what_an_address_says_in_unknown_words_is_told_and_not_guessed(read, tmp_path):
    said = "conn_max_age=long&conn_health_checks=perhaps&autocommit=off&atomic_requests=-1"
    found, wrong = read("database", f"postgres://ada:x@mill/releve?{said}", default="")
    assert wrong == ["E005", "E006", "E006"]
    assert tuned(found, tmp_path) == tuned(
        read("database", "postgres://ada:x@mill/releve?autocommit=off", default="")[0], tmp_path
    )
    assert found["AUTOCOMMIT"] is False
