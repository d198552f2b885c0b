"""Ingest beside the bare ``git log --name-only`` over the same repositories."""

import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from foundation.activity.reading import open_source
from foundation.projects.models import Repository
from tests.bench.house import (
    ingest,
    migrate,
    places,
    register,
    say,
    timed,
    verdict,
)
from tests.bench.memory import peak_megabytes


def main() -> None:
    migrate()
    paths = places()
    # Clones of their own, without the newest hundredth, so that it can arrive later.
    clones = [without_newest(path) for path in paths]
    bare, _ = min(timed(lambda: [_bare_log(path) for path in paths]) for _ in range(3))
    seconds, changes = timed(lambda: ingest(register([open_source(path) for path in paths])))
    say(f"bare git log --name-only, {changes} commits", f"{bare:.2f} s")
    ratio = seconds / bare
    say(
        "ingest, facts and people", f"{seconds:.2f} s = {ratio:.1f} ×", verdict(ratio <= 4, "≤ 4 ×")
    )
    peak = peak_megabytes()
    say("peak memory", f"{peak:.0f} MB", verdict(peak <= 500, "≤ 500 MB"))
    again, _ = timed(lambda: ingest(register([open_source(path) for path in paths])))
    share = again / seconds
    say("nothing new", f"{again:.2f} s = {share:.1%}", verdict(share <= 0.03, "≤ 3 %"))
    _newest_arrives(paths, clones, seconds)


def _newest_arrives(paths, clones, whole: float) -> None:
    """The same people and projects, read from clones that lag behind and then catch up."""
    Repository.objects.all().delete()
    pairs = register([open_source(clone) for clone in clones])
    ingest(pairs)
    for path, clone in zip(paths, clones, strict=True):
        head = git(path, "rev-parse", "HEAD")
        git(clone, "update-ref", "HEAD", head)
    seconds, changes = timed(lambda: ingest(register([open_source(clone) for clone in clones])))
    share = seconds / whole
    say(f"{changes} new commits", f"{seconds:.2f} s = {share:.1%}", verdict(share <= 0.05, "≤ 5 %"))


def without_newest(path: Path) -> Path:
    clone = settings.VAR_DIR / "lagging" / path.name
    shutil.copytree(path, clone)
    behind = max(int(git(path, "rev-list", "--count", "HEAD")) // 100, 1)
    git(clone, "update-ref", "HEAD", git(path, "rev-parse", f"HEAD~{behind}"))
    return clone


def git(path: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(path), *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def _bare_log(path: Path) -> None:
    subprocess.run(
        ["git", "-C", str(path), "log", "--name-only", "HEAD"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main()
