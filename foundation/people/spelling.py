"""An identity made comparable: its address and name taken apart once, with the keys it shares."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from foundation.people.addresses import Address, is_shared, read_address
from foundation.people.identities import IdentityFacts
from foundation.people.names import Name, clashing_groups, read_name, share_a_word

GAP_SECONDS = 365 * 86400  # uses further apart than this are not "one after the other"
DAY = 86400


class Spelling(NamedTuple):
    """``mailbox`` is empty where the address identifies nobody; ``word`` lists as in ``words``."""

    facts: IdentityFacts
    name: Name
    mailbox: str  # a folded e-mail address that may identify somebody, not GitHub's noreply
    local: str  # of the mailbox
    domain: str  # of the mailbox
    login: str  # GitHub's, from a noreply address or a GitHub source
    handle: str  # a review tool's
    github_id: int | None  # the account's number, see ``account_number``
    is_told: bool  # the number comes only from the API, for one of its commits

    @property
    def id(self) -> int:
        return self.facts.id

    @property
    def words(self) -> set[str]:
        """Every word by which an account could be known: handle, login, local part, short name."""
        nickname = "" if self.name.is_full else self.name.key
        return {self.handle, self.login, self.local, nickname} - {""}


def spell(facts: IdentityFacts) -> Spelling:
    """Take an identity apart."""
    address = read_address(facts.email)
    local, domain = address.local, address.domain
    if address.login or is_shared(local, domain):
        local = domain = ""
    return Spelling(
        facts,
        read_name(facts.name),
        mailbox=f"{local}@{domain}" if local else "",
        local=local,
        domain=domain,
        login=address.login or ("" if _is_tool(facts.source) else _folded(facts.login)),
        handle=handle_of(facts.source, facts.login),
        github_id=_number(facts, address),
        is_told=facts.github_id is None and address.github_id is None,
    )


def handle_of(source: str, login: str) -> str:
    """Return the review tool's handle, "" where the source is none."""
    return _folded(login) if _is_tool(source) else ""


def _is_tool(source: str) -> bool:
    return source not in ("git", "github")


def _folded(login: str) -> str:
    return login.casefold().lstrip("@")


def account_number(facts: IdentityFacts) -> int | None:
    """Return the GitHub account's number: its own, the noreply address's, or the API's word.

    In this order: the API names the account that holds the address today.
    """
    return _number(facts, read_address(facts.email))


def _number(facts: IdentityFacts, address: Address) -> int | None:
    own = facts.github_id if facts.github_id is not None else address.github_id
    return facts.api_github_id if own is None else own


def shared_repositories(left: Iterable[Spelling], right: Iterable[Spelling]) -> int:
    """Return in how many repositories both sides were seen."""
    return len(_repositories(left) & _repositories(right))


def _repositories(side: Iterable[Spelling]) -> frozenset[int]:
    return frozenset().union(*(spelling.facts.repositories for spelling in side))


def gap_days(left: Iterable[Spelling], right: Iterable[Spelling]) -> int | None:
    """Return the days between the two sides' spans of use: 0 if they overlap, None if unknown."""
    spans = [_span(left), _span(right)]
    if None in spans:
        return None
    (_, first_end), (second_start, _) = sorted(spans)
    return max(0, second_start - first_end) // DAY


def _span(side: Iterable[Spelling]) -> tuple[int, int] | None:
    moments = list(_moments(side))
    return (min(moments), max(moments)) if moments else None


def _moments(side: Iterable[Spelling]) -> Iterator[int]:
    for spelling in side:
        for moment in (spelling.facts.first_seen, spelling.facts.last_seen):
            if moment is not None:
                yield moment


def is_adjacent(gap: int | None) -> bool:
    """Say whether two spans of use overlap or follow each other within a year."""
    return gap is not None and gap * DAY <= GAP_SECONDS


def agree(left: Iterable[Spelling], right: Iterable[Spelling]) -> bool:
    """Say whether some name on one side shares a word with, or equals, one on the other."""
    return any(
        share_a_word(one.name, other.name) or (one.name.key and one.name.key == other.name.key)
        for one in left
        for other in right
    )


def same_full_names(left: Iterable[Spelling], right: Iterable[Spelling]) -> bool:
    """Say whether a full name on one side is one on the other, titles and initials aside."""
    full = {one.name.words for one in left if one.name.is_full}
    return not full.isdisjoint(one.name.words for one in right if one.name.is_full)


def by_name(side: list[Spelling]) -> tuple[list[list[Spelling]], list[Spelling]]:
    """Split into groups of like full names, and those with a handle for a name or none."""
    groups = clashing_groups(spelling.name for spelling in side)
    members: list[list[Spelling]] = [[] for _ in groups]
    loose = []
    for spelling in side:
        if not spelling.name.is_full:
            loose.append(spelling)
            continue
        words = spelling.name.words
        members[next(i for i, group in enumerate(groups) if group & words)].append(spelling)
    return members, loose
