"""The same 1,000 newest commits through PyDriller and Perceval, and into our facts.

The two live in an environment of their own (``.venv-bench``), which ``make bench`` sets up.
"""

import os
import subprocess
from itertools import islice
from pathlib import Path

from django.db import transaction

from foundation.activity.intake import Intake, write_batch
from foundation.activity.reading import open_source
from foundation.activity.register import IdentityRegister
from tests.bench.histories import HOUSE
from tests.bench.house import migrate, places, register, say, timed, verdict

PYTHON = HOUSE / ".venv-bench" / "bin" / "python"
COMMITS = 1_000
PYDRILLER = """
import sys, time
from pydriller import Repository
hashes = sys.stdin.read().split()
began = time.perf_counter()
count = 0
for commit in Repository(sys.argv[1], only_commits=hashes).traverse_commits():
    [file.new_path for file in commit.modified_files]
    (commit.author.email, commit.committer.email, commit.author_date, commit.msg)
    count += 1
print(count, time.perf_counter() - began)
"""
PERCEVAL = """
import subprocess, sys, time
from perceval.backends.core.git import GitParser, GitRepository
hashes = sys.stdin.read().split()
began = time.perf_counter()
command = ["git", "log", *GitRepository.GIT_PRETTY_OUTPUT_OPTS, "--stdin", "--no-walk=unsorted"]
log = subprocess.run(command, cwd=sys.argv[1], input="\\n".join(hashes), text=True,
                     stdout=subprocess.PIPE, check=True, errors="surrogateescape").stdout
count = sum(1 for commit in GitParser(iter(log.splitlines())).parse())
print(count, time.perf_counter() - began)
"""


def main() -> None:
    if not PYTHON.exists():
        say("PyDriller and Perceval", "not installed", "left out: run `make bench`")
        return
    migrate()
    path = _subject()
    say("repository", path.name)
    hashes = list(islice(open_source(path).hashes(open_source(path).require_head()), COMMITS))
    ours, changes = timed(lambda: _take_in(path, hashes))
    say(f"ours, {changes} commits into facts", f"{ours:.2f} s")
    for name, script in (("PyDriller", PYDRILLER), ("Perceval", PERCEVAL)):
        count, seconds = _through(script, path, hashes)
        ratio = seconds / ours
        bar = verdict(ratio >= 20, "ours ≥ 20 × faster")
        say(f"{name}, {count} commits", f"{seconds:.1f} s = {ratio:.0f} ×", bar)


def _subject() -> Path:
    """The repository named by RIVALS_ON, or the largest of the histories.

    Where histories carry no file contents, counting lines costs the two next to nothing: name a
    whole clone to see the difference that users would.
    """
    named = os.environ.get("RIVALS_ON")
    return Path(named) if named else max(filter(_has_no_submodules, places()), key=_packed_bytes)


def _has_no_submodules(path: Path) -> bool:
    # PyDriller reads .gitmodules, whose content these histories do not carry.
    asked = ["git", "-C", str(path), "log", "-1", "--format=%h", "HEAD", "--", ".gitmodules"]
    return not subprocess.run(asked, check=True, capture_output=True).stdout


def _packed_bytes(path: Path) -> int:
    return sum(pack.stat().st_size for pack in path.rglob("*.pack"))


def _take_in(path: Path, hashes: list[str]) -> int:
    source, intake = open_source(path), Intake()
    [(repository, _)] = register([source])
    batch = list(source.changes(source.require_head(), only=hashes))
    with transaction.atomic():
        write_batch(repository, batch, IdentityRegister(), intake)
    return intake.changes


def _through(script: str, path: Path, hashes: list[str]) -> tuple[int, float]:
    done = subprocess.run(
        [str(PYTHON), "-c", script, str(path)],
        input="\n".join(hashes),
        check=True,
        capture_output=True,
        text=True,
    )
    count, seconds = done.stdout.split()[-2:]
    return int(count), float(seconds)


if __name__ == "__main__":
    main()
