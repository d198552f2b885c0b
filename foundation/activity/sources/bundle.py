"""The head of a git bundle file: which branches it holds, without starting git."""

from pathlib import Path
from typing import NamedTuple

from foundation.activity.sources.errors import SourceError

SIGNATURES = (b"# v2 git bundle\n", b"# v3 git bundle\n")
LONGEST_HEAD = 16 << 20  # bytes; a reference takes about 70


class BundleHead(NamedTuple):
    """What a bundle announces: references and their hashes, and what it takes for granted."""

    references: dict[str, str]  # "refs/heads/main" -> hash; "HEAD" where the maker included it
    prerequisites: tuple[str, ...]  # commits that the bundle leaves out
    capabilities: tuple[str, ...]  # "object-format=sha256", "filter=blob:none"

    @property
    def is_filtered(self) -> bool:
        """Tell whether objects were left out (a blobless bundle)."""
        return any(line.startswith("filter=") for line in self.capabilities)

    @property
    def object_format(self) -> str:
        """Return ``sha1`` or ``sha256``."""
        stated = [line for line in self.capabilities if line.startswith("object-format=")]
        return stated[0].partition("=")[2] if stated else "sha1"

    def default_branch(self) -> str:
        """Return the full name of the branch that HEAD is, "" when the bundle has no branch."""
        branches = [name for name in self.references if name.startswith("refs/heads/")]
        head = self.references.get("HEAD")
        branches = [name for name in branches if head in (None, self.references[name])] or branches
        usual = [name for name in ("refs/heads/main", "refs/heads/master") if name in branches]
        return (usual + branches + [""])[0]


def is_bundle(path: Path) -> bool:
    """Tell whether the file says that it is a bundle."""
    try:
        with path.open("rb") as file:
            return file.read(len(SIGNATURES[0])) in SIGNATURES
    except OSError as error:
        raise SourceError(
            "%(place)s cannot be read: %(why)s.", place=path, why=error.strerror
        ) from None


def read_head(path: Path) -> BundleHead:
    """Read the head of the bundle at `path`; raise SourceError when it is damaged."""
    references, prerequisites, capabilities = {}, [], []
    for line in head_lines(path):
        if line.startswith("@"):
            capabilities.append(line[1:])
        elif line.startswith("-"):
            prerequisites.append(line[1:].partition(" ")[0])
        else:
            hash_, _, name = line.partition(" ")
            references[name] = hash_
    return BundleHead(references, tuple(prerequisites), tuple(capabilities))


def head_lines(path: Path) -> list[str]:
    """Return the lines between the signature and the empty line before the pack."""
    with path.open("rb") as file:
        file.readline(100)
        lines, size = [], 0
        while (line := file.readline(LONGEST_HEAD)) not in (b"\n", b""):
            lines.append(line.decode(errors="replace").rstrip("\n"))
            size += len(line)
            if size > LONGEST_HEAD:
                break
    if line != b"\n":
        raise SourceError(
            "The bundle %(place)s is damaged or cut short; make it again with "
            "`git bundle create FILE --all`.",
            place=path,
        )
    return lines
