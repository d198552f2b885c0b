"""Short ways to write down identities, and to read what resolution makes of them."""

from foundation.people.identities import IdentityFacts, LinkProposal
from foundation.people.linking import NO_POLICY, LinkPolicy, propose_links
from foundation.people.resolution import resolve

YEAR = 365 * 86400
HERE, THERE = frozenset({1}), frozenset({2})
COMPANY = LinkPolicy(company_domains=frozenset({"meta.example", "fb.example"}))


def git(id_, name, email, at=0, where=HERE, **known):
    return IdentityFacts(
        id_, "git", name, email, first_seen=at, last_seen=at, repositories=where, **known
    )


def handle(id_, login, at=0, where=HERE, **known):
    return IdentityFacts(
        id_, "handle", login=login, first_seen=at, last_seen=at, repositories=where, **known
    )


def github(id_, login, at=0, where=HERE, **known):
    return IdentityFacts(
        id_, "github", login=login, first_seen=at, last_seen=at, repositories=where, **known
    )


def links(*identities, policy=NO_POLICY):
    """What the rules say, as (left, right, rule, verdict)."""
    return [proposal[:4] for proposal in propose_links(identities, policy)]


def people(*identities, policy=NO_POLICY):
    """The sets of identities that become one person."""
    members = {}
    for identity, root in resolve(identities, policy).component.items():
        members.setdefault(root, set()).add(identity)
    return sorted(members.values(), key=min)


def merge(left, right, rule="same-email"):
    return LinkProposal(left, right, rule, "merge", {})
