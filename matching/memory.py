"""Memory on its way back to the machine: a worker lives for weeks, and large steps are few."""

import ctypes


def give_back() -> None:
    """Let the C library return what was freed between things still in use.

    It would keep that for later. Where the library knows no such call, it does as it does.
    """
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
