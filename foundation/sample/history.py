"""Writes the changes of a project as a real bare git repository, by ``git fast-import``."""

import os
import subprocess
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from .cast import Address
from .files import content
from .plot import Change
from .projects import Plan
from .trailers import WEB, Scribe

BRANCH = "refs/heads/main"
NO_CONFIGURATION = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def write(repository: Path, plan: Plan, changes: list[Change], scribe: Scribe) -> list[str]:
    """Make the repository; return the hash of each change on the main line, in order.

    The changes come in the order in which they landed. Raises ``CalledProcessError`` when git
    refuses.
    """
    _git("init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(repository))
    (repository / "description").write_text(f"{plan.description}\n", encoding="utf-8")
    marks = repository / "sample-marks"
    stream = Stream(plan, scribe)
    mainline = [stream.land(change) for change in changes]
    _git(
        "-C", str(repository), "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet",
        f"--export-marks={marks}", stdin=stream.bytes(),
    )  # fmt: skip
    hashes = dict(line.split() for line in marks.read_text().splitlines())
    marks.unlink()
    return [hashes[f":{mark}"] for mark in mainline]


class Stream:
    """A fast-import stream under construction."""

    def __init__(self, plan: Plan, scribe: Scribe):
        self.plan = plan
        self.scribe = scribe
        self.chunks: list[bytes] = []
        self.mark = 0
        self.head = 0
        self.before = 0
        self.notes: defaultdict[str, list[str]] = defaultdict(list)

    def bytes(self) -> bytes:
        """The whole stream."""
        return b"".join(self.chunks) + b"done\n"

    def land(self, change: Change) -> int:
        """Add the change, with a merge commit where it has one; return its mark on main."""
        message = self.scribe.message(change)
        author = (change.signature, change.authored_at)
        files = [(path, self._text(path, change)) for path in change.paths]
        if not change.merged:
            return self._commit(author, self.scribe.committer(change), message, files, [self.head])
        side = self._commit(author, author, message, files, [self.before or self.head], side=True)
        landed = (self._merger(change), change.landed_at)
        text = self.scribe.merge_message(change)
        return self._commit(landed, (WEB, change.landed_at), text, files, [self.head, side])

    def _merger(self, change: Change) -> Address:
        key = change.reviewers[0] if change.reviewers else change.author
        return self.scribe.cast[key].addresses[0]

    def _text(self, path: str, change: Change) -> str:
        self.notes[path].append(f"{change.landed_at:%Y-%m-%d} {change.subject}")
        return change.texts.get(path) or content(self.plan, path, self.notes[path])

    def _commit(
        self,
        author: tuple[Address, datetime],
        committer: tuple[Address, datetime],
        message: str,
        files: list[tuple[str, str]],
        parents: list[int],
        *,
        side: bool = False,
    ) -> int:
        self.mark += 1
        lines = [
            f"commit {BRANCH}",
            f"mark :{self.mark}",
            f"author {_ident(*author)}",
            f"committer {_ident(*committer)}",
            _data(message),
            *(f"{word} :{p}" for word, p in zip(("from", "merge"), parents, strict=False) if p),
        ]
        lines += [f"M 100644 inline {path}\n{_data(text)}" for path, text in files]
        self.chunks.append(("\n".join(lines) + "\n").encode())
        if not side:
            self.before, self.head = self.head, self.mark
        return self.mark


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"


def _ident(address: Address, moment: datetime) -> str:
    """Name, address, seconds since 1970 and the person's own offset, as git writes them."""
    seconds = int(moment.astimezone(UTC).timestamp())
    return f"{address.name} <{address.email}> {seconds} {moment:%z}"


def _git(*arguments: str, stdin: bytes | None = None) -> None:
    """Run git without anybody's configuration: the same input must give the same hashes."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    subprocess.run(["git", *arguments], input=stdin, env=own | NO_CONFIGURATION, check=True)
