"""GitHub events of the last weeks, one JSON object a line, in the shape of GH Archive."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from . import words
from .careers import Calendar
from .cast import Bot, Person
from .plot import Change
from .projects import ORGANISATION, Plan

DAYS = 60
PART = ".part"
TOLD = 0.12  # share of changes that have events; all of the newcomers' have
FIRST_REPOSITORY_ID = 980_000_000
FIRST_EVENT_ID = 47_000_000_000
ORGANISATION_ID = 979_000_001


class Teller:
    """Turns changes into events."""

    def __init__(
        self,
        cast: dict[str, Person],
        bots: dict[str, Bot],
        calendar: Calendar,
        newcomers: set[str],
        rng: Random,
    ):
        self.cast = cast
        self.bots = bots
        self.calendar = calendar
        self.newcomers = newcomers
        self.rng = rng

    def tell(self, plan: Plan, index: int, changes: list[tuple[Change, str]]) -> list[dict]:
        """The events of one project from its changes and their commit hashes, unsorted."""
        repository = {"id": FIRST_REPOSITORY_ID + index, "name": plan.github}
        since = self.calendar.ends_at - timedelta(days=DAYS)
        told: list[dict] = []
        for change, commit in changes:
            if change.kind != "change" or change.authored_at < since:
                continue
            if change.author in self.newcomers or self.rng.random() < TOLD:
                told += [{**e, "repo": repository} for e in self._pull(plan, change, commit)]
            if self.rng.random() < 0.06:
                told += [{**e, "repo": repository} for e in self._issue(plan, change)]
        return [event for event in told if _moment(event) < self.calendar.ends_at]

    def _pull(self, plan: Plan, change: Change, commit: str) -> Iterator[dict]:
        """A pull request opened, reviewed, talked about and closed."""
        pull = self._pull_request(plan, change)
        number = change.number
        opened = {"action": "opened", "number": number, "pull_request": pull}
        yield self._event("PullRequestEvent", change.author, change.authored_at, opened)
        span = change.landed_at - change.authored_at
        for place, reviewer in enumerate(change.reviewers, start=1):
            moment = change.authored_at + span * place / (len(change.reviewers) + 1)
            review = {"state": "approved", "user": self._user(reviewer), "body": ""}
            review["submitted_at"] = _stamp(moment)
            payload = {"action": "created", "review": review, "pull_request": pull}
            yield self._event("PullRequestReviewEvent", reviewer, moment, payload)
            if self.rng.random() < 0.35:
                issue = {"number": number, "title": change.subject, "pull_request": {}}
                yield self._comment(reviewer, moment - span / 20, issue | {"user": pull["user"]})
        yield self._closed(plan, change, commit, pull)

    def _closed(self, plan: Plan, change: Change, commit: str, pull: dict) -> dict:
        """The end of a pull request: merged by GitHub, or closed and labelled by a bot."""
        by_bot = plan.habit in ("phabricator", "mergebot")
        done = pull | {
            "state": "closed",
            "merged": not by_bot,
            "merged_at": None if by_bot else _stamp(change.landed_at),
            "closed_at": _stamp(change.landed_at),
            "merge_commit_sha": commit,
            "labels": [{"name": "Merged"}] if by_bot else [],
        }
        closer = "mergebot" if by_bot else (change.reviewers or [change.author])[0]
        payload = {"action": "closed", "number": change.number, "pull_request": done}
        return self._event("PullRequestEvent", closer, change.landed_at, payload)

    def _issue(self, plan: Plan, change: Change) -> Iterator[dict]:
        """A problem reported in the area of a change, and who answered."""
        area = plan.areas[change.area]
        title = f"Problem with {self.rng.choice(area.things)} {self.rng.choice(plan.cases)}"
        issue = {
            "number": change.number - 1,
            "title": title,
            "labels": [{"name": area.slug}],
            "user": self._user(change.author),
        }
        moment = change.authored_at - timedelta(hours=self.rng.uniform(2, 60))
        payload = {"action": "opened", "issue": issue}
        yield self._event("IssuesEvent", change.author, moment, payload)
        for reviewer in (*change.reviewers, "beatrix"):
            moment += timedelta(hours=self.rng.uniform(0.5, 8))
            yield self._comment(reviewer, moment, issue)

    def _comment(self, author: str, moment: datetime, issue: dict) -> dict:
        comment = {"body": words.comment(self.rng), "user": self._user(author)}
        payload = {"action": "created", "issue": issue, "comment": comment}
        return self._event("IssueCommentEvent", author, moment, payload)

    def _pull_request(self, plan: Plan, change: Change) -> dict:
        return {
            "number": change.number,
            "title": change.subject,
            "state": "open",
            "user": self._user(change.author),
            "html_url": f"https://github.com/{plan.github}/pull/{change.number}",
            "base": {"ref": "main"},
            "labels": [],
        }

    def _event(self, kind: str, actor: str, moment: datetime, payload: dict) -> dict:
        return {
            "type": kind,
            "actor": self._user(actor),
            "payload": payload,
            "public": True,
            "created_at": _stamp(moment),
            "org": {"id": ORGANISATION_ID, "login": ORGANISATION},
        }

    def _user(self, key: str) -> dict:
        if key in self.bots:
            bot = self.bots[key]
            return {"id": bot.github_id, "login": bot.login, "type": "Bot"}
        person = self.cast[key]
        return {"id": person.github_id, "login": person.login, "type": "User"}


def write(path: Path, events: list[dict]) -> None:
    """Number the events in order of time and write them, one a line, all or none."""
    ordered = sorted(events, key=lambda event: (event["created_at"], event["repo"]["id"]))
    part = path.with_suffix(PART)
    with part.open("w", encoding="utf-8") as out:
        for index, event in enumerate(ordered):
            line = {"id": str(FIRST_EVENT_ID + 13 * index)} | event
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    part.replace(path)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(event: dict) -> datetime:
    return datetime.fromisoformat(event["created_at"])
