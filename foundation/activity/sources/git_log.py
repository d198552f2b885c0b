"""Reads the stream of ``git log`` into change records, one commit at a time.

The stream is asked for as ``-z --name-only`` with FORMAT: a NUL, nine fields separated by newlines
(the message last), a NUL, a newline when paths follow, and the paths each ended by a NUL. No field
and no path can hold a NUL and no path is empty, so two NULs in a row stand only between commits,
whatever people wrote.
"""

import re
import time
from collections.abc import Iterable, Iterator

from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.idents import (
    CACHE_SIZE,
    DAY,
    is_service,
    parse_moment,
    who_of,
)
from foundation.activity.sources.record import ChangeRecord, Who
from foundation.activity.sources.trailers import MessageReader

FORMAT = "%x00%H%n%P%n%an%n%ae%n%ad%n%cn%n%ce%n%cd%n%B"
LOG_FLAGS = (
    *("-z", "--name-only", "--no-renames", "--diff-merges=off", f"--format={FORMAT}"),
    *("--date=raw", "--encoding=UTF-8", "--no-color", "--no-ext-diff", "--no-textconv"),
    *("--no-show-signature", "--no-relative", "--no-mailmap", "--no-follow"),
)
CHUNK = 1 << 18
LARGEST_COMMIT = 8 << 20  # bytes of message and paths that are kept; the rest is counted
MOST_PATHS = 2_000
LONGEST_SUBJECT = 300
HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Reach:
    """Whether one of the commits read so far follows a certain commit, as its child."""

    def __init__(self, commit: str):
        self.commit, self.is_met = commit, False


def read_changes(
    chunks: Iterable[bytes],
    place: str,
    *,
    shallow: frozenset[str] = frozenset(),
    now: float = 0,
    reach: Reach | None = None,
) -> Iterator[ChangeRecord]:
    """Yield a record for every commit of the stream; nothing is dropped.

    Parameters
    ----------
    chunks : the stream in pieces of any size
    place : the repository's name, for messages
    shallow : hashes of commits whose parents were cut off: their paths would be the whole tree
    now : seconds UTC after which (and a day) a date is in the future; 0 is the clock's
    reach : is told when a child of its commit is read
    """
    reader = CommitReader(place, shallow, int(now or time.time()) + DAY, reach)
    for data, surplus in split_commits(chunks):
        yield reader.read(data, surplus)


def split_commits(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield (data, surplus) of each commit: its bytes, and how many paths were cut off them."""
    pending, surplus = b"\0", 0
    for chunk in chunks:
        *whole, pending = (pending + chunk).split(b"\0\0")
        for data in whole:
            if data:  # nothing stands before the first commit
                yield data, surplus
            surplus = 0
        if len(pending) > LARGEST_COMMIT:
            pending, cut = shortened(pending)
            surplus += cut
    if data := pending.removesuffix(b"\0"):
        yield data, surplus


def shortened(data: bytes) -> tuple[bytes, int]:
    """Cut the middle out of an unfinished, overlong commit; return it and the count of lost paths.

    The bytes after the last NUL stay: they may be the beginning of a path or of a separator.
    """
    last = data.rfind(b"\0")
    if last < LARGEST_COMMIT // 2:  # the message alone is that long
        return data[: LARGEST_COMMIT // 2], 0
    first = data.find(b"\0", LARGEST_COMMIT // 2)
    return data[:first] + data[last:], data.count(b"\0", first, last)


class CommitReader:
    """Turns the bytes of one commit into a record, remembering the spellings it has met."""

    def __init__(
        self, place: str, shallow: frozenset[str], latest: int, reach: Reach | None = None
    ):
        self.place, self.shallow, self.latest, self.reach = place, shallow, latest, reach
        self._people: dict[tuple[str, str], Who] = {}
        self._messages = MessageReader()

    def read(self, data: bytes, surplus: int) -> ChangeRecord:
        """Return the record; raise SourceError if these bytes are no commit of our format."""
        head, _, block = data.partition(b"\0")
        text, is_garbled = decoded(head)
        hash_, parents, name, email, authored, *committed, message = self._fields(text)
        if self.reach and self.reach.commit in parents:
            self.reach.is_met = True
        is_cut, is_merge = hash_ in self.shallow, " " in parents
        paths, path_count, is_garbled_path = read_paths(block, surplus)
        if is_merge or is_cut:
            paths, path_count = None, 0
        author = self._who(name, email)
        authored_at, author_offset, oddities = parse_moment(authored, self.latest)
        committer, committed_at, committer_offset, more_oddities = self._committer(*committed)
        subject = subject_of(message)
        told = self._messages.read(message, author, subject)
        oddities += more_oddities + told.oddities
        if is_garbled or is_garbled_path:
            oddities += ("bad-encoding",)
        if block.find(b"\n", 1) > 0:
            oddities += ("newline-in-path",)
        oddities += signs_of(author, path_count, subject, is_cut)
        return ChangeRecord(
            *(hash_, "commit", author, committer),
            *(authored_at, author_offset, committed_at, committer_offset),
            *(subject[:LONGEST_SUBJECT], paths, path_count, is_merge),
            is_import=told.is_import,
            pull_request=told.pull_request,
            differential=told.differential,
            ai_assistants=told.ai_assistants,
            deeds=told.deeds,
            oddities=tuple(dict.fromkeys(oddities)) if oddities else (),
        )

    def _fields(self, text: str) -> list[str]:
        fields = text.split("\n", 8)
        if len(fields) == 9 and HASH.fullmatch(fields[0]):
            return fields
        raise SourceError(
            "Cannot read %(place)s: git's output is not as expected; "
            "check the installed git (2.35 or later is needed) and try again.",
            place=self.place,
        )

    def _committer(self, name: str, email: str, moment: str):
        at, offset, oddities = parse_moment(moment, self.latest)
        return None if is_service(email) else self._who(name, email), at, offset, oddities

    def _who(self, name: str, email: str) -> Who:
        who = self._people.get((name, email))
        if who is None:
            if len(self._people) >= CACHE_SIZE:
                self._people.clear()
            who = self._people[name, email] = who_of(name, email)
        return who


def signs_of(author: Who, path_count: int, subject: str, is_cut: bool) -> tuple[str, ...]:
    """Return the codes of what is odd about a commit that could be read."""
    signs = (
        ("empty-name", not (author.name and author.email)),
        ("huge-change", path_count > MOST_PATHS),
        ("long-subject", len(subject) > LONGEST_SUBJECT),
        ("shallow-edge", is_cut),
    )
    return tuple(code for code, is_so in signs if is_so)


def decoded(data: bytes) -> tuple[str, bool]:
    """Return `data` as text, and whether some of it was no UTF-8 and had to be replaced."""
    try:
        return data.decode(), False
    except UnicodeDecodeError:
        return data.decode(errors="replace"), True


def read_paths(block: bytes, surplus: int) -> tuple[tuple[str, ...], int, bool]:
    """Return a commit's first paths, how many it really has, and whether any was garbled."""
    if not block:
        return (), 0, False
    parts = block[1:].split(b"\0", MOST_PATHS)  # a newline precedes the first
    count = len(parts) + surplus
    if len(parts) > MOST_PATHS:
        count += parts.pop().count(b"\0")
    text, is_garbled = decoded(b"\0".join(parts))
    return tuple(text.split("\0")), count, is_garbled


def subject_of(message: str) -> str:
    """Return the first paragraph in one line, as git's ``%s`` does."""
    paragraph = message.lstrip("\n").partition("\n\n")[0]
    return paragraph.replace("\n", " ").strip()
