"""What an e-mail address says by itself: whose account, whose mailbox, or nobody's in particular.

Pure functions on text. An address that is no address (``""``, ``root``, ``me@laptop``) is answered
like any other: as a mailbox that identifies nobody.
"""

import re
from typing import NamedTuple

GITHUB_NOREPLY = "users.noreply.github.com"

_NOREPLY_LOCAL = re.compile(r"(?:(\d{1,12})\+)?(.+)", re.ASCII)

# Mail providers open to everybody: a shared domain says nothing about who somebody works with.
_FREE_MAIL = """
    126 163 aol fastmail foxmail gmail gmx googlemail hey hotmail icloud live mac mail mailbox me
    msn naver outlook pm posteo proton protonmail qq sina tutanota web yahoo yandex yeah zoho
"""
# Mailboxes that several people, or none, stand behind.
_ROLE_ACCOUNTS = """
    abuse admin administrator bot bots build ci developer developers devnull devops do-not-reply
    donotreply gitlab help hostmaster info jenkins mailer-daemon maintainer maintainers no-reply
    nobody none noreply null office open-source opensource oss postmaster release releases root
    security service support team test ubuntu unknown user username webmaster you your your.email
    your_email
"""
# Two such words or more, and nothing else, are a group's mailbox: dev-team@, core.infra@. One of
# them alone may be a person's name.
_GROUP_WORDS = """
    admin bots build builds ci code core dev developer developers devops devs docs eng engineering
    group infra lab labs list mail open ops oss platform qa release releases research security
    service services source support team teams test tests tooling tools
"""
FREE_MAIL = frozenset(_FREE_MAIL.split())
ROLE_ACCOUNTS = frozenset(_ROLE_ACCOUNTS.split())
GROUP_WORDS = frozenset(_GROUP_WORDS.split())
# Names of machines and placeholders, not of mail domains. ``example`` itself is not here: it is a
# whole top-level domain that test and pseudonymised histories use for distinct mailboxes.
_NOWHERE_SUFFIXES = (".local", ".localdomain", ".lan", ".internal", ".home", ".invalid")
_NOWHERE = frozenset({"localhost", "local", "unknown.example", "example.com", "example.org"})


class Address(NamedTuple):
    """An e-mail address in parts, all case-folded; every part may be empty."""

    local: str
    domain: str
    login: str = ""  # GitHub's, from a noreply address
    github_id: int | None = None  # the account's number, from ``12345+login@users.noreply…``


def fold(email: str) -> str:
    """Return the spelling under which an e-mail address is stored and compared."""
    return email.strip().strip("<>").casefold()


def read_address(email: str) -> Address:
    """Take an address apart; a GitHub noreply address also yields login and account number."""
    folded = fold(email)
    if "@" not in folded:
        return Address(folded, "")
    local, _, domain = folded.rpartition("@")
    if domain != GITHUB_NOREPLY:
        return Address(local, domain)
    match = _NOREPLY_LOCAL.fullmatch(local)
    if match is None:
        return Address(local, domain)
    number, login = match.groups()
    return Address(local, domain, login, int(number) if number else None)


def is_shared_mailbox(email: str) -> bool:
    """Say whether the address must not identify anybody: a role account, a machine, no address."""
    local, _, domain = fold(email).rpartition("@")
    return is_shared(local, domain)


def is_shared(local: str, domain: str) -> bool:
    """Say the same of an address that was taken apart."""
    if not local or "." not in domain:
        return True
    if domain in _NOWHERE or domain.endswith(_NOWHERE_SUFFIXES):
        return True
    return domain != GITHUB_NOREPLY and (local in ROLE_ACCOUNTS or _is_a_groups(local))


def _is_a_groups(local: str) -> bool:
    words = re.split("[._-]", local)
    return len(words) > 1 and GROUP_WORDS.issuperset(words)


def is_free_mail(domain: str) -> bool:
    """Say whether anybody can open a mailbox at this domain, in whichever country."""
    return domain.casefold().partition(".")[0] in FREE_MAIL
