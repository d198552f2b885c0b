"""Real git repositories, made commit by commit, odd ones included."""

import os
import subprocess
from pathlib import Path

import pytest

ANN = b"Ann Lee <ann@one.example>"
NOON = b"1600000000 +0200"
ALONE = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


class History:
    """A bare repository whose commits are written byte by byte, as no well-behaved git would."""

    def __init__(self, path: Path):
        self.path = path
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", path], check=True)
        self.blob = self.git("hash-object", "-w", "--stdin", given=b"some text\n")
        self.tip: str | None = None

    def git(self, *arguments: str, given: bytes = b"") -> str:
        """Run git in the repository and return its output."""
        found = subprocess.run(
            ["git", "--git-dir", self.path, *arguments],
            input=given,
            stdout=subprocess.PIPE,
            check=True,
            env={"PATH": os.environ["PATH"], **ALONE},
        )
        return found.stdout.decode().strip()

    def tree(self, paths: list[bytes], blob: str = "") -> str:
        """Add files to those there are and return the tree of all."""
        entries = (b"100644 " + (blob or self.blob).encode() + b"\t" + path for path in paths)
        self.git("update-index", "-z", "--index-info", given=b"\0".join(entries))
        return self.git("write-tree")

    def commit(
        self,
        message: bytes = b"Change something\n",
        *,
        paths: tuple[bytes, ...] = (),
        author: bytes = ANN + b" " + NOON,
        committer: bytes | None = None,
        parents: list[str] | None = None,
        header: bytes = b"",
    ) -> str:
        """Add a commit on top of `parents` (the tip) and make it the new tip; return its hash."""
        tips = [self.tip] if self.tip and parents is None else parents or []
        lines = [b"tree " + self.tree(list(paths)).encode()]
        lines += [b"parent " + parent.encode() for parent in tips]
        lines += [b"author " + author, b"committer " + (committer or author)]
        data = b"\n".join(lines) + b"\n" + header + b"\n" + message
        self.tip = self.git(
            "hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=data
        )
        self.git("update-ref", "refs/heads/main", self.tip)
        return self.tip


@pytest.fixture
def history(tmp_path) -> History:
    return History(tmp_path / "project.git")


@pytest.fixture
def cache(tmp_path) -> Path:
    return tmp_path / "cache"
