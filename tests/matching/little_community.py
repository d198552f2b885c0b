"""A community small enough to be refreshed in seconds by the real steps: three real histories."""

import random
import subprocess
from datetime import UTC, datetime
from pathlib import Path

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
SLUGS = ("anvil", "bellows", "crucible")
AREAS = ("engine", "docs", "store")
CHANGES = 160  # a project, over four years
EVERY = 4 * 365 * 86_400 // CHANGES


def write_histories(folder: Path, seed: int = 7) -> list[Path]:
    """Write one bare repository a project; equal seeds give equal hashes."""
    return [_write(folder / f"{slug}.git", slug, random.Random(f"{seed}/{slug}")) for slug in SLUGS]


def _write(repository: Path, slug: str, rng: random.Random) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    subprocess.run(
        ["git", "-C", str(repository), "fast-import", "--quiet"],
        input="".join(_commit(number, slug, rng) for number in range(CHANGES)).encode(),
        check=True,
    )
    return repository


def _commit(number: int, slug: str, rng: random.Random) -> str:
    at = int(AS_OF.timestamp()) - (CHANGES - number) * EVERY
    area = rng.choice(AREAS)
    author, reviewer = _author(number, area, rng), f"{area.title()} Keeper"
    trailer = "" if author == reviewer else f"\n\nReviewed-by: {_signed(reviewer, slug)}"
    message = f"Forge {area} part {number}{trailer}\n"
    stamp = f"{_signed(author, slug)} {at} +0100"
    return (
        f"commit refs/heads/main\nauthor {stamp}\ncommitter {stamp}\n"
        f"data {len(message.encode())}\n{message}"
        f"M 100644 inline {area}/{rng.choice('abc')}/file{rng.randrange(9)}.py\n"
        f"data {len(str(number))}\n{number}\n\n"
    )


def _author(number: int, area: str, rng: random.Random) -> str:
    """A third by those who keep other areas, a third by regulars who come up, a third by guests."""
    kind = rng.randrange(3)
    if kind == 0:
        return f"{AREAS[AREAS.index(area) - 1].title()} Keeper"
    if kind == 1:
        return f"Riser{number // 60} Smith"
    return f"Guest{number // 6} Miller"


def _signed(name: str, slug: str) -> str:
    word = name.split()[0].lower()
    place = "forge" if name.endswith("Keeper") else slug
    return f"{name} <{word}@{place}.example>"
