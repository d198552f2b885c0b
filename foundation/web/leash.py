"""Runs a command that ends with whoever started it: ``python leash.py COMMAND``.

A supervisor that is killed with -9 can tell nobody. On Linux the system does it: it asks the
command to stop (SIGTERM) when its parent is gone. Elsewhere the command runs all the same.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent() -> None:
    """Let the system send SIGTERM when the parent ends, also through a later ``exec``."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended in between
        sys.exit(1)


if __name__ == "__main__":
    tie_to_parent()
    os.execv(sys.argv[1], sys.argv[1:])
