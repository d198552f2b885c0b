"""Rows by the ten thousand: ids reserved ahead, written by COPY or by one prepared statement.

``bulk_create`` builds a model and a SQL text for every row, which makes the writing of a history
slower than the reading of it. Callers hold a transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter

from django.db import connection, models

EPOCH = datetime(1970, 1, 1)
ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))  # in this order
LINES_A_WRITE = 2_000
FEW = 200  # rows


@cache
def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


@lru_cache(maxsize=4_096)  # rows written one after the other often tell of one moment
def moment(seconds: int | None):
    """Seconds UTC as the text that the database stores, or reads, for a DateTimeField."""
    if seconds is None:
        return None
    text = str(EPOCH + timedelta(seconds=seconds))
    return text if _is_sqlite() else text + "+00"


def stored(at: datetime) -> str:
    """A moment (aware) as the text that the database stores, or reads, for a DateTimeField."""
    return str(connection.ops.adapt_datetimefield_value(at))


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """``count`` primary keys that nobody else will use, in ascending order."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if not _is_sqlite():
            cursor.execute(
                "SELECT nextval(%s::regclass) FROM generate_series(1, %s)",
                [_sequence(table), count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        # Safe on SQLite: the transaction is IMMEDIATE, so there is no other writer.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {_quote(table)}")
        last = max(row[0] if row else 0, cursor.fetchone()[0])
        # Written down, so that whoever reserves next does not get the same.
        change = "UPDATE sqlite_sequence SET seq = %s WHERE name = %s"
        if row is None:  # a table has no line there before its first row
            change = "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)"
        cursor.execute(change, [last + count, table])
        return range(last + 1, last + count + 1)


@cache
def _sequence(table: str) -> str:
    """What gives a table's keys: looked up apart, or it would be once for every key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        return cursor.fetchone()[0]


def write_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Insert rows of ready values, in the order of ``fields`` (names of model fields)."""
    table, columns = _quote(model._meta.db_table), _columns(model, fields)
    with connection.cursor() as cursor:
        if not _is_sqlite():
            _copy(cursor, table, columns, rows)
        else:
            cursor.executemany(_insert(table, columns), rows)


def change_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence]) -> None:
    """Give rows that are there new values of ``fields``; each row begins with its primary key.

    Django's ``bulk_update`` compares every row with all others of its batch.
    """
    table, columns = _quote(model._meta.db_table), _columns(model, fields)
    with connection.cursor() as cursor:
        if _is_sqlite() or len(rows) <= FEW:
            changes = ", ".join(f"{column} = %s" for column in columns)
            sql = f"UPDATE {table} SET {changes} WHERE id = %s"
            cursor.executemany(sql, [(*values, pk) for pk, *values in rows])
            return
        _take_in(cursor, table, ["id", *columns], rows)
        changes = ", ".join(f"{column} = incoming.{column}" for column in columns)
        cursor.execute(f"UPDATE {table} SET {changes} FROM incoming WHERE {table}.id = incoming.id")


def tidy_up(*tables: type[models.Model]) -> None:
    """After a large intake: what would otherwise slow down whoever comes next.

    SQLite leaves a long write-ahead log to be carried over by some later, small transaction.
    PostgreSQL counts tables that have doubled, see ``count_anew``.
    """
    if not _is_sqlite():
        count_anew(*tables)
    elif not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def count_anew(*tables: type[models.Model], grown_by: float = 1) -> None:
    """Let PostgreSQL count what is in those tables that have grown by this share since it did.

    Until then it plans joins as if what came in were not there; but a count takes as long as
    writing some thousand rows. SQLite plans without.
    """
    if _is_sqlite():
        return
    with connection.cursor() as cursor:
        for table in _grown(cursor, [model._meta.db_table for model in tables], grown_by):
            cursor.execute(f"ANALYZE {_quote(table)}")


def _grown(cursor, tables: list[str], share: float) -> list[str]:
    """Those of the tables that are larger by this share, or more, than when they were counted."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND pg_relation_size(oid) > 0"
        " AND pg_relation_size(oid) >= relpages * current_setting('block_size')::bigint * (1 + %s)"
        " ORDER BY relname",
        [[_quote(table) for table in tables], share],
    )
    return [row[0] for row in cursor.fetchall()]


def write_soon() -> None:
    """Let this transaction's end not wait for the disk: what a power cut takes is done again.

    For transactions that whoever reads a source would repeat. PostgreSQL keeps the order: a
    later one that is on the disk has all before it there. SQLite does not wait anyway.
    """
    if not _is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


def hold_alone(model: type[models.Model]) -> None:
    """Let nobody else write to a table until the transaction ends. SQLite has one writer anyway."""
    if not _is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {_quote(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def hold_rows(model: type[models.Model], keys: Sequence[int]) -> None:
    """Let nobody delete these rows, or hold one alone, until the transaction ends.

    It is what a row that points at them takes anyway, so any number of writers may.
    """
    if not _is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT FROM {_quote(model._meta.db_table)} WHERE id = ANY(%s::bigint[])"
                " ORDER BY id FOR KEY SHARE",
                [list(keys)],
            )


@dataclass(frozen=True)
class Upsert:
    """How rows meet the rows that are there: by ``key``; the rest is added, widened, put or kept.

    ``put`` fields take the place of what was there, ``keep`` fields are written with a new row
    only.
    """

    model: type[models.Model]
    key: Sequence[str]
    add: Sequence[str] = ()
    least: Sequence[str] = ()
    most: Sequence[str] = ()
    put: Sequence[str] = ()
    keep: Sequence[str] = ()

    @property
    def fields(self) -> list[str]:
        """The order of values in a row: key, add, least, most, put, keep."""
        return [*self.key, *self.add, *self.least, *self.most, *self.put, *self.keep]

    def write(self, rows: Sequence[Sequence], *, are_new: bool = False) -> None:
        """Merge rows into the table; every row's key may come once.

        Where they ``are_new``, none of their keys is there: then they are simply written.
        """
        if are_new:
            write_rows(self.model, self.fields, rows)
            return
        table, columns = _quote(self.model._meta.db_table), _columns(self.model, self.fields)
        with connection.cursor() as cursor:
            insert = _insert(table, columns) + self._on_conflict(table)
            if _is_sqlite():
                cursor.executemany(insert, rows)
                return
            if len(rows) <= FEW:  # a table of their own would be dearer; all lock in one order
                cursor.executemany(insert, sorted(rows, key=itemgetter(*range(len(self.key)))))
                return
            names = ", ".join(columns)
            _take_in(cursor, table, columns, rows)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming ORDER BY "
                f"{', '.join(_columns(self.model, self.key))}" + self._on_conflict(table)
            )

    def _on_conflict(self, table: str) -> str:
        least, most = ("MIN", "MAX") if _is_sqlite() else ("LEAST", "GREATEST")
        changes = [f"{c} = {table}.{c} + excluded.{c}" for c in _columns(self.model, self.add)]
        for function, names in ((least, self.least), (most, self.most)):
            changes += [
                f"{c} = {function}(COALESCE({table}.{c}, excluded.{c}), "
                f"COALESCE(excluded.{c}, {table}.{c}))"
                for c in _columns(self.model, names)
            ]
        changes += [f"{c} = excluded.{c}" for c in _columns(self.model, self.put)]
        key = ", ".join(_columns(self.model, self.key))
        return f" ON CONFLICT ({key}) DO " + (
            f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
        )


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    return [_quote(model._meta.get_field(name).column) for name in fields]


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def _take_in(cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Put rows into ``incoming``, which has some columns of a table, until the transaction ends."""
    cursor.execute("DROP TABLE IF EXISTS incoming")
    cursor.execute(
        "CREATE TEMP TABLE incoming ON COMMIT DROP AS "
        f"SELECT {', '.join(columns)} FROM {table} LIMIT 0"
    )
    _copy(cursor, "incoming", columns, rows)


def _copy(cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """PostgreSQL's text format, written here: the driver's own rows take three times as long."""
    lines = ("\t".join(map(_field, row)) + "\n" for row in rows)
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        while part := "".join(islice(lines, LINES_A_WRITE)):
            copy.write(part)


def _field(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        # Four searches for what is rarely there: ``translate`` takes fifteen times as long.
        for character, escape in ESCAPES:
            value = value.replace(character, escape)
        return value
    # NumPy's numbers are floats too, but call themselves by their type's name.
    return float.__repr__(value) if isinstance(value, float) else str(value)
