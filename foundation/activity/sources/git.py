"""Opens git histories wherever they are: a folder, a bundle file, or a public address."""

import fcntl
import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.activity.sources.addresses import (
    Remote,
    Resolver,
    looks_remote,
    parse_remote,
    public_address,
    refusal,
    shown,
)
from foundation.activity.sources.bundle import BundleHead, is_bundle, read_head
from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.git_process import STANDARD_LIMITS, Git, Limits
from foundation.activity.sources.git_repository import GitRepository, repository_name
from foundation.said import Said

__all__ = ["GitRepository", "Limits", "SourceError", "open_repository"]

BRANCH_LINE = re.compile(r"^ref: (refs/heads/[^\s~^:?*\[\\]+)\tHEAD$", re.MULTILINE)
HEAD_LINE = re.compile(r"^([0-9a-f]{40,64})\tHEAD$", re.MULTILINE)


def open_repository(
    location: str | Path,
    *,
    cache_dir: Path,
    allow_private: bool = False,
    limits: Limits = STANDARD_LIMITS,
    resolve: Resolver | None = None,
) -> GitRepository:
    """Open the repository at `location` for reading, fetching it first where that is needed.

    Parameters
    ----------
    location : a work tree, a bare repository or a bundle file on this machine (as an operator
        gives it), or an https, http or ssh address
    cache_dir : where clones of bundles and addresses are kept, one folder each
    allow_private : whether an address may lie in a private network
    limits : time, size and memory that may be spent
    resolve : gives the IP addresses of (host, port); the system's resolver if None

    Raises SourceError with one sentence that names the place and the cure.
    """
    path, location = located(location), str(location)
    if isinstance(path, str):
        remote = parse_remote(path)
        address = public_address(remote, allow_private=allow_private, resolve=resolve)
        return fetched_remote(remote, address, cache_dir, limits)
    if path.is_dir():
        return GitRepository(path, location, limits=limits)
    if not (path.is_file() and is_bundle(path)):
        raise SourceError(
            "%(place)s is neither a folder nor a git bundle; give the folder of a clone, or make "
            "a bundle with `git bundle create FILE --all`.",
            place=location,
        )
    return fetched_bundle(path, location, cache_dir, limits)


def located(location: str | Path) -> str | Path:
    """Return an address as it is, or the whole path of what is there; raise SourceError."""
    location = str(location)
    if not location.strip() or location.startswith("-") or not location.isprintable():
        raise refusal(location, Said("it is neither a path nor an address"))
    if looks_remote(location):
        return location
    try:
        return Path(location).expanduser().resolve(strict=True)
    except FileNotFoundError:
        raise SourceError("%(place)s does not exist; check the path.", place=location) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: nobody is called like ~this
        why = getattr(error, "strerror", None) or Said("there is no such home")
        raise SourceError(
            "%(place)s cannot be read: %(why)s.", place=shown(location), why=why
        ) from None


def fetched_bundle(path: Path, location: str, cache_dir: Path, limits: Limits) -> GitRepository:
    """Bring the cached copy of a bundle up to date and open it."""
    head = read_head(path)
    if head.prerequisites:
        raise SourceError(
            "The bundle %(place)s holds only a part of the history; make a full one with "
            "`git bundle create FILE --all`.",
            place=location,
        )
    git = Git(f"the bundle {location}", ("protocol.file.allow=always",), limits=limits)
    state = "".join(f"{hash_} {name}\n" for name, hash_ in sorted(head.references.items()))
    with cached(cache_dir, str(path)) as folder:
        if read_state(folder) != state:
            with renewed(folder) as work:
                unpack_bundle(git, path, head, work)
                write_state(work, state)
    return GitRepository(folder, location, limits=limits)


def unpack_bundle(git: Git, path: Path, head: BundleHead, folder: Path) -> None:
    """Fetch everything a bundle holds into the bare repository `folder`, made if missing."""
    if not (folder / "HEAD").exists():
        format_ = f"--object-format={head.object_format}"
        git.run("init", "--quiet", "--bare", "--template=", format_, "--", str(folder))
    if head.is_filtered:  # git must not miss what the bundle's maker left out
        for setting in (("remote.origin.promisor", "true"), ("extensions.partialClone", "origin")):
            git.run("--git-dir", str(folder), "config", *setting)
    branch = head.default_branch()
    if not branch:
        return
    git.run_watched(
        *("--git-dir", str(folder), "fetch", "--quiet", "--no-tags", "--force", "--prune"),
        *("--no-write-fetch-head", "--", str(path), "+refs/heads/*:refs/heads/*"),
        folder=folder,
    )
    git.run("--git-dir", str(folder), "symbolic-ref", "HEAD", branch)


def fetched_remote(remote: Remote, address: str, cache_dir: Path, limits: Limits) -> GitRepository:
    """Bring the cached blobless clone of a remote repository up to date and open it."""
    git = remote_git(remote, address, limits)
    branch, head = remote_head(git, remote)
    with cached(cache_dir, remote.url) as folder:
        if read_state(folder) != f"{head} {branch}\n":
            with renewed(folder) as work:
                fetch_branch(git, remote, branch, head, work)
                write_state(work, f"{head} {branch}\n")
    return GitRepository(folder, remote.url, origin=remote.origin, limits=limits)


def remote_git(remote: Remote, address: str, limits: Limits) -> Git:
    """Return git bound to the one address that was checked, and to the address's own protocol."""
    allowed = f"protocol.{remote.scheme}.allow=always"
    if remote.scheme == "ssh":
        command = (
            "ssh -F /dev/null -o BatchMode=yes -o ConnectTimeout=20 -o ProxyCommand=none "
            f"-o StrictHostKeyChecking=accept-new -o HostName={address} "
            f"-o HostKeyAlias={remote.host}"
        )
        secure = (("GIT_SSH_COMMAND", command), ("GIT_SSH_VARIANT", "ssh"))
        return Git(remote.url, (allowed,), secure, limits)
    host = f"[{remote.host}]" if ":" in remote.host else remote.host
    target = f"[{address}]" if ":" in address else address
    pinned = f"http.curloptResolve={host}:{remote.port}:{target}"
    return Git(remote.url, (allowed, pinned), limits=limits)


def remote_head(git: Git, remote: Remote) -> tuple[str, str]:
    """Ask for the default branch and its head; ("", "") when the repository is empty."""
    try:
        answer = git.run("ls-remote", "--symref", "--", remote.url, "HEAD").stdout.decode()
    except SourceError as error:
        raise SourceError(
            "%(place)s cannot be read; %(cure)s.", place=remote.url, cure=cure_for(str(error))
        ) from error
    branch, head = BRANCH_LINE.search(answer), HEAD_LINE.search(answer)
    return (branch[1] if branch else "HEAD"), (head[1] if head else "")


def cure_for(complaint: str) -> Said:
    """Return what to do about git's complaint over an address."""
    if "redirect" in complaint or "error: 30" in complaint:
        return Said("it redirects: give the address it leads to")
    if "Authentication" in complaint or "could not read Username" in complaint:
        return Said("it asks for a login: give a public address or an ssh one")
    if "not found" in complaint:
        return Said("there is no repository: check the address")
    if "longer than" in complaint:
        return Said("it did not answer in time: try again later")
    complaint = complaint.partition(": ")[2][:200]
    return Said("check the address and the network (%(why)s)", {"why": complaint})


def fetch_branch(git: Git, remote: Remote, branch: str, head: str, folder: Path) -> None:
    """Fetch one branch without file contents into the bare repository `folder`, made if missing.

    Nothing is fetched when `head` is "": the remote repository is empty.
    """
    if not (folder / "HEAD").exists():
        git.run("init", "--quiet", "--bare", "--template=", "--", str(folder))
        for setting in (
            ("remote.origin.url", remote.url),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialclonefilter", "blob:none"),
            ("extensions.partialClone", "origin"),
        ):
            git.run("--git-dir", str(folder), "config", *setting)
    if not head:
        return
    local = "refs/heads/detached" if branch == "HEAD" else branch
    git.run_watched(
        *("--git-dir", str(folder), "fetch", "--quiet", "--no-tags", "--force"),
        *("--filter=blob:none", "--no-write-fetch-head", "--", "origin", f"+{branch}:{local}"),
        folder=folder,
    )
    git.run("--git-dir", str(folder), "symbolic-ref", "HEAD", local)
    fetch_mailmap(git, folder)


def fetch_mailmap(git: Git, folder: Path) -> None:
    """Fetch the one file of a blobless clone that we read, if there is one."""
    lazy = git._replace(variables=(*git.variables, ("GIT_NO_LAZY_FETCH", "0")))
    name = "HEAD:.mailmap"
    known = lazy.run(
        "--git-dir", str(folder), "rev-parse", "--quiet", "--verify", name, accept=(0, 1)
    )
    if known.returncode == 0:
        lazy.run_watched("--git-dir", str(folder), "cat-file", "-e", name, folder=folder)


@contextmanager
def cached(cache_dir: Path, key: str) -> Iterator[Path]:
    """Yield the folder kept for `key`; nobody else works on it meanwhile."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    name = re.sub(r"[^A-Za-z0-9._-]", "-", repository_name(key))[:60]
    cache_dir.mkdir(parents=True, exist_ok=True)
    folder = (cache_dir / f"{name}-{digest}.git").resolve()
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@contextmanager
def renewed(folder: Path) -> Iterator[Path]:
    """Yield the folder to work in: `folder` itself, or a new one that takes its place when whole.

    So a clone that was killed leaves nothing that could be taken for a repository.
    """
    if folder.exists():
        remove_leftovers(folder)
        yield folder
        return
    work = folder.with_suffix(".new")
    shutil.rmtree(work, ignore_errors=True)
    try:
        yield work
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed git left in our own clone; its locks would stop every later fetch."""
    for pattern in ("*.lock", "tmp_*"):
        for file in folder.rglob(pattern):
            file.unlink(missing_ok=True)


def read_state(folder: Path) -> str | None:
    """Return what the last complete fetch brought, None if there was none."""
    try:
        return (folder / "fetched").read_text()
    except FileNotFoundError:
        return None


def write_state(folder: Path, state: str) -> None:
    """Note what a complete fetch brought."""
    (folder / "fetched").write_text(state)
