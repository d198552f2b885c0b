"""A database that is away: a sentence with its cure for the house, a page for readers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from foundation.database import is_away
from foundation.web.views import broken

HOUSE = Path(__file__).resolve().parents[2]
AWAY = "postgres://keeper:hush-hush@127.0.0.1:1/releve"
CURE = "Start it, or correct DATABASE_URL in .env or in the environment.\n"
ASK = """
import django
django.setup()
from django.conf import settings
from django.test import Client
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = settings.STORAGES | {"staticfiles": plain}  # nothing need be collected here
settings.STATIC_ROOT = settings.BASE_DIR / "foundation" / "web" / "static"
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "x" * 32
answer = client.get("/me/", headers={"accept-language": "fr"})
print(answer.status_code, answer.headers["Retry-After"], sorted(answer.cookies))
print(answer.content.decode())
"""


def run(*command: str, url: str = AWAY) -> subprocess.CompletedProcess:
    given = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "foundation.settings"}
    environment = os.environ | given | {"PYTHONPATH": str(HOUSE), "ALLOWED_HOSTS": "testserver"}
    return subprocess.run(
        [sys.executable, *command], cwd=HOUSE, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_every_command_ends_with_one_sentence_and_no_password(command):
    port = ["--port", "0"] if command == "serve" else []
    done = run("manage.py", command, *port)
    told = f"The database 127.0.0.1:1/releve cannot be reached (Connection refused). {CURE}"
    assert (done.returncode, done.stderr) == (1, told)


def test_a_file_that_cannot_be_opened_is_named():
    done = run("manage.py", "refresh", url="sqlite:////dev/null/releve.sqlite3")
    assert done.stderr.startswith(
        "The database /dev/null/releve.sqlite3 cannot be opened (unable to open database file)."
    )


def test_a_reader_gets_a_page_that_needs_no_database_and_the_log_a_line():
    done = run("-c", ASK)
    status, _, html = done.stdout.partition("\n")
    assert status == "503 60 []"
    assert 'class="wordmark"' in html and '<html lang="fr">' in html
    assert done.stderr.count("\n") == 1 and done.stderr.endswith(CURE)


@pytest.mark.django_db
def test_a_statement_that_fails_is_no_database_that_is_away(rf):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
    except DatabaseError as error:
        assert not is_away(error)
        assert broken(rf.get("/")).status_code == 500


def test_an_error_of_another_kind_is_none_either():
    assert [is_away(ValueError("x")), is_away(None)] == [False, False]
