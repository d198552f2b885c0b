"""However the service is stopped, nobody holds its port afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foundation.web.management.commands.serve import GUNICORN

HOUSE = Path(__file__).resolve().parents[3]
SUPERVISED = """
import sys
from pathlib import Path
from foundation.web.supervisor import Child, supervise
supervise([Child("web", sys.argv[1:], Path("."))], print)
"""
WORKERS = int(GUNICORN[GUNICORN.index("-w") + 1])
WEB = (sys.executable, *GUNICORN, "tests.foundation.web.slow_app")
SERVE = ("manage.py", "serve")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def until(condition, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_free(port: int) -> bool:
    """May somebody else listen there? A worker that is left behind still does."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Service:
    """A supervisor with a web server, in a terminal's foreground group of its own."""

    def __init__(self, *command, port, **environment):
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=HOUSE,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def start(self):
        assert until(self.answers, 30)
        return self

    def answers(self) -> bool:
        try:
            return self.ask("/").startswith(b"HTTP/1.")
        except OSError:
            return False

    def ask(self, path: str, seconds: float = 10) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as line:
            line.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            return b"".join(iter(lambda: line.recv(1000), b""))

    def is_over(self, seconds: float = 15) -> bool:
        over = until(lambda: self.process.poll() is not None, seconds)
        return over and until(lambda: is_free(self.port), seconds)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()


@pytest.fixture
def web():
    port = free_port()
    with Service("-c", SUPERVISED, *WEB, "--bind", f"127.0.0.1:{port}", port=port) as service:
        service.start()
        # A worker that is asked to stop while it begins is heard only when the server's patience
        # is over: so both must be there, or the test takes ten seconds.
        answered = set()
        assert until(lambda: answered.add(service.ask("/")) or len(answered) == WORKERS, 30)
        yield service


@pytest.mark.parametrize("wish", ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"])
def test_one_signal_frees_the_port(web, wish):
    web.process.send_signal(signal.Signals[wish])
    assert web.is_over()


def test_a_ctrl_c_in_the_terminal_reaches_the_whole_group_and_frees_the_port(web):
    os.killpg(web.process.pid, signal.SIGINT)
    assert web.is_over()
    assert web.process.returncode == 0


def test_a_second_ctrl_c_does_not_wait_for_a_slow_answer(web):
    with pytest.raises(TimeoutError):
        web.ask("/slow", seconds=0.3)
    os.killpg(web.process.pid, signal.SIGINT)
    time.sleep(0.3)
    assert web.process.poll() is None
    os.killpg(web.process.pid, signal.SIGINT)
    assert web.is_over(2)


def test_the_whole_service_frees_its_port_when_its_supervisor_is_killed(tmp_path):
    port = free_port()
    environment = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "", "SECRET_KEY": "of the test"}
    # A broker of its own: only the web is started.
    environment |= {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}
    command = (*SERVE, "--port", str(port), "--skip-checks")
    with Service(*command, port=port, **environment) as service:
        service.start().process.kill()
        assert service.is_over()
