import io
import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.activity.sources.github_events import read_events
from foundation.activity.sources.record import BadLine, EventRecord, SkippedEvent, Who

AT = int(datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC).timestamp())
ZED = {"login": "zed", "id": 9, "type": "User"}
THREAD = {"number": 12, "title": "Fix it", "user": ZED, "state": "open", "labels": []}
TOLD = {
    "actor": Who(login="ann", github_id=5),
    "at": AT,
    "repository": "o/r",
    "repository_id": 7,
}
ABOUT = TOLD | {"number": 12, "title": "Fix it", "author": Who(login="zed", github_id=9)}


def event(type_, payload, **others):
    return {
        "id": "123",
        "type": type_,
        "actor": {"id": 5, "login": "ann", "display_login": "ann", "url": "https://x.example"},
        "repo": {"id": 7, "name": "o/r", "url": "https://x.example"},
        "payload": payload,
        "public": True,
        "created_at": "2025-03-04T05:06:07Z",
    } | others


def read(*lines, **options):
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return list(read_events(io.BytesIO(b"\n".join(texts)), **options))


def thread(**others):
    return THREAD | others


@pytest.mark.parametrize(
    ("type_", "payload", "told"),
    [
        (
            "PullRequestEvent",
            {"action": "opened", "number": 12, "pull_request": thread(merged=False)},
            ("event/123", "opened_pull_request", {"is_merged": False}),
        ),
        (
            "PullRequestEvent",
            {
                "action": "closed",
                "pull_request": thread(
                    state="closed",
                    merged=True,
                    created_at="2025-03-01T00:00:00Z",
                    closed_at="2025-03-04T05:06:06Z",
                    merged_at="2025-03-04T05:06:06Z",
                    merged_by={"login": "ann", "id": 5},
                    merge_commit_sha="ab" * 20,
                ),
            },
            (
                "event/123",
                "merged_pull_request",
                {
                    "state": "closed",
                    "is_merged": True,
                    "opened_at": AT - 277_567,
                    "closed_at": AT - 1,
                    "merged_at": AT - 1,
                    "merged_by": Who(login="ann", github_id=5),
                    "commit": "ab" * 20,
                },
            ),
        ),
        (
            "PullRequestEvent",
            {
                "action": "closed",
                "pull_request": thread(state="closed", merged=False, labels=[{"name": "Merged"}]),
            },
            (
                "event/123",
                "closed_pull_request",
                {
                    "state": "closed",
                    "is_merged": False,
                    "has_merged_label": True,
                    "labels": ("Merged",),
                },
            ),
        ),
        (
            "PullRequestEvent",
            {"action": "reopened", "pull_request": thread()},
            ("event/123", "reopened_pull_request", {}),
        ),
        (
            "PullRequestReviewEvent",
            {
                "action": "created",
                "review": {"id": 55, "state": "APPROVED", "user": {"login": "ann"}},
                "pull_request": thread(),
            },
            ("review/55", "reviewed", {"review_state": "approved"}),
        ),
        (
            "PullRequestReviewCommentEvent",
            {"action": "created", "comment": {"id": 77}, "pull_request": thread()},
            ("review_comment/77", "review_comment", {}),
        ),
        (
            "IssueCommentEvent",
            {"action": "created", "comment": {"id": 77}, "issue": thread(pull_request={"url": ""})},
            ("comment/77", "commented", {}),
        ),
    ],
)
def test_what_happened_to_a_pull_request_is_told(type_, payload, told):
    external_id, kind, others = told
    expected = {"change": "pull/12", "state": "open", "has_merged_label": False} | others
    assert read(event(type_, payload)) == [EventRecord(external_id, kind, **ABOUT, **expected)]


@pytest.mark.parametrize(
    ("action", "state", "kind"),
    [
        ("opened", "open", "opened_issue"),
        ("closed", "closed", "closed_issue"),
        ("reopened", "open", "reopened_issue"),
    ],
)
def test_what_happened_to_an_issue_is_told(action, state, kind):
    told = read(event("IssuesEvent", {"action": action, "issue": thread(state=state)}))
    expected = {"change": "issue/12", "state": state, "has_merged_label": False}
    assert told == [EventRecord("event/123", kind, **ABOUT, **expected)]


def test_a_release_and_a_push_are_told():
    release = {"id": 9, "tag_name": "v1.0", "name": "One", "author": ZED}
    assert read(
        event("ReleaseEvent", {"action": "published", "release": release}),
        event("PushEvent", {"push_id": 1, "head": "cd" * 20, "commits": [{"sha": "1"}]}),
    ) == [
        EventRecord(
            "release/9",
            "released",
            **TOLD,
            change="release/v1.0",
            title="One",
            author=Who(login="zed", github_id=9),
        ),
        EventRecord("event/123", "pushed", **TOLD, commit="cd" * 20),
    ]


def test_a_payload_cut_in_october_2025_tells_what_it_does_not_know():
    cut = {"action": "closed", "number": 12, "pull_request": {"id": 3, "number": 12, "head": {}}}
    assert read(
        event("PullRequestEvent", cut), event("PullRequestEvent", cut | {"action": "merged"})
    ) == [
        EventRecord(
            "event/123", "closed_pull_request", **TOLD, change="pull/12", number=12, state="closed"
        ),
        EventRecord(
            "event/123",
            "merged_pull_request",
            **TOLD,
            change="pull/12",
            number=12,
            state="closed",
            is_merged=True,
        ),
    ]


def test_a_label_is_told_when_it_is_put_on():
    payload = {"action": "labeled", "label": {"name": "merged"}, "pull_request": {"number": 12}}
    (told,) = read(event("PullRequestEvent", payload))
    assert (told.kind, told.labels, told.has_merged_label) == ("labeled", ("merged",), True)


def test_bots_pass_and_are_marked():
    bot = {"id": 1, "login": "app[bot]"}
    robot = {"id": 2, "login": "robot", "type": "Bot"}
    (told,) = read(
        event("IssuesEvent", {"action": "opened", "issue": thread(user=robot)}, actor=bot)
    )
    assert (told.actor, told.actor_is_bot) == (Who(login="app[bot]", github_id=1), True)
    assert (told.author, told.author_is_bot) == (Who(login="robot", github_id=2), True)


def test_bad_lines_are_told_with_their_numbers_and_the_rest_is_read():
    good = event("PushEvent", {})
    told = read(
        good,
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        event("WatchEvent", {"action": "started"}),
        event("IssuesEvent", {"action": "assigned", "issue": THREAD}),
        event("PushEvent", {}, actor={"login": None}),
        event("PushEvent", {}, repo={"name": "no owner"}),
        event("PushEvent", {}, created_at="1970-01-01T00:00:00Z"),
        event("PushEvent", {}, created_at="2999-01-01T00:00:00Z"),
        event("PushEvent", {}, created_at="yesterday"),
        event("PushEvent", {}, id="x"),
        event("IssuesEvent", {"action": "opened", "issue": {"number": 1 << 70}}),
        b"[" * 100_000,
        good,
    )
    assert [type(outcome) for outcome in told] == [
        EventRecord,
        BadLine,
        BadLine,
        BadLine,
        SkippedEvent,
        SkippedEvent,
        *[BadLine] * 8,
        EventRecord,
    ]
    assert [outcome.number for outcome in told[1:-1]] == list(range(3, 16))
    assert told[5] == SkippedEvent(7, "IssuesEvent/assigned")
    assert told[6:10] == [
        BadLine(8, "the actor has no login"),
        BadLine(9, "the repository's name is none"),
        BadLine(10, "the date is before 1990 or in the future"),
        BadLine(11, "the date is before 1990 or in the future"),
    ]


def test_text_is_one_clean_line_of_bounded_length():
    odd = thread(title="a\x00b\r\n" + "x" * 400, labels=[{"name": "\x07"}, {"name": "ok"}] * 500)
    (told,) = read(event("IssuesEvent", {"action": "opened", "issue": odd}))
    assert told.title == "a b " + "x" * 296
    assert told.labels == ("ok",)


def test_an_overlong_line_is_passed_over_in_pieces():
    good = event("PushEvent", {})
    told = read(good, b"x" * 5_000, good, b"y" * 1_000, max_line=1_000)
    assert [type(outcome) for outcome in told] == [EventRecord, BadLine, EventRecord, BadLine]
    assert told[1] == BadLine(2, "longer than 1,000 bytes")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
TYPES = ["PullRequestEvent", "IssuesEvent", "PullRequestReviewEvent", "ReleaseEvent", "PushEvent"]
PAYLOAD = st.fixed_dictionaries(
    {"action": st.sampled_from(["opened", "closed", "created", "published", "labeled"]) | JSON},
    optional={
        name: JSON
        | st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ["number", "id", "title", "user", "state", "labels", "merged_at"], JSON
            ),
        )
        for name in ["pull_request", "issue", "review", "comment", "release", "label", "head"]
    },
)
EVENTS = st.builds(
    event,
    st.sampled_from(TYPES),
    PAYLOAD | JSON,
    created_at=st.datetimes().map(datetime.isoformat) | JSON | st.just("2025-03-04T05:06:07Z"),
)


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"\n", b"")) | EVENTS | JSON))
def test_every_line_has_one_outcome_and_none_raises(lines):
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    told = read(*texts)
    assert len(told) == sum(bool(text.strip()) for text in texts)
    msgspec.json.encode(told)  # whatever was read is text that can be stored
