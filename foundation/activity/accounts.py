"""Whose account an author has, as the pull requests tell that their commits landed.

Where a bot lands changes, GitHub names no commit for a pull request; the commit names its number.
The author of a pull request need not be that of the commit (it may be carried over for somebody),
so all that landed for an account, and of an author, must agree.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, QuerySet

from foundation.activity.models import Change
from foundation.people.models import Identity
from foundation.people.names import clashing_groups, read_name
from foundation.projects.models import Repository

CLOSING = ("merged_pull_request", "closed_pull_request")
SOON = timedelta(days=1)  # a pull request is closed when its commit lands
ENOUGH = 2  # pull requests that landed as one author's; one will do where the login is the name


class Opened(NamedTuple):
    """A closed pull request: the account that opened it, and when it was closed."""

    account: int
    login: str
    closed_at: datetime


def learn_accounts(repository: Repository) -> int:
    """Note the account number of authors whose commits landed its pull requests; how many are new.

    What contradicts itself proves nothing: one author for two accounts, one account for unlike
    names. A number that is known stays.
    """
    if not has_pull_requests(repository):
        return 0  # the usual case, asked before anything is joined
    opened = _opened(repository)
    if not opened:
        return 0
    authors, logins = {}, {}
    landed: Counter = Counter()  # (identity, account) → pull requests
    for number, landed_at, identity in _landings(repository):
        pull = opened.get(number)
        if pull and abs(pull.closed_at - landed_at) <= SOON:
            authors[identity.pk], logins[pull.account] = identity, pull.login
            landed[identity.pk, pull.account] += 1
    fresh = 0
    for pk, account in _agreed(landed, authors):
        one = authors[pk]
        is_sure = landed[pk, account] >= ENOUGH or _is_name(logins[account], one.name)
        if is_sure and one.github_id is None and one.api_github_id is None:
            among = Identity.objects.filter(kind=Identity.Kind.HUMAN, is_locked=False)
            fresh += note_account(pk, account, among=among)
    return fresh


def has_pull_requests(repository: Repository) -> bool:
    return repository.changes.filter(kind="pull_request").exists()


def note_account(identity: int, account: int, *, among: QuerySet[Identity] | None = None) -> int:
    """Note the account number of an identity; 1, or 0 where that is not to be.

    The row as it is now decides: who was erased since it was read gets no number back.
    """
    known = Identity.objects.all() if among is None else among
    unnumbered = known.filter(pk=identity, github_id=None, api_github_id=None)
    return unnumbered.exclude(source="erased").update(api_github_id=account, is_settled=False)


def _opened(repository: Repository) -> dict[int, Opened]:
    """Pull requests by number, of people whose account is known."""
    pulls = repository.changes.filter(
        kind="pull_request",
        pull_request__isnull=False,
        author__kind=Identity.Kind.HUMAN,
        author__github_id__isnull=False,
        activities__kind__in=CLOSING,
    )
    closed = pulls.annotate(closed_at=Max("activities__at"))
    rows = closed.values_list("pull_request", "author__github_id", "author__login", "closed_at")
    return {number: Opened(*who) for number, *who in rows.iterator()}


def _landings(repository: Repository):
    """(number of a pull request, when it landed, the identity of its commit's author)."""
    commits = Change.objects.standing().filter(
        repository=repository,
        kind="commit",
        is_merge=False,
        pull_request__isnull=False,
        landed_at__isnull=False,
        author__kind=Identity.Kind.HUMAN,
    )
    for change in (
        commits.select_related("author")
        .only(
            "pull_request",
            "landed_at",
            "author__name",
            "author__github_id",
            "author__api_github_id",
        )
        .iterator()
    ):
        yield change.pull_request, change.landed_at, change.author


def _agreed(landed: Counter, authors: dict[int, Identity]) -> list[tuple[int, int]]:
    """The pairs (identity, account) that nothing contradicts."""
    accounts_of, authors_of = defaultdict(set), defaultdict(set)
    for pk, account in landed:
        accounts_of[pk].add(account)
        authors_of[account].add(pk)
    alike = {
        account: len(clashing_groups(read_name(authors[pk].name) for pk in sorted(pks))) < 2
        for account, pks in authors_of.items()
    }
    return [(pk, account) for pk, account in landed if len(accounts_of[pk]) == 1 and alike[account]]


def _is_name(login: str, name: str) -> bool:
    """Does the login hold the longest word of a full name?"""
    known = read_name(name)
    return known.is_full and max(known.words, key=len) in login.casefold()
