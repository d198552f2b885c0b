"""Who holds a claim: a token that names the process, so that a dead owner is known at once.

Waiting for a lease to run out is only needed for workers that cannot be seen from here. A process
of the same process table (same machine, same boot, same container) either exists or is gone.
"""

import hashlib
import os
import secrets
import socket
from functools import cache
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
PID_NAMESPACE = Path("/proc/self/ns/pid")


def new_token() -> str:
    """A claim of this process: at most 32 characters, never the same twice."""
    return f"{_process_table()}.{os.getpid()}.{secrets.token_hex(5)}"


def is_gone(token: str) -> bool:
    """Is it certain that the process that made the token no longer lives?

    False when in doubt: the process is elsewhere, or its number was given to another one.
    """
    table, _, rest = token.partition(".")
    pid = rest.partition(".")[0]
    if table != _process_table() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(pid)


def _is_zombie(pid: str) -> bool:
    """Is it dead, and only its parent has not asked yet?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


@cache
def _process_table() -> str:
    """Eight characters for the set of processes that this one can see.

    Containers that share a host name must not judge each other's processes, hence the namespace.
    """
    parts = [socket.gethostname()]
    if BOOT_ID.exists():
        parts.append(BOOT_ID.read_text().strip())
    if PID_NAMESPACE.exists():
        parts.append(os.readlink(PID_NAMESPACE))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
