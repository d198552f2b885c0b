"""The rules of resolution, one a bucket: from identities that share a value to links.

A rule gets at least two identities of one kind, unlocked and sorted by id, and what they share.
Links run from a *hub* (the lowest id) to the others, so that a bucket of n gives at most n - 1
merges. Vetoes of whole components are not decided here but in ``resolution``.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

from foundation.people.addresses import is_free_mail
from foundation.people.identities import MERGE, SUGGEST, LinkProposal
from foundation.people.spelling import (
    Spelling,
    agree,
    by_name,
    gap_days,
    is_adjacent,
    same_full_names,
    shared_repositories,
)

MAX_SPELLINGS = 100  # whatever more identities than this share is no person's
TWO_NAMES = 2  # on one address: still one person; from three on, a human is asked
MAX_NAMESAKES = 12  # a full name with more spellings is too common to suggest anything


class Shared(NamedTuple):
    """What a bucket's members share, and the mail domains of the review tool's company."""

    value: object
    companies: frozenset[str]


Rule = Callable[[list[Spelling], Shared], Iterator[LinkProposal]]


def _link(left: Spelling, right: Spelling, rule: str, verdict: str, **evidence) -> LinkProposal:
    low, high = sorted((left.id, right.id))
    return LinkProposal(low, high, rule, verdict, evidence)


def _star(members: list[Spelling], rule: str, verdict: str = MERGE, **evidence):
    hub, *others = members
    for other in others:
        yield _link(hub, other, rule, verdict, **evidence)


def same_claim(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """One account proved to own them all."""
    return _star(members, "verified-claim")


def same_github_account(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """One account number: their own, or told by the API for one of their commits."""
    own = [one for one in members if not one.is_told]
    told = [one for one in members if one.is_told]
    if own:
        yield from _star(own, "github-id")
    if told:
        yield from _star([*own[:1], *told], "api-author")


def mailmap_entry(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """The repository's own file maps them to one address."""
    return _star(members, "mailmap")


def same_mailbox(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """One address, one person: people rename themselves and spell themselves in two scripts.

    Git verifies no address, though: one under several unlike full names may be a shared mailbox.
    Two are merged by one link that says so, which a steward is asked about and can undo.
    """
    groups, loose = by_name(members)
    if len(groups) != TWO_NAMES:
        yield from _merge_unless_unlike(members, "same-email")
        return
    one, other = groups
    yield from _star([*one, *loose], "same-email")
    yield from _star(other, "same-email")
    yield _link(one[0], other[0], "same-email", MERGE, unlike_names=TWO_NAMES)


def _merge_unless_unlike(members: list[Spelling], rule: str) -> Iterator[LinkProposal]:
    """Merge those whose names can be one person's; between unlike full names, ask.

    Somebody with a handle for a name fits one name as well as another: also a question then.
    """
    groups, loose = by_name(members)
    if len(groups) < 2:
        yield from _star(members, rule)
        return
    for group in groups:
        yield from _star(group, rule)
    hubs = [group[0] for group in groups] + loose
    yield from _star(hubs, rule, SUGGEST, unlike_names=len(groups))


def same_login(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """One GitHub login. Logins are renamed and used again, so the number and the time decide."""
    numbers = sorted({one.github_id for one in members if one.github_id is not None})
    if not numbers:
        yield from _login_without_number(members)
        return
    holders = [[one for one in members if one.github_id == number] for number in numbers]
    for one in members:
        if one.github_id is None:
            yield from _login_among(one, holders)


def _login_without_number(members: list[Spelling]) -> Iterator[LinkProposal]:
    hub, *others = members
    for other in others:
        yield _judge_login(other, [hub])


def _login_among(one: Spelling, holders: list[list[Spelling]]) -> Iterator[LinkProposal]:
    """Link to the only account that fits; where several do, a human must choose."""
    judged = [_judge_login(one, holder) for holder in holders]
    fitting = [proposal for proposal in judged if proposal.verdict == MERGE]
    if len(fitting) == 1:
        yield fitting[0]
        return
    for proposal in judged:
        yield proposal._replace(verdict=SUGGEST)


def _judge_login(one: Spelling, holder: list[Spelling]) -> LinkProposal:
    """At one moment a login is one account; within a year the names must not speak against it.

    Later somebody else may have taken it up, and a word in common is a family name as well: then
    only the same full name tells.
    """
    gap = gap_days([one], holder)
    named_alike = agree([one], holder)
    groups, _ = by_name([one, *holder])
    is_next = is_adjacent(gap) and (named_alike or len(groups) < 2)
    is_same = gap == 0 or is_next or same_full_names([one], holder)
    verdict = MERGE if is_same else SUGGEST
    return _link(one, holder[0], "noreply-login", verdict, gap_days=gap, names_agree=named_alike)


def same_word(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """One word as a handle, a login, the local part of an address, or a short name."""
    handles = [one for one in members if one.handle]
    accounts = [one for one in members if one.login]
    others = [one for one in members if not one.handle and not one.login]
    at_company = [
        one for one in others if one.domain in shared.companies and one.local == shared.value
    ]
    if not handles:
        yield from _company_alias(at_company)
    for handle in handles:
        yield from _company_account(handle, at_company)
        yield from _handle_is_login(handle, accounts, at_company)
        nicknamed = [] if at_company else _at_one_account(others, shared.companies)
        yield from _company_nickname(handle, nicknamed)
        asked = [one for one in others if one not in at_company and one not in nicknamed]
        yield from _same_word_nearby(handle, asked)
    if accounts and not handles:
        yield from _same_word_nearby(accounts[0], others)


def _company_account(handle: Spelling, at_company: list[Spelling]) -> Iterator[LinkProposal]:
    """The handle is an account of the company, and these are its mailbox.

    An account is a person's, which a mailbox may not be; so two unlike full names on it, without
    a year between them, are one person whose name changed or is spelled in two ways.
    """
    groups, _ = by_name(at_company)
    renamed = len(groups) == 2 and is_adjacent(gap_days(*groups))
    verdict = MERGE if len(groups) < 2 or renamed else SUGGEST
    evidence = {"unlike_names": len(groups)} if len(groups) > 1 else {}
    yield from _star([handle, *at_company], "handle-localpart", verdict, **evidence)


def _company_alias(at_company: list[Spelling]) -> Iterator[LinkProposal]:
    """One local part at several domains of the company: it renamed itself, or has several."""
    if len({one.domain for one in at_company}) > 1:
        yield from _merge_unless_unlike(at_company, "company-alias")


def _at_one_account(others: list[Spelling], companies: frozenset[str]) -> list[Spelling]:
    """Return the others if they all are one account of the company; else nobody."""
    is_one = len({one.local for one in others}) == 1
    return others if is_one and all(one.domain in companies for one in others) else []


def _company_nickname(handle: Spelling, nicknamed: list[Spelling]) -> Iterator[LinkProposal]:
    """A single account of the company signs its commits with the handle.

    That is more than a name: company, repository and time agree too, and nobody else goes by the
    word. First names that several go by are not settled here.
    """
    gap = gap_days([handle], nicknamed)
    for one in nicknamed:
        repositories = shared_repositories([handle], [one])
        verdict = MERGE if repositories and is_adjacent(gap) else SUGGEST
        yield _link(handle, one, "handle-nickname", verdict, repositories=repositories)


def _same_word_nearby(speaker: Spelling, others: list[Spelling]) -> Iterator[LinkProposal]:
    """Somebody's address or short name holds the word, in the same repository: worth asking."""
    for one in others:
        repositories = shared_repositories([speaker], [one])
        if repositories:
            word_is = "local-part" if one.local in speaker.words else "name"
            evidence = {"word_is": word_is, "repositories": repositories}
            yield _link(speaker, one, "handle-name", SUGGEST, **evidence)


def _handle_is_login(
    handle: Spelling, accounts: list[Spelling], at_company: list[Spelling]
) -> Iterator[LinkProposal]:
    """A review tool may show GitHub's logins as handles. Two name spaces: equal is not enough.

    The two must have been seen in the same repository and at the same time; if the company has an
    account of that word too, no full name may speak against it.
    """
    repositories = shared_repositories([handle], accounts)
    gap = gap_days([handle], accounts)
    is_one = len({one.github_id for one in accounts} - {None}) < 2
    agreed = _no_clash(at_company, accounts)
    verdict = MERGE if repositories and is_adjacent(gap) and is_one and agreed else SUGGEST
    for account in accounts:
        yield _link(
            handle, account, "handle-login", verdict, repositories=repositories, gap_days=gap
        )


def _no_clash(left: list[Spelling], right: list[Spelling]) -> bool:
    """Say whether the two sides agree in a name, or one of them has no full name to disagree."""
    both_named = all(any(one.name.is_full for one in side) for side in (left, right))
    return not both_named or agree(left, right)


def same_full_name(members: list[Spelling], shared: Shared) -> Iterator[LinkProposal]:
    """One full name seen in one repository: a question to a human, never an answer."""
    if len(members) > MAX_NAMESAKES:
        return
    for left, right in combinations(members, 2):
        repositories = shared_repositories([left], [right])
        if not repositories or (left.mailbox and left.mailbox == right.mailbox):
            continue
        same_domain = bool(left.domain) and left.domain == right.domain
        rule = "same-name-domain" if same_domain else "same-name-repository"
        evidence = {"repositories": repositories, "gap_days": gap_days([left], [right])}
        if same_domain and is_free_mail(left.domain):
            evidence["free_mail"] = True
        yield _link(left, right, rule, SUGGEST, **evidence)


CERTAIN_BUCKETS = frozenset({"claim", "github", "mailmap"})  # here no number is too large
RULE_OF_BUCKET: dict[str, Rule] = {
    "claim": same_claim,
    "github": same_github_account,
    "mailmap": mailmap_entry,
    "mailbox": same_mailbox,
    "login": same_login,
    "word": same_word,
    "name": same_full_name,
}
