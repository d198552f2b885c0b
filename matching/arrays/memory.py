"""Memory on its way back to the machine: a worker lives for weeks, and large steps are few."""

import ctypes

MMAP_THRESHOLD = -3
"""The C library's name for: from how many bytes on a block is asked of the machine by itself."""
LARGE_BLOCK = 4_000_000


def give_back() -> None:
    """Let the C library return what was freed between things still in use.

    It would keep that for later. Where the library knows no such call, nothing happens.
    """
    _ask("malloc_trim", 0)


def keep_apart() -> None:
    """From now on give large arrays back as they are freed.

    The library learns to keep ever larger ones, and whatever small is put between them holds all.
    Where it knows no such call, nothing happens.
    """
    _ask("mallopt", MMAP_THRESHOLD, LARGE_BLOCK)


def _ask(function: str, *numbers: int) -> None:
    try:
        getattr(ctypes.CDLL(None), function)(*numbers)
    except (AttributeError, OSError, TypeError):
        return
