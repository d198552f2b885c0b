"""The one small record that every source yields: who, what, when, where, to whom.

Times are seconds since the Unix epoch in UTC; offsets are minutes east of UTC, the person's own.
Nothing here knows a database: sources yield records, ``foundation.activity.intake`` writes them.
"""

from typing import NamedTuple


class Who(NamedTuple):
    """A person as a source spells them; every field may be empty."""

    name: str = ""
    email: str = ""
    login: str = ""  # a handle on the source: a GitHub login, a Phabricator user name
    github_id: int | None = None  # GitHub's numeric account id, which a rename does not change


class Deed(NamedTuple):
    """What somebody did about a change: ``reviewed``, ``mentored``, ``tested``, ...

    Parameters
    ----------
    kind : word of the open vocabulary of activity kinds
    who : the one who did it
    at : seconds UTC, or None when the change's own time is the best that is known
    external_id : the source's own id of the deed, or "" when (change, who, kind) identifies it
    """

    kind: str
    who: Who
    at: int | None = None
    external_id: str = ""


class ChangeRecord(NamedTuple):
    """A commit or a pull request as its source tells it."""

    external_id: str  # a commit's full hash; "pull/123" or "issue/123" for GitHub
    kind: str  # "commit", "pull_request", "issue", "release"
    author: Who
    committer: Who | None
    authored_at: int | None  # None: the source's date is not to be believed, see oddities
    author_offset: int | None  # minutes east of UTC
    committed_at: int | None
    committer_offset: int | None
    subject: str
    paths: tuple[str, ...] | None  # None: unknown (merge, shallow edge); capped, see path_count
    path_count: int  # how many paths the change really touched
    is_merge: bool = False
    is_import: bool = False  # carried over from another system (``Differential Revision``)
    is_merged: bool | None = None  # pull requests only; None: not known
    pull_request: int | None = None
    differential: str = ""  # "D106106843"
    ai_assistants: tuple[str, ...] = ()  # lower-case names: "claude", "copilot", ...
    deeds: tuple[Deed, ...] = ()
    oddities: tuple[str, ...] = ()  # codes of what was survived: "date-before-1990", "bad-encoding"
