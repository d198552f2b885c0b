"""Keeps a few child processes running: restarts with back-off, passes on the wish to stop."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A child that lived for so long was healthy: its next end starts the back-off anew.
HEALTHY_SECONDS = 60.0
# A worker may be in the middle of a long step. What is then killed, the run ledger takes up again.
STOP_SECONDS = 20.0
LOOK_SECONDS = 0.2


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
        self.process = subprocess.Popen(self.command, cwd=self.folder)
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
        if now - self.began > HEALTHY_SECONDS:
            self.pause = FIRST_PAUSE
        tell(f"{self.name} ended ({code}), starts again in {self.pause:.0f} s")
        self.process, self.starts_at = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def stop(self, deadline: float) -> None:
        """Wait for the end until ``deadline`` (monotonic seconds), then force it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(children: Sequence[Child], tell: Callable[[str], object]) -> None:
    """Run the children until this process is asked to stop by SIGTERM or SIGINT."""
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda number, frame: asked.append(number))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        while not asked:
            for child in children:
                child.tend(tell)
            time.sleep(LOOK_SECONDS)
    finally:
        _stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        if child.process:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.stop(deadline)
