"""Small real repositories for tests: commits by whom, when and about what the test says."""

import os
import subprocess
from pathlib import Path

ADA = "Ada Byron <ada@analytical.example>"
BEN = "Ben Okri <ben@analytical.example>"
CLEO = "Cleo Marin <cleo@river.example>"


class GitWorld:
    """A work tree; ``at`` is seconds UTC, and each commit is an hour later unless told."""

    def __init__(self, path: Path, start: int = 1_700_000_000):
        self.path, self.at = path, start
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str, **env: str) -> str:
        return subprocess.run(
            ["git", "-C", str(self.path), *words],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"} | env,
        ).stdout.strip()

    def commit(
        self,
        author: str = ADA,
        *,
        files: tuple[str, ...] = ("src/engine.py",),
        message: str = "Turn the wheel",
        at: int | None = None,
        offset: str = "+0000",
    ) -> str:
        """Write the files and commit them; returns the commit's hash."""
        self.at = at if at is not None else self.at + 3_600
        for name in files:
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"{self.at}\n")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, **self._as(author, offset))
        return self.git("rev-parse", "HEAD")

    def merge(self, other: str, author: str = ADA) -> str:
        """Merge a branch or commit; returns the merge commit's hash."""
        self.git("merge", "-q", "--no-ff", other, **self._as(author, "+0000"))
        return self.git("rev-parse", "HEAD")

    def _as(self, author: str, offset: str) -> dict[str, str]:
        name, _, email = author.rstrip(">").partition(" <")
        told = {"NAME": name, "EMAIL": email, "DATE": f"{self.at} {offset}"}
        return {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in told.items()
        }
