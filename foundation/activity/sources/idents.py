"""People and moments as a commit spells them: raw names and addresses, seconds and offsets."""

import re
from functools import lru_cache

from foundation.activity.sources.record import Who

EARLIEST = 631_152_000  # 1990-01-01: git is from 2005, CVS from 1990; older dates are mistakes
DAY = 86_400
NOREPLY = re.compile(
    r"(?:([0-9]{1,18})\+)?([A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})(?:\[bot\])?)@users\.noreply\.github\.com",
    re.IGNORECASE,
)
SERVICE_ADDRESSES = frozenset({"noreply@github.com"})  # the web interface commits as this
OFFSET = re.compile(r"[+-][0-9]{2}[0-5][0-9]")
CACHE_SIZE = 50_000


def who_of(name: str, email: str) -> Who:
    """Return the person behind `name` and `email`; GitHub's noreply addresses tell the account."""
    name, email = name.strip(), email.strip()
    found = NOREPLY.fullmatch(email) if "noreply" in email.lower() else None
    if not found:
        return Who(name, email)
    number, login = found.groups()
    return Who(name, email, login, int(number) if number else None)


def is_service(email: str) -> bool:
    """Tell whether the address is a machine's that commits in people's stead."""
    return email.lower() in SERVICE_ADDRESSES


def parse_moment(text: str, latest: int) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Read git's raw date ``"1472009931 -0700"``.

    Returns seconds UTC, minutes east of UTC and the oddities met. What is not to be believed
    (before 1990, after `latest`, an offset no place on earth has) is None.
    """
    seconds, _, zone = text.partition(" ")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 16):
        return None, None, ("date-unreadable",)
    at = int(seconds)
    offset = parse_offset(zone)
    oddities = () if offset is not None else ("timezone-odd",)
    if at < EARLIEST:
        return None, offset, ("date-before-1990", *oddities)
    if at > latest:
        return None, offset, ("date-in-future", *oddities)
    return at, offset, oddities


@lru_cache(maxsize=4096)
def parse_offset(zone: str) -> int | None:
    """Return ``"-0730"`` as minutes east of UTC (-450), None outside -12:00 .. +14:00."""
    if not OFFSET.fullmatch(zone):
        return None
    offset = (int(zone[1:3]) * 60 + int(zone[3:])) * (-1 if zone[0] == "-" else 1)
    return offset if -720 <= offset <= 840 else None
