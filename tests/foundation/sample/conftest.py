"""One sample for all its tests, and its histories as git tells them."""

import re
import subprocess
import time
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from foundation.sample.community import build

ENDS_ON = date(2026, 6, 1)
FORMAT = "%x1e%H%x1f%an%x1f%ae%x1f%aI%x1f%cI%x1f%P%x1f%B%x1f"
EMAIL_REVIEW = re.compile(r"^Reviewed-by: .*<(.+)>$", re.MULTILINE)
HANDLE_REVIEW = re.compile(r"^Reviewed By: (.+)$", re.MULTILINE)
LOGIN_REVIEW = re.compile(r"^Approved by: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Commit:
    """A commit as read from git, people by the keys of the cast."""

    hash: str
    author: str
    email: str
    authored_at: datetime
    landed_at: datetime
    parents: tuple[str, ...]
    message: str
    paths: tuple[str, ...]
    reviewers: tuple[str, ...]


class Directory:
    """Who stands behind an address, a handle at work, a login."""

    def __init__(self, community):
        self.emails = {a.email: p.key for p in community.people for a in p.addresses}
        self.logins = {person.login: person.key for person in community.people}
        self.handles = {
            address.email.split("@")[0]: person.key
            for person in community.people
            for address in person.addresses
            for job in person.affiliations
            if address.email.endswith(f"@{job.domain}")
        }
        self.bots = {(bot.name, bot.email): bot.key for bot in community.bots}

    def author(self, name, email):
        return self.bots.get((name, email)) or self.emails[email]

    def reviewers(self, message):
        keys = [self.emails[email] for email in EMAIL_REVIEW.findall(message)]
        for names in HANDLE_REVIEW.findall(message):
            keys += [self.handles[handle] for handle in names.split(", ")]
        for links in LOGIN_REVIEW.findall(message):
            keys += [self.logins[link.rpartition("/")[2]] for link in links.split(", ")]
        return tuple(keys)


def read_log(repository, directory):
    """All commits of a repository, the oldest first."""
    output = run_git(repository, "log", "--reverse", "--name-only", f"--format={FORMAT}", "main")
    for record in output.split("\x1e")[1:]:
        commit, name, email, authored, landed, parents, message, paths = record.split("\x1f")
        yield Commit(
            commit,
            directory.author(name, email),
            email,
            datetime.fromisoformat(authored),
            datetime.fromisoformat(landed),
            tuple(parents.split()),
            message,
            tuple(paths.split()),
            directory.reviewers(message),
        )


def run_git(repository, *arguments):
    command = ["git", "-C", repository, *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="session")
def git():
    """Runs git in a repository and returns what it prints."""
    return run_git


@pytest.fixture(scope="session")
def community(tmp_path_factory):
    started = time.perf_counter()
    made = build(tmp_path_factory.mktemp("halyard") / "sample", ends_on=ENDS_ON)
    print(f"built in {time.perf_counter() - started:.1f} s")
    return made


@pytest.fixture(scope="session")
def logs(community):
    directory = Directory(community)
    return {p.slug: list(read_log(p.repository, directory)) for p in community.projects}


@pytest.fixture(scope="session")
def humans(community):
    return {person.key for person in community.people}
