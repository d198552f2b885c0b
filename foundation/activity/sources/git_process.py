"""Running git so that neither the repository nor the caller's settings can change what it does."""

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from foundation.activity.sources.errors import SourceError
from foundation.said import Said

SETTINGS = (
    "advice.graftFileDeprecated=false",
    "core.bigFileThreshold=1m",
    "core.quotePath=false",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.packedGitWindowSize=64m",  # mapped packs count against the memory limit
    "core.packedGitLimit=1g",
    "credential.helper=",
    "gc.auto=0",
    "gpg.program=false",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "log.showRoot=true",
    "protocol.allow=never",
    "safe.directory=*",  # an operator may read a repository that another account owns
    "submodule.recurse=false",
    "transfer.fsckObjects=true",
)
# Old histories hold these; they harm nobody, and we survive and count them ourselves.
TOLERATED = [
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badName",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "zeroPaddedDate",
    "zeroPaddedFilemode",
    "gitmodulesMissing",
    "gitmodulesName",
    "gitmodulesParse",
    "gitmodulesPath",
    "gitmodulesUrl",
]
PASSED_ON = ("HOME", "PATH", "SSH_AUTH_SOCK", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR")
POLL_SECONDS = 0.1


class Limits(NamedTuple):
    """How much one repository may cost before we give up on it."""

    seconds: float = 3600
    bytes: int = 8 << 30  # size of the folder a clone may fill
    memory: int = 4 << 30  # address space of one git process


STANDARD_LIMITS = Limits()


class Git(NamedTuple):
    """How to call git: extra settings and variables for one place, its name for messages."""

    place: str
    settings: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    limits: Limits = STANDARD_LIMITS

    def command(self, *arguments: str) -> list[str]:
        """Return the full command line, settings first."""
        tolerated = [f"fetch.fsck.{message}=ignore" for message in TOLERATED]
        settings = [*SETTINGS, *(tolerated if "fetch" in arguments else ()), *self.settings]
        return ["git", *(part for item in settings for part in ("-c", item)), *arguments]

    def run(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess:
        """Run git to its end and return it with its output as bytes.

        Raises SourceError when the exit code is none of `accept` or the time is over.
        """
        with self._spawn(arguments, subprocess.PIPE, subprocess.PIPE) as process:
            try:
                output, complaint = process.communicate(timeout=self.limits.seconds)
            except subprocess.TimeoutExpired:
                kill_group(process)
                raise self._took_too_long() from None
        if process.returncode not in accept:
            raise self.failure(process.returncode, complaint)
        return subprocess.CompletedProcess(arguments, process.returncode, output, complaint)

    def run_watched(self, *arguments: str, folder: Path) -> None:
        """Run git while it fills `folder`; stop it when time or size is over the limit."""
        deadline = time.monotonic() + self.limits.seconds
        with tempfile.TemporaryFile() as complaint:
            with self._spawn(arguments, subprocess.DEVNULL, complaint) as process:
                try:
                    self._watch(process, folder, complaint, deadline)
                finally:
                    kill_group(process)
            if process.returncode:
                raise self.failure(process.returncode, last_bytes(complaint))

    @contextmanager
    def stream(self, *arguments: str, lines: Iterable[str] | None = None) -> Iterator[IO[bytes]]:
        """Yield git's output to be read to its end; `lines`, if any, are fed on its input.

        Raises SourceError when git fails or the time is over, also after part of the output was
        read. Leaving early stops git.
        """
        is_late = threading.Event()
        with tempfile.TemporaryFile() as complaint:
            given = subprocess.DEVNULL if lines is None else subprocess.PIPE
            with self._spawn(arguments, subprocess.PIPE, complaint, given) as process:
                timer = threading.Timer(self.limits.seconds, stop_late, (process, is_late))
                timer.daemon = True  # it must not keep a failed process alive
                timer.start()
                try:
                    feed(process, lines)
                    yield process.stdout
                    code = process.wait()
                finally:
                    timer.cancel()
                    kill_group(process)
            if is_late.is_set():
                raise self._took_too_long()
            if code:
                raise self.failure(code, last_bytes(complaint))

    def failure(self, code: int, complaint: bytes) -> SourceError:
        """Say in one sentence that git gave up, with the most telling line of its complaint."""
        lines = complaint.decode(errors="replace").splitlines()
        told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:]
        reason = told[0].partition(":")[2].strip() if told else ""
        return SourceError(
            "Cannot read %(place)s: %(why)s; check the repository with `git fsck` and try again.",
            place=self.place,
            why=_end(code, reason),
        )

    def _spawn(self, arguments, stdout, stderr, stdin=subprocess.DEVNULL) -> subprocess.Popen:
        try:
            process = subprocess.Popen(
                self.command(*arguments),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=environment() | dict(self.variables),
                start_new_session=True,
            )
        except FileNotFoundError:
            raise SourceError("Git is not installed; install it and try again.") from None
        limit_memory(process.pid, self.limits.memory)
        return process

    def _watch(self, process, folder: Path, complaint: IO[bytes], deadline: float) -> None:
        is_over = False
        while not is_over:
            is_over = ended(process)
            if not is_over and time.monotonic() > deadline:
                raise self._took_too_long()
            if folder_bytes(folder) + os.fstat(complaint.fileno()).st_size > self.limits.bytes:
                raise SourceError(
                    "%(place)s is larger than %(bytes)s bytes; "
                    "raise the size limit in the settings or ingest a bundle of it.",
                    place=self.place,
                    bytes=self.limits.bytes,
                )

    def _took_too_long(self) -> SourceError:
        return SourceError(
            "Reading %(place)s took longer than %(seconds)s seconds; "
            "raise the time limit in the settings or ingest a bundle of it.",
            place=self.place,
            seconds=f"{self.limits.seconds:g}",
        )


def _end(code: int, reason: str) -> Said | str:
    """How git ended: in its own words, unless a signal stopped it or it said nothing."""
    if code >= 0:
        return reason or Said("git ended with code %(code)s", {"code": code})
    if not reason:
        return Said("git was stopped by signal %(signal)s", {"signal": -code})
    return Said("git was stopped by signal %(signal)s (%(why)s)", {"signal": -code, "why": reason})


def environment() -> dict[str, str]:
    """Return the small environment that git gets: no user or system configuration, no prompt."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "GIT_ASKPASS": "false",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": "/dev/null",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "SSH_ASKPASS": "false",
    }


def limit_memory(pid: int, size: int) -> None:
    """Bound the address space of a process, where the system can (Linux)."""
    if hasattr(resource, "prlimit"):
        try:
            resource.prlimit(pid, resource.RLIMIT_AS, (size, size))
        except (ProcessLookupError, PermissionError, ValueError):
            return  # it is already gone, or runs under a tighter limit


def feed(process: subprocess.Popen, lines: Iterable[str] | None) -> None:
    """Write all `lines` and close the input; git reads them all before it answers."""
    if lines is None:
        return
    try:
        with process.stdin as given:
            given.writelines(f"{line}\n".encode() for line in lines)
    except BrokenPipeError:
        return  # git died: its exit code tells


def ended(process: subprocess.Popen) -> bool:
    """Wait a moment for the process; tell whether it has ended."""
    try:
        process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_group(process: subprocess.Popen) -> None:
    """Kill git and the transports it started, unless it has ended by itself."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def stop_late(process: subprocess.Popen, is_late: threading.Event) -> None:
    """Kill a git that is not done in time, and note it."""
    if process.poll() is None:
        is_late.set()
        kill_group(process)


def last_bytes(file: IO[bytes], size: int = 4096) -> bytes:
    """Return the end of a file git wrote its complaints to."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - size))
    return file.read()


def folder_bytes(folder: Path) -> int:
    """Return the size of all files below `folder`, bearing with those that vanish meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except FileNotFoundError:
                continue
    return total
