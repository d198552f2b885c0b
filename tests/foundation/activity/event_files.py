"""Files of GitHub events about one pull request, and what was kept of them."""

import gzip
import json
from collections import Counter
from zlib import crc32

from foundation.activity.models import Activity


def account(login):
    return {"id": crc32(login.encode()), "login": login}


def event(number, kind, actor, payload, *, at="2026-05-01T10:00:00Z", repo="mill/loom"):
    return {
        "id": str(number),
        "type": kind,
        "actor": account(actor),
        "repo": {"id": 1, "name": repo},
        "payload": payload,
        "created_at": at,
    }


def pull(author="ada", **more):
    return {
        "number": 7,
        "title": "Weave",
        "state": "open",
        "user": account(author),
        "created_at": "2026-05-01T09:00:00Z",
        "html_url": "https://github.com/mill/loom/pull/7",
        **more,
    }


def write(tmp_path, *events, name="events.json"):
    lines = "".join(e if isinstance(e, str) else json.dumps(e) + "\n" for e in events)
    path = tmp_path / name
    path.write_bytes(gzip.compress(lines.encode()) if name.endswith("gz") else lines.encode())
    return str(path)


REVIEW = event(
    2,
    "PullRequestReviewEvent",
    "ben",
    {
        "action": "created",
        "review": {
            "id": 55,
            "state": "approved",
            "user": account("ben"),
            "submitted_at": "2026-05-01T10:00:00Z",
        },
        "pull_request": pull(),
    },
)
OPENED = event(
    1, "PullRequestEvent", "ada", {"action": "opened", "number": 7, "pull_request": pull()}
)
CLOSED = event(
    3,
    "PullRequestEvent",
    "mergebot",
    {
        "action": "closed",
        "number": 7,
        "pull_request": pull(state="closed", merged=False, labels=[{"name": "Merged"}]),
    },
    at="2026-05-02T10:00:00Z",
)


def deeds():
    return Counter(
        Activity.objects.values_list(
            "identity__login", "kind", "counterpart__login", "change__external_id"
        )
    )
