"""What another process does meanwhile: begun in the midst of a verb, and waited for."""

from threading import Thread

from django.db import connection

from tests.matching.crew import until


class Beside:
    """Another process does something; it may have to wait for what is written now."""

    def __init__(self, act, *about) -> None:
        self._thread = Thread(target=self._do, args=[act, *about])
        self._session = self._error = None

    def _do(self, act, *about) -> None:
        try:
            connection.ensure_connection()
            if connection.vendor == "postgresql":
                self._session = connection.connection.info.backend_pid
            act(*about)
        except Exception as error:
            self._error = error
        finally:
            connection.close()

    def begin(self) -> None:
        """Let it begin, if it has not, and get as far as it can: to its end, or until it waits.

        SQLite has one writer: there it comes after whoever writes now, whenever it begins.
        """
        if self._thread.ident is not None:
            return
        self._thread.start()
        if connection.vendor == "postgresql":
            until(lambda: self._is_over() or self._waits(), what="An end, or a lock to wait for")

    def _is_over(self) -> bool:
        return not self._thread.is_alive()

    def _waits(self) -> bool:
        """Does its session wait for a lock that another one holds?"""
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._session])
            return cursor.fetchone()[0]

    def end(self) -> None:
        """Wait for its end. Raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error


def before(monkeypatch, module, name: str, act) -> None:
    """Let something happen each time before a function of a module is called."""
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args, **named: (act(), real(*args, **named))[1])


def after(monkeypatch, module, name: str, act) -> None:
    """Let something happen each time after a function of a module has answered."""
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args, **named: (real(*args, **named), act())[0])
