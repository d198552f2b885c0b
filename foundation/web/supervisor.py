"""Keeps a few child processes running: restarts with back-off, passes on the wish to stop.

Each child leads a process group of its own. So a Ctrl-C in a terminal, which the system sends to
everything in the foreground, is the supervisor's to hand on; and what a child leaves behind when
it ends or is killed (a web server's workers, which hold the port) ends with it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A child that lived for so long was healthy: its next end starts the back-off anew.
HEALTHY_SECONDS = 60.0
# A worker may be in the middle of a long step. What is then killed, the run ledger takes up again.
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.2
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LEASH = (sys.executable, "-I", str(Path(__file__).with_name("leash.py")))


@dataclass
class Child:
    name: str
    command: Sequence[str]
    folder: Path
    pause: float = FIRST_PAUSE
    process: subprocess.Popen | None = None
    began: float = 0.0
    starts_at: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        command = (*LEASH, *self.command)
        self.process = subprocess.Popen(command, cwd=self.folder, start_new_session=True)
        self.began = time.monotonic()

    def tend(self, tell: Callable[[str], object]) -> None:
        """Start the child if it is time to; note its end and when it starts again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.starts_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill()
        if now - self.began > HEALTHY_SECONDS:
            self.pause = FIRST_PAUSE
        tell(f"{self.name} ended ({code}), starts again in {self.pause:.0f} s")
        self.process, self.starts_at = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End the child and whatever it has started, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def supervise(children: Sequence[Child], tell: Callable[[str], object]) -> None:
    """Run the children until this process is asked to stop: SIGTERM, SIGINT or SIGHUP.

    Asked twice, it waits no longer for what the children are at.
    """
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda number, frame: asked.append(number))
        for number in STOP_SIGNALS
    }
    try:
        while not asked:
            for child in children:
                child.tend(tell)
            time.sleep(LOOK_SECONDS)
    finally:
        stop(children, is_urgent=lambda: len(asked) > 1)
        for number, handler in before.items():
            signal.signal(number, handler)


def stop(
    children: Sequence[Child],
    *,
    seconds: float = STOP_SECONDS,
    is_urgent: Callable[[], bool] = lambda: False,
) -> None:
    """Ask the children to stop, wait for them, and end what is left."""
    for child in children:
        if child.is_running():
            child.process.terminate()
    deadline = time.monotonic() + seconds
    while any(child.is_running() for child in children):
        if is_urgent() or time.monotonic() > deadline:
            break
        time.sleep(LOOK_SECONDS / 4)
    for child in children:
        child.kill()
