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


class EventRecord(NamedTuple):
    """One public event about a pull request, an issue or a release, as GitHub tells it.

    Parameters
    ----------
    external_id : ``review/55``, ``review_comment/77``, ``comment/77``, ``release/9`` (the thing
        itself, however often it is told) or else ``event/123``
    kind : ``opened_pull_request``, ``merged_pull_request``, ``closed_pull_request``,
        ``reopened_pull_request``, ``reviewed``, ``review_comment``, ``opened_issue``,
        ``closed_issue``, ``reopened_issue``, ``commented``, ``released``, ``labeled`` or ``pushed``
        (a hint that there is something to fetch, never authorship)
    repository : ``owner/name`` as spelled in the event
    change : ``pull/12``, ``issue/7``, ``release/v1.0``, or "" for a push
    author : who opened the pull request or issue, None when the event does not tell
    is_merged, has_merged_label : None when the event does not tell
    """

    external_id: str
    kind: str
    actor: Who
    at: int  # seconds UTC
    repository: str
    repository_id: int | None = None
    change: str = ""
    number: int | None = None
    title: str = ""
    author: Who | None = None
    state: str = ""  # "open", "closed", "" when not told
    is_merged: bool | None = None
    has_merged_label: bool | None = None
    labels: tuple[str, ...] = ()
    review_state: str = ""  # "approved", "changes_requested", "commented", "dismissed"
    opened_at: int | None = None
    merged_at: int | None = None
    closed_at: int | None = None
    merged_by: Who | None = None
    commit: str = ""  # the merge commit, or the head after a push
    actor_is_bot: bool = False
    author_is_bot: bool = False


class BadLine(NamedTuple):
    """A line that is no event: its number, counted from 1, and why in a few plain words."""

    number: int
    reason: str


class SkippedEvent(NamedTuple):
    """A well-formed event of a type or action that tells nothing about anybody's work."""

    number: int
    type: str
