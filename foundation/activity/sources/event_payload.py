"""The parts of GitHub's event JSON that we read; everything may be missing, or null, but not odd.

Since 2025-10-07 GitHub sends pull requests without title, user, labels and merge flag, and pushes
without commits: what is absent is None, and None means "not told".
"""

from datetime import datetime
from typing import Annotated, TypeVar

from msgspec import Meta, Struct

Kind = TypeVar("Kind")
Number = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
Identifier = Number | str
# Of a pull request or issue: as large as the database can hold.
ThreadNumber = Annotated[int, Meta(ge=0, le=(1 << 31) - 1)]


class Account(Struct):
    login: str | None = None
    id: Number | None = None
    type: str | None = None


class Label(Struct):
    name: str | None = None


class Mark(Struct):
    """Something of which only its presence counts."""


class Thread(Struct):
    """A pull request or an issue."""

    number: ThreadNumber | None = None
    title: str | None = None
    user: Account | None = None
    state: str | None = None
    labels: list[Label] | None = None
    created_at: datetime | None = None
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged: bool | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    pull_request: Mark | None = None  # an issue that is a pull request has this


class Review(Struct):
    id: Number | None = None
    user: Account | None = None
    state: str | None = None
    submitted_at: datetime | None = None


class Comment(Struct):
    id: Number | None = None
    user: Account | None = None
    created_at: datetime | None = None


class Release(Struct):
    id: Number | None = None
    tag_name: str | None = None
    name: str | None = None
    author: Account | None = None
    published_at: datetime | None = None


class Payload(Struct):
    action: str | None = None
    number: ThreadNumber | None = None
    pull_request: Thread | None = None
    issue: Thread | None = None
    label: Label | None = None
    review: Review | None = None
    comment: Comment | None = None
    release: Release | None = None
    head: str | None = None


class Repo(Struct):
    name: str
    id: Number | None = None


class Event(Struct):
    id: Identifier
    type: str
    actor: Account
    repo: Repo
    created_at: datetime
    payload: Payload | None = None


class Stamp(Struct):
    """The first look at a line: what it is, before its payload is judged."""

    type: str
