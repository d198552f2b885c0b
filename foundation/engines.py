"""What each database engine needs beyond Django's defaults, where many processes share it."""

from pathlib import Path

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
SQLITE_OPTIONS = {
    # With Django's own defaults most concurrent writes fail with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-64000;PRAGMA wal_autocheckpoint=4000;"
    ),
}

POSTGRESQL_OPTIONS = {
    "connect_timeout": 2,
    # Whoever opens a cursor here reads all of it; a plan for the first tenth may read a whole
    # table in the order of its keys for the rows of one project.
    "options": "-c cursor_tuple_fraction=1",
}


def tuned(database: dict, folder: Path) -> dict:
    """Django's settings of a database with those of its engine; a test's SQLite is in `folder`."""
    # The address has the last word, on options and on the rest.
    told = database.get("OPTIONS", {})
    if database["ENGINE"] == SQLITE:
        test = {"NAME": str(folder / "test.sqlite3")}
        return database | {"OPTIONS": SQLITE_OPTIONS | told, "TEST": test}
    if database["ENGINE"] == POSTGRESQL:
        keep = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        return keep | database | {"OPTIONS": POSTGRESQL_OPTIONS | told}
    return database
