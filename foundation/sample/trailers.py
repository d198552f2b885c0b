"""The whole commit message: subject with its marks, body, trailers; and who committed it."""

from datetime import datetime
from hashlib import sha1
from random import Random
from zoneinfo import ZoneInfo

from .cast import Address, Bot, Person
from .plot import Change
from .projects import Plan

WEB = Address("GitHub", "noreply@github.com")
FIRST_REVISION = 80_000_000
THIRD_PARTY = ("Tested-by", "Acked-by", "Reported-by", "Suggested-by", "Helped-by")


class Scribe:
    """Writes the messages of one project in the project's own habit."""

    def __init__(self, plan: Plan, cast: dict[str, Person], bots: dict[str, Bot], rng: Random):
        self.plan = plan
        self.cast = cast
        self.bots = bots
        self.rng = rng
        self._habits = {
            "phabricator": self._phabricator,
            "kernel": self._kernel,
            "mergebot": self._mergebot,
        }

    def message(self, change: Change) -> str:
        """Subject, blank line, body and trailers, ending in one newline."""
        squashed = self.plan.habit != "kernel" and change.kind != "start" and not change.merged
        head = f"{change.subject} (#{change.number})" if squashed else change.subject
        trailers = [] if change.kind in ("start", "bot") else self._trailers(change)
        if change.kind == "bot" and self.rng.random() < 0.6:
            trailers = [f"Signed-off-by: {change.signature}"]
        parts = [head, change.body, "\n".join(trailers)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def merge_message(self, change: Change) -> str:
        """What the merge of a pull request says when it was not squashed."""
        login = self.cast[change.author].login
        topic = f"{change.area}-{change.number}"
        return f"Merge pull request #{change.number} from {login}/{topic}\n\n{change.subject}\n"

    def committer(self, change: Change) -> tuple[Address, datetime]:
        """Who put the change on the main line, and when in their own time zone."""
        landed = change.landed_at
        if change.kind == "start":
            return change.signature, change.authored_at
        if self.plan.habit in ("phabricator", "mergebot"):
            bot = self.bots["mergebot"]
            return Address(bot.name, bot.email), landed
        if self.plan.habit == "kernel" and change.reviewers:
            person = self.cast[change.reviewers[0]]
            signature = person.signature(landed.date(), self.rng)
            return signature, landed.astimezone(ZoneInfo(person.zone))
        return WEB, landed

    def _trailers(self, change: Change) -> list[str]:
        lines = self._habits.get(self.plan.habit, self._plain)(change)
        if change.mentor:
            lines.append(f"Mentored-by: {self._sign(change.mentor, change)}")
        if change.assistant:
            lines.insert(0, f"Co-authored-by: {change.assistant}")
        elif len(change.reviewers) > 1 and self.rng.random() < 0.06:
            lines.insert(0, f"Co-authored-by: {self._sign(change.reviewers[1], change)}")
        return lines

    def _phabricator(self, change: Change) -> list[str]:
        """Handles of company people in Reviewed By, links to the logins of the others."""
        people = [self.cast[key] for key in change.reviewers]
        day = change.landed_at.date()
        handles = [handle for person in people if (handle := person.handle(day))]
        logins = [person.login for person in people if not person.handle(day)]
        lines = []
        if self.rng.random() < 0.08:
            lines.append(f"ghstack-source-id: {self._token(change)}")
        lines.append(f"Pull Request resolved: {self._pull(change)}")
        if logins:
            lines.append(self._approved(logins))
        if handles:
            lines.append(f"Reviewed By: {', '.join(handles)}")
            lines.append(f"Differential Revision: D{FIRST_REVISION + 37 * change.number}")
        return lines

    def _mergebot(self, change: Change) -> list[str]:
        lines = [f"Pull Request resolved: {self._pull(change)}"]
        if change.reviewers:
            lines.append(self._approved([self.cast[key].login for key in change.reviewers]))
        return lines

    def _kernel(self, change: Change) -> list[str]:
        lines = [f"Signed-off-by: {change.signature}", *self._reviewed(change)]
        if change.reviewers and self.rng.random() < 0.2:
            name = self.rng.choice(THIRD_PARTY)
            lines.append(f"{name}: {self._sign(self.rng.choice(change.reviewers), change)}")
        return lines

    def _plain(self, change: Change) -> list[str]:
        lines = self._reviewed(change)
        if self.rng.random() < 0.15:
            lines.append(f"Signed-off-by: {change.signature}")
        return lines

    def _reviewed(self, change: Change) -> list[str]:
        return [f"Reviewed-by: {self._sign(key, change)}" for key in change.reviewers]

    def _sign(self, key: str, change: Change) -> Address:
        return self.cast[key].signature(change.landed_at.date(), self.rng)

    def _pull(self, change: Change) -> str:
        return f"https://github.com/{self.plan.github}/pull/{change.number}"

    def _approved(self, logins: list[str]) -> str:
        return "Approved by: " + ", ".join(f"https://github.com/{login}" for login in logins)

    def _token(self, change: Change) -> str:
        return sha1(f"{self.plan.slug}{change.number}".encode()).hexdigest()
