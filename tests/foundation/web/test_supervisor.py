"""One command keeps the web and the worker running."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from foundation.web import supervisor

HOUSE = Path(__file__).resolve().parents[3]
CHILD = """
import os, signal, sys, time
def stop(number, frame):
    print("child stops", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("child starts", flush=True)
if sys.argv[1] == "dies":
    os._exit(3)
time.sleep(30)
"""
SUPERVISED = """
import sys
from pathlib import Path
from foundation.web.supervisor import Child, supervise
command = (sys.executable, "-c", sys.argv[1], sys.argv[2])
child = Child("child", command, Path("."), pause=0.1)
supervise([child], lambda text: print(text, flush=True))
"""


def supervised(behaviour):
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, CHILD, behaviour],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("wish", supervisor.STOP_SIGNALS)
def test_the_wish_to_stop_reaches_the_children(wish):
    with supervised("lives") as process:
        assert process.stdout.readline() == "child starts\n"
        process.send_signal(wish)
        assert process.stdout.read() == "child stops\n"
    assert process.returncode == 0


def test_a_child_that_ends_starts_again_ever_more_slowly():
    with supervised("dies") as process:
        lines = [process.stdout.readline() for _ in range(5)]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    assert lines[::2] == ["child starts\n"] * 3
    assert lines[1].startswith("child ended (3), starts again in")
    assert time.monotonic() - began < 2


def test_a_child_that_does_not_stop_is_killed(tmp_path):
    stubborn = (
        "import pathlib, signal, time; signal.signal(15, signal.SIG_IGN);"
        "pathlib.Path('deaf').touch(); time.sleep(30)"
    )
    child = supervisor.Child("child", (sys.executable, "-c", stubborn), tmp_path)
    child.start()
    while not (tmp_path / "deaf").exists():
        time.sleep(0.02)
    supervisor.stop([child], seconds=0.2)
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.django_db
def test_a_port_that_is_taken_is_one_clear_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError) as caught:
            call_command("serve", port=port, skip_checks=True)
    assert str(caught.value).startswith(f"127.0.0.1:{port} cannot be served:")
    assert os.linesep not in str(caught.value)
