"""What another process does meanwhile: begun in the midst of a verb, and waited for."""

from threading import Thread

from django.db import connection


class Beside:
    """Another process does something; it may have to wait for what is written now."""

    def __init__(self, act, *about) -> None:
        self._thread = Thread(target=self._do, args=[act, *about])

    def _do(self, act, *about) -> None:
        try:
            act(*about)
        finally:
            connection.close()

    def begin(self) -> None:
        """Let it begin, if it has not, and get as far as it can."""
        if self._thread.ident is None:
            self._thread.start()
            self._thread.join(timeout=0.5)

    def end(self) -> None:
        self._thread.join()


def before(monkeypatch, module, name: str, act) -> None:
    """Let something happen each time before a function of a module is called."""
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args, **named: (act(), real(*args, **named))[1])
