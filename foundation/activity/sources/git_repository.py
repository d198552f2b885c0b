"""A git repository on this machine, opened for reading its history."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from foundation.activity.sources.addresses import Remote, looks_remote, parse_remote
from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.git_log import CHUNK, HASH, LOG_FLAGS, Reach, read_changes
from foundation.activity.sources.git_process import STANDARD_LIMITS, Git, Limits
from foundation.activity.sources.mailmap import LARGEST_MAILMAP, parse_mailmap
from foundation.activity.sources.record import ChangeRecord, Who

NOT_A_REPOSITORY = 128
MAILMAP = ".mailmap"
BRANCH_FILE = "ref: refs/heads/"
ORIGIN = re.compile(r"^remote\.origin\.url=(.*)$", re.MULTILINE)


class GitRepository:
    """The history of one repository: its default branch, that is what HEAD points to.

    Parameters
    ----------
    path : folder of a work tree or a bare repository
    location : what the operator called it, for messages
    origin : address of its web page, "" to look it up in the repository's settings
    limits : what reading may cost

    ``head`` and ``mailmap_blob`` are hashes, None where there is no commit or no such file.

    Raises SourceError when there is no repository.
    """

    def __init__(
        self, path: Path, location: str = "", *, origin: str = "", limits: Limits = STANDARD_LIMITS
    ):
        self.location = location or str(path)
        # The folder itself must be the repository: never read the one that happens to be around it.
        ceiling = (("GIT_CEILING_DIRECTORIES", str(path.parent)),)
        self._git = Git(self.location, variables=ceiling, limits=limits)
        self._origin, self._place = origin, path
        self.look_again()

    def __repr__(self) -> str:
        return f"<GitRepository {self.location}>"

    def look_again(self) -> None:
        """See what the repository holds now: pushes may have come since it was opened."""
        lines = self._look(self._place)
        self.path = Path(lines[0])
        self.is_shallow = lines[1] == "true"
        self.head, self.mailmap_blob = (*lines[2:], None, None)[:2]
        for seen in ("branch", "shallow_edge"):
            vars(self).pop(seen, None)

    def _look(self, path: Path) -> list[str | None]:
        """Return the git directory, "true" when shallow, and the hashes of the head and mailmap.

        The last two as far as there are any; all in one call, since there may be many repositories.
        """
        arguments = ("rev-parse", "--absolute-git-dir", "--is-shallow-repository", "--revs-only")
        names = ("HEAD", f"HEAD:{MAILMAP}")
        found = self._git.run("-C", str(path), *arguments, *names, accept=(0, NOT_A_REPOSITORY))
        if found.returncode == 0:
            return found.stdout.decode(errors="surrogateescape").splitlines()
        if b"not a git repository" not in found.stderr:
            raise self._git.failure(found.returncode, found.stderr)
        raise SourceError(
            "%(place)s is no git repository; give the folder of a clone, a bundle file "
            "or an https address.",
            place=self.location,
        )

    @property
    def name(self) -> str:
        """Return the repository's short name: ``ao`` of ``/srv/git/ao.git``."""
        return repository_name(self._origin or str(self.location)) or "repository"

    @cached_property
    def branch(self) -> str:
        """Return the default branch's short name, "" when HEAD is detached."""
        # The file is git's documented layout, and a process for each of many repositories is dear.
        points_to = (self.path / "HEAD").read_text(errors="replace").strip()
        if points_to.startswith(BRANCH_FILE) and not points_to.endswith(".invalid"):
            return points_to.removeprefix(BRANCH_FILE)
        found = self._run("symbolic-ref", "--quiet", "--short", "HEAD", accept=(0, 1))
        return found.stdout.decode(errors="replace").strip()

    @cached_property
    def origin(self) -> str:
        """Return the address of the repository's web page, without credentials, "" if unknown."""
        if self._origin:
            return self._origin
        # A mirror may have no config file at all: then there is no origin, and nothing is wrong.
        accept = (0, NOT_A_REPOSITORY)
        listed = self._run("config", "--local", "--list", accept=accept).stdout.decode(
            errors="replace"
        )
        found = ORIGIN.findall(listed)
        return remote_origin(found[-1]) if found else ""

    @cached_property
    def shallow_edge(self) -> frozenset[str]:
        """Return the commits whose parents a shallow clone left out."""
        if not self.is_shallow:
            return frozenset()
        common = self._run("rev-parse", "--path-format=absolute", "--git-path", "shallow")
        return frozenset(Path(common.stdout.decode().rstrip("\n")).read_text().split())

    def require_head(self) -> str:
        """Return the head's hash; raise SourceError when the repository is empty."""
        if self.head is None:
            raise SourceError(
                "%(place)s has no commits on its default branch yet; "
                "push some, or point its HEAD to the branch to be read.",
                place=self.location,
            )
        return self.head

    def count(self, head: str, *, since: str | None = None) -> int:
        """Return how many commits `head` reaches that `since` does not."""
        return int(self._run("rev-list", "--count", span(head, since), "--").stdout)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tell whether `new` goes on from `old`; no when `old` is gone from the repository."""
        arguments = ("merge-base", "--is-ancestor", checked(old), checked(new))
        return self._run(*arguments, accept=(0, 1, NOT_A_REPOSITORY)).returncode == 0

    def hashes(self, head: str, *, since: str | None = None) -> list[str]:
        """Return the hashes of the commits `head` reaches and `since` does not, newest first."""
        return self._run("rev-list", span(head, since), "--").stdout.decode().split()

    def changes(
        self,
        head: str,
        *,
        since: str | None = None,
        only: Iterable[str] | None = None,
        reach: Reach | None = None,
    ) -> Iterator[ChangeRecord]:
        """Yield the commits that `head` reaches and `since` does not, newest first, as they come.

        With `only`, exactly the commits of these hashes, in their order. `reach` is told when a
        child of its commit comes. Raises SourceError when git fails midway: what was yielded
        before is right but not all.
        """
        if only is None:
            wanted, lines = (span(head, since), "--"), None
        else:
            wanted, lines = ("--no-walk=unsorted", "--stdin"), [checked(hash_) for hash_ in only]
            if not lines:
                return  # git takes "nothing" for HEAD
        arguments = ("--git-dir", str(self.path), "log", *LOG_FLAGS, *wanted)
        with self._git.stream(*arguments, lines=lines) as output:
            chunks = iter(lambda: output.read1(CHUNK), b"")
            edge = self.shallow_edge
            yield from read_changes(chunks, self.location, shallow=edge, reach=reach)

    def mailmap(self) -> list[tuple[Who, Who]]:
        """Return (canonical, as committed) pairs of the head's ``.mailmap``, [] if it has none."""
        if self.mailmap_blob is None:
            return []
        name, accept = self.mailmap_blob, (0, NOT_A_REPOSITORY)
        size = self._run("cat-file", "-s", name, accept=accept)
        if size.returncode or int(size.stdout) > LARGEST_MAILMAP:
            return []
        text = self._run("cat-file", "blob", name, accept=accept).stdout
        return parse_mailmap(text.decode(errors="replace"))

    def _run(self, *arguments: str, accept: tuple[int, ...] = (0,)):
        return self._git.run("--git-dir", str(self.path), *arguments, accept=accept)


def checked(hash_: str) -> str:
    """Return `hash_` if it is a full hash, so that nothing else reaches git's command line."""
    if not HASH.fullmatch(hash_):
        raise ValueError(f"not a full commit hash: {hash_[:80]!r}")
    return hash_


def span(head: str, since: str | None) -> str:
    """Return git's name for the commits of `head` that are not those of `since`."""
    return f"{checked(since)}..{checked(head)}" if since else checked(head)


def repository_name(location: str) -> str:
    """Return the last part of a path or address without ``.git`` or ``.bundle``."""
    parts = [part for part in re.split(r"[/:]", location) if part not in ("", ".git")]
    return parts[-1].removesuffix(".git").removesuffix(".bundle") if parts else ""


def remote_origin(url: str) -> str:
    """Return the web page of a clone's origin, "" if it is a path or not to be understood."""
    without_credentials = re.sub(r"^(https?://)[^/@]*@", r"\1", url.strip())
    if not looks_remote(without_credentials):
        return ""
    try:
        remote: Remote = parse_remote(without_credentials)
    except SourceError:
        return ""
    return remote.origin
