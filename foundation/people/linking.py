"""Which identities are one person: an index of what they share, and the links that follow.

Every rule looks at one *bucket*: the identities that share one value (an address, a number, a
login, …). There is no comparison of all with all, and a new identity asks only about its own
buckets. The rules themselves stand in ``link_rules``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from foundation.people.addresses import fold, is_free_mail
from foundation.people.identities import MERGE, IdentityFacts, LinkProposal, told_evidence
from foundation.people.link_rules import CERTAIN_BUCKETS, MAX_SPELLINGS, RULE_OF_BUCKET, Shared
from foundation.people.mailmap import MailmapEntry
from foundation.people.names import read_name
from foundation.people.spelling import Spelling, spell

# A domain is taken for the review tool's company when so many of its local parts, and such a
# share of them, are handles.
MIN_HANDLES_AT_COMPANY = 10
MIN_SHARE_AT_COMPANY = 0.1

Bucket = tuple[str, object]


class LinkPolicy(NamedTuple):
    """What a foundation declares; ``rejected_pairs`` are ids in either order."""

    company_domains: frozenset[str] = frozenset()
    mailmap: tuple[MailmapEntry, ...] = ()
    rejected_pairs: frozenset[tuple[int, int]] = frozenset()


NO_POLICY = LinkPolicy()


class LinkIndex:
    """Identities by what they share.

    Adding an identity again replaces it. Answers depend on what was added, never on the order.
    """

    def __init__(self, policy: LinkPolicy = NO_POLICY):
        self.policy = policy
        self._rejected = {tuple(sorted(pair)) for pair in policy.rejected_pairs}
        self._mailmap = _mailmap_by_address(policy.mailmap)
        self._spellings: dict[int, Spelling] = {}
        # Tuples, since nearly all hold one identity: a set for each would be most of the memory.
        self._buckets: dict[Bucket, tuple[int, ...]] = {}
        self._companies: frozenset[str] | None = None

    def add(self, identities: Iterable[IdentityFacts]) -> None:
        """Take identities in; one with a known id replaces what was known."""
        self._companies = None
        buckets = self._buckets
        for facts in identities:
            id_ = facts.id
            if id_ in self._spellings:
                for bucket in self._buckets_of(self._spellings[id_]):
                    buckets[bucket] = tuple(other for other in buckets[bucket] if other != id_)
            spelling = self._spellings[id_] = spell(facts)
            for bucket in self._buckets_of(spelling):
                buckets[bucket] = (*buckets.get(bucket, ()), id_)

    def locate(self, identities: Iterable[IdentityFacts]) -> None:
        """Learn where and when known identities were seen; their names must be as they were.

        ``.mailmap`` entries hold in a repository: whoever one names must be added with its places.
        """
        for facts in identities:
            self._spellings[facts.id] = self._spellings[facts.id]._replace(facts=facts)

    def neighbours(self, ids: Collection[int]) -> set[int]:
        """Return whoever shares a bucket with one of these identities, themselves included."""
        found = set(ids)
        for bucket in self._buckets_touching(ids):
            found.update(self._buckets[bucket])
        return found

    def proposals(self, touching: Iterable[int] | None = None) -> list[LinkProposal]:
        """Return the links that the rules see, strongest first, one for a pair.

        With ``touching``, only those from buckets that hold one of these identities: all that
        they can have changed, as long as the company domains are what they were.
        """
        buckets = self._buckets if touching is None else self._buckets_touching(touching)
        companies = self.company_domains()
        found: dict[tuple[int, int], LinkProposal] = {}
        for bucket in buckets:
            for proposal in self._ask(bucket, companies):
                known = found.get(proposal.pair)
                if known is None or _weight(proposal) < _weight(known):
                    found[proposal.pair] = proposal
        return sorted(found.values(), key=lambda proposal: proposal.order)

    def company_domains(self) -> frozenset[str]:
        """Return the mail domains whose local parts are the review tool's handles.

        Declared ones, and those where handles and local parts meet too often to be chance.
        """
        if self._companies is None:
            self._companies = self._learned_domains() | self.policy.company_domains
        return self._companies

    def _learned_domains(self) -> frozenset[str]:
        handles = {spelling.handle for spelling in self._spellings.values()} - {""}
        locals_at: dict[str, set[str]] = defaultdict(set)
        for spelling in self._spellings.values():
            if spelling.domain and spelling.facts.kind == "human":
                locals_at[spelling.domain].add(spelling.local)
        return learned_companies(handles, locals_at)

    def _buckets_touching(self, ids: Iterable[int]) -> set[Bucket]:
        known = (self._spellings[id_] for id_ in ids if id_ in self._spellings)
        return {bucket for spelling in known for bucket in self._buckets_of(spelling)}

    def _buckets_of(self, spelling: Spelling) -> Iterator[Bucket]:
        yield from own_buckets(spelling)
        if self._mailmap:
            for canonical in set(self._mailmap_targets(spelling.facts, spelling.name.key)):
                yield "mailmap", canonical

    def _mailmap_targets(self, facts: IdentityFacts, name: str) -> Iterator[str]:
        for entry in self._mailmap_entries(facts, name):
            yield entry.email or entry.old_email

    def _mailmap_entries(self, facts: IdentityFacts, name: str) -> Iterator[MailmapEntry]:
        for entry in self._mailmap.get(fold(facts.email), ()):
            in_scope = entry.repository is None or entry.repository in facts.repositories
            names = {read_name(entry.old_name).key, read_name(entry.name).key}
            if in_scope and (not entry.old_name or name in names):
                yield entry

    def _told(self, proposal: LinkProposal, bucket: list[Spelling], target: str) -> LinkProposal:
        """A link of a .mailmap with its evidence: which repositories', and who is well spelled."""
        told_by, wanted = set(), set()
        for one in bucket:
            for entry in self._mailmap_entries(one.facts, one.name.key):
                if target == (entry.email or entry.old_email):
                    wanted.add(read_name(entry.name).key)
                    if one.id in proposal.pair and entry.repository is not None:
                        told_by.add(entry.repository)
        wanted.discard("")
        at_target = (one for one in bucket if fold(one.facts.email) == target)
        well = (one.id for one in at_target if one.name.key in wanted)
        return proposal._replace(evidence=told_evidence(told_by, next(well, None)))

    def _ask(self, bucket: Bucket, companies: frozenset[str]) -> Iterator[LinkProposal]:
        """Ask the bucket's rule about its unlocked members, kind by kind."""
        ids = self._buckets[bucket]
        if len(ids) < 2:
            return
        rule, value = RULE_OF_BUCKET[bucket[0]], bucket[1]
        by_kind: dict[str, list[Spelling]] = defaultdict(list)
        for id_ in sorted(ids):
            spelling = self._spellings[id_]
            if not spelling.facts.locked:
                by_kind[spelling.facts.kind].append(spelling)
        for kind, members in by_kind.items():
            is_crowd = len(members) > MAX_SPELLINGS and bucket[0] not in CERTAIN_BUCKETS
            if len(members) < 2 or is_crowd:
                continue
            for proposal in rule(members, Shared(value, companies)):
                if bucket[0] == "mailmap":
                    proposal = self._told(proposal, members, value)
                if kind != "human" and proposal.verdict != MERGE:
                    continue  # nobody need decide whether two bots are one
                if proposal.pair not in self._rejected:
                    yield proposal


def own_buckets(spelling: Spelling) -> Iterator[Bucket]:
    """The buckets of an identity by its spelling alone, whatever is declared and wherever it was.

    They are stored by their hashes (``stored_index``): after a change here or in ``spell`` a
    migration must unsettle everybody.
    """
    if spelling.facts.claimed_by is not None:
        yield "claim", spelling.facts.claimed_by
    if spelling.github_id is not None:
        yield "github", spelling.github_id
    if spelling.mailbox:
        yield "mailbox", spelling.mailbox
    if spelling.login:
        yield "login", spelling.login
    for word in spelling.words:
        yield "word", word
    if spelling.name.is_full:
        yield "name", spelling.name.key


def learned_companies(
    handles: Collection[str], locals_at: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return the domains of which enough local parts are handles; ``locals_at`` is by domain."""
    handles = frozenset(handles)
    return frozenset(
        domain
        for domain, known in locals_at.items()
        if _is_company(len(handles.intersection(known)), len(known)) and not is_free_mail(domain)
    )


def propose_links(
    identities: Iterable[IdentityFacts], policy: LinkPolicy = NO_POLICY
) -> list[LinkProposal]:
    """Return every link that the rules see among the identities, strongest first."""
    index = LinkIndex(policy)
    index.add(identities)
    return index.proposals()


def _weight(proposal: LinkProposal) -> tuple:
    # Two buckets may say the same of a pair with other evidence: then its text decides.
    evidence = sorted((key, str(value)) for key, value in proposal.evidence.items())
    return proposal.verdict != MERGE, proposal.order, evidence


def _is_company(handles: int, known: int) -> bool:
    return handles >= MIN_HANDLES_AT_COMPANY and handles >= MIN_SHARE_AT_COMPANY * known


def _mailmap_by_address(entries: Iterable[MailmapEntry]) -> dict[str, list[MailmapEntry]]:
    """Index the entries by the address they map from, and by the one they map to."""
    found: dict[str, list[MailmapEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.old_email].append(entry)
        if entry.email and entry.email != entry.old_email:
            itself = entry._replace(old_name=entry.name, old_email=entry.email)
            found[entry.email].append(itself)
    return found
