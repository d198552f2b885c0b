"""Reads GitHub's public events, one JSON object a line: GH Archive files and REST answers alike.

Events are a hint that has holes (GH Archive misses hours, payloads were cut in October 2025); who
wrote what is taken from git.
"""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from foundation.activity.sources.event_lines import EventLines, open_events
from foundation.activity.sources.event_payload import Account, Event, Payload, Stamp, Thread
from foundation.activity.sources.idents import DAY, EARLIEST
from foundation.activity.sources.record import BadLine, EventRecord, SkippedEvent, Who

__all__ = ["EventOutcome", "open_events", "read_events"]

EventOutcome = EventRecord | BadLine | SkippedEvent

LONGEST_LINE = 8 << 20
LONGEST_TITLE = 300
LONGEST_REASON = 200
MOST_LABELS = 100
MERGED_LABEL = "merged"  # what pytorchmergebot puts on a pull request it landed and closed
REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")
LOGIN = re.compile(r"[A-Za-z0-9_.-]{1,100}(?:\[bot\])?")
EVENT_ID = re.compile(r"[0-9]{1,30}")
HASH = re.compile(r"[0-9a-f]{40,64}")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

PULL_REQUEST_KINDS = {
    "opened": "opened_pull_request",
    "closed": "closed_pull_request",
    "merged": "merged_pull_request",
    "reopened": "reopened_pull_request",
    "labeled": "labeled",
}
ISSUE_KINDS = {
    "opened": "opened_issue",
    "closed": "closed_issue",
    "reopened": "reopened_issue",
    "labeled": "labeled",
}
ACTIONS = {  # type of event -> {action: kind}; None stands for a type without actions
    "PullRequestEvent": PULL_REQUEST_KINDS,
    "IssuesEvent": ISSUE_KINDS,
    "PullRequestReviewEvent": {"created": "reviewed", "submitted": "reviewed"},
    "PullRequestReviewCommentEvent": {"created": "review_comment"},
    "IssueCommentEvent": {"created": "commented"},
    "ReleaseEvent": {"published": "released", "released": "released"},
    "PushEvent": {None: "pushed"},
}

decode_stamp = msgspec.json.Decoder(Stamp).decode
decode_event = msgspec.json.Decoder(Event).decode


def read_events(
    stream: BinaryIO | EventLines, *, max_line: int = LONGEST_LINE, now: float = 0
) -> Iterator[EventOutcome]:
    """Yield for every line what it is: an event, a type we do not read, or a bad line.

    Lines count from 1; empty ones are passed over. Memory is bounded by `max_line`. `now` is the
    time (seconds UTC; 0 is the clock's) after which, and a day, a date is taken for a mistake.
    """
    latest = int(now or time.time()) + DAY
    number = 0
    while line := stream.readline(max_line):
        number += 1
        if len(line) >= max_line and not line.endswith(b"\n"):
            skip_line(stream, max_line)
            yield BadLine(number, f"longer than {max_line:,} bytes")
        elif line.strip():
            yield read_event(line, number, latest)


def skip_line(stream: BinaryIO, size: int) -> None:
    """Read to the end of the current line, in pieces of `size`."""
    while (rest := stream.readline(size)) and not rest.endswith(b"\n"):
        continue


def read_event(line: bytes, number: int, latest: int) -> EventOutcome:
    """Return what one line tells; it never raises."""
    try:
        type_ = decode_stamp(line).type
        if type_ not in ACTIONS:
            return SkippedEvent(number, cleaned(type_, 60))
        event = decode_event(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return BadLine(number, cleaned(f"not an event: {error}", LONGEST_REASON))
    at = seconds(event.created_at, latest)
    reason = "the date is before 1990 or in the future" if at is None else reason_against(event)
    if reason:
        return BadLine(number, reason)
    payload = event.payload or Payload()
    kind = ACTIONS[type_].get(None if type_ == "PushEvent" else payload.action)
    if kind is None:
        return SkippedEvent(number, cleaned(f"{type_}/{payload.action}", 60))
    return record_of(event, payload, kind, at)


def reason_against(event: Event) -> str:
    """Return why the event is not to be believed, "" when it is."""
    if not REPOSITORY.fullmatch(event.repo.name):
        return "the repository's name is none"
    if not LOGIN.fullmatch(event.actor.login or ""):
        return "the actor has no login"
    if not EVENT_ID.fullmatch(str(event.id)):
        return "the event's id is none"
    return ""


def record_of(event: Event, payload: Payload, kind: str, at: int) -> EventRecord:
    """Return the record of a believable event."""
    thread = payload.pull_request or payload.issue or Thread()
    is_pull_request = payload.pull_request is not None or thread.pull_request is not None
    number = thread.number or payload.number
    labels = labels_of(payload, thread)
    is_merged = merge_flag(thread, payload.action)
    if kind == "closed_pull_request" and is_merged:
        kind = "merged_pull_request"
    if kind.endswith("_issue") and is_pull_request:
        kind = kind.replace("_issue", "_pull_request")
    latest = at + DAY
    return EventRecord(
        external_id=external_id(event, payload, kind),
        kind=kind,
        actor=account_of(event.actor) or Who(),
        at=at,
        repository=event.repo.name,
        repository_id=event.repo.id,
        change=change_of(payload, number, is_pull_request),
        number=number,
        title=cleaned(title_of(payload, thread)),
        author=account_of(payload.release.author if payload.release else thread.user),
        state=state_of(kind, thread),
        is_merged=is_merged if is_pull_request else None,
        has_merged_label=has_merged_label(labels, payload, thread),
        labels=labels,
        review_state=cleaned((payload.review and payload.review.state or "").lower(), 30),
        opened_at=seconds(thread.created_at, latest),
        merged_at=seconds(thread.merged_at, latest),
        closed_at=seconds(thread.closed_at, latest),
        merged_by=account_of(thread.merged_by),
        commit=commit_of(payload, thread),
        actor_is_bot=is_bot(event.actor),
        author_is_bot=is_bot(thread.user),
    )


def external_id(event: Event, payload: Payload, kind: str) -> str:
    """Return the id of the thing the event tells of, so that telling it twice changes nothing."""
    things = {
        "reviewed": ("review", payload.review),
        "review_comment": ("review_comment", payload.comment),
        "commented": ("comment", payload.comment),
        "released": ("release", payload.release),
    }
    noun, thing = things.get(kind, ("", None))
    return f"{noun}/{thing.id}" if thing is not None and thing.id else f"event/{event.id}"


def change_of(payload: Payload, number: int | None, is_pull_request: bool) -> str:
    """Return the id of the change the deed is about, "" for a push or an untold number."""
    if payload.release is not None:
        return f"release/{cleaned(payload.release.tag_name or '', 200)}"
    if number is None:
        return ""
    return f"{'pull' if is_pull_request else 'issue'}/{number}"


def title_of(payload: Payload, thread: Thread) -> str:
    """Return the title of the pull request, issue or release."""
    if payload.release is not None:
        return payload.release.name or payload.release.tag_name or ""
    return thread.title or ""


def merge_flag(thread: Thread, action: str | None) -> bool | None:
    """Return GitHub's own word on whether the pull request was merged, None when it says none."""
    if thread.merged_at is not None or action == "merged":
        return True
    return thread.merged


def state_of(kind: str, thread: Thread) -> str:
    """Return "open" or "closed": as told, else as the deed left it."""
    if thread.state in ("open", "closed"):
        return thread.state
    if kind.startswith(("closed_", "merged_")):
        return "closed"
    return "open" if kind.startswith(("opened_", "reopened_")) else ""


def labels_of(payload: Payload, thread: Thread) -> tuple[str, ...]:
    """Return the labels told: those of the change, and the one just put on it."""
    told = [*(thread.labels or ())[:MOST_LABELS], payload.label]
    names = [cleaned(label.name or "", 100) for label in told if label is not None]
    return tuple(dict.fromkeys(filter(None, names)))


def has_merged_label(labels: tuple[str, ...], payload: Payload, thread: Thread) -> bool | None:
    """Tell whether the label ``Merged`` is on the change, None when labels were not told."""
    if any(label.lower() == MERGED_LABEL for label in labels):
        return True
    return None if thread.labels is None else False


def commit_of(payload: Payload, thread: Thread) -> str:
    """Return the merge commit's hash, or the head's after a push."""
    found = thread.merge_commit_sha or payload.head or ""
    return found if HASH.fullmatch(found) else ""


def account_of(account: Account | None) -> Who | None:
    """Return the person behind an account, None when there is none (a deleted one)."""
    if account is None or not LOGIN.fullmatch(account.login or ""):
        return None
    return Who(login=account.login, github_id=account.id or None)


def is_bot(account: Account | None) -> bool:
    """Tell whether GitHub itself calls the account a bot."""
    if account is None:
        return False
    return account.type == "Bot" or (account.login or "").endswith("[bot]")


def seconds(moment: datetime | None, latest: int) -> int | None:
    """Return seconds UTC of a moment between 1990 and `latest`, else None."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    at = int(aware.timestamp())
    return at if EARLIEST <= at <= latest else None


def cleaned(text: str, length: int = LONGEST_TITLE) -> str:
    """Return one printable line of at most `length` characters."""
    return UNPRINTABLE.sub(" ", text[: 4 * length]).strip()[:length]
