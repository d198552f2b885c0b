"""Memory that processes have held, in megabytes: the kernel counts in blocks of 1,024 bytes."""

import resource
from pathlib import Path


def megabytes(kibibytes: int) -> float:
    return kibibytes * 1_024 / 1_000_000


def peak_megabytes() -> float:
    """The most that this process has held so far."""
    return megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def helpers_peak_megabytes() -> float:
    """The most that one of its ended child processes has held."""
    return megabytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def peak_megabytes_of(pid: int) -> float:
    """The most that another process, which must still run, has held so far."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(line for line in status if line.startswith("VmHWM"))
    return megabytes(int(peak.split()[1]))
