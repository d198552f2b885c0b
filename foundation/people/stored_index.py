"""The index of what identities share, of whom the database says that they matter.

Which buckets an identity is in is stored by hash when its facts have changed, so whoever shares
something with some identities is found without reading what everybody is called. Two values of one
hash do no harm: the rules look at the values themselves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from hashlib import blake2b

from foundation.bulk import write_rows
from foundation.people.addresses import GITHUB_NOREPLY, fold, is_shared
from foundation.people.identities import IdentityFacts
from foundation.people.known import IN_BATCH, MOST_BATCHES, batches, load_identities
from foundation.people.linking import (
    MIN_HANDLES_AT_COMPANY,
    Bucket,
    LinkIndex,
    LinkPolicy,
    learned_companies,
    own_buckets,
)
from foundation.people.models import Identity, IdentityBucket
from foundation.people.spelling import handle_of, spell


class StoredIndex(LinkIndex):
    """Knows identities as far as it was asked about them: themselves, and all who share a bucket.

    ``known`` are the facts of those who are known at first, and then of everybody it has met.
    Whoever changed must be noted before (``note_buckets``); whom a ``.mailmap`` of the policy may
    name must be known at first, with the places.
    """

    def __init__(self, policy: LinkPolicy, known: dict[int, IdentityFacts]):
        super().__init__(policy)
        self._known, self._asked = known, set()
        self._is_whole = False
        self._stored = stored_companies() | policy.company_domains
        self.add(known.values())

    def company_domains(self) -> frozenset[str]:
        return self._stored

    def meet(self, ids: Collection[int]) -> None:
        """Read these identities, if they are not known yet."""
        fresh = set(ids) - self._known.keys()
        if fresh and not self._is_whole:
            met = load_identities(fresh)
            self._known.update(met)
            self.add(met.values())

    def neighbours(self, ids: Collection[int]) -> set[int]:
        self._look_around(ids)
        return super().neighbours(ids)

    def proposals(self, touching: Iterable[int] | None = None):
        touching = None if touching is None else set(touching)
        self._look_around(touching)
        return super().proposals(touching)

    def _look_around(self, ids: Collection[int] | None) -> None:
        fresh = None if ids is None else set(ids) - self._asked
        if self._is_whole or fresh == set():
            return
        if fresh is None or len(fresh) > MOST_BATCHES * IN_BATCH:
            self.meet(Identity.objects.exclude(source="erased").values_list("pk", flat=True))
            self._is_whole = True
            return
        self._asked |= fresh
        self.meet(fresh | _sharing(fresh))


def _sharing(ids: Collection[int]) -> set[int]:
    """Whoever is in a bucket with one of these."""
    found: set[int] = set()
    for some in batches(ids):
        theirs = IdentityBucket.objects.filter(identity__in=some).values("bucket")
        members = IdentityBucket.objects.filter(bucket__in=theirs)
        found.update(members.values_list("identity", flat=True).distinct())
    return found


def note_buckets(identities: Iterable[IdentityFacts]) -> None:
    """Store which buckets these are in now."""
    wanted = {facts.id: {key_of(one) for one in own_buckets(spell(facts))} for facts in identities}
    stored = defaultdict(set)
    for some in batches(wanted):
        rows = IdentityBucket.objects.filter(identity__in=some)
        for identity, bucket in rows.values_list("identity", "bucket"):
            stored[identity].add(bucket)
    left = {id_ for id_, known in stored.items() if known - wanted[id_]}
    forget_buckets(left)
    write_rows(
        IdentityBucket,
        ("identity", "bucket"),
        [
            (id_, bucket)
            for id_, buckets in sorted(wanted.items())
            for bucket in sorted(buckets - (stored[id_] if id_ not in left else set()))
        ],
    )


def forget_buckets(identities: Collection[int]) -> None:
    for some in batches(identities):
        IdentityBucket.objects.filter(identity__in=some).delete()


def key_of(bucket: Bucket) -> int:
    """The 64-bit hash under which a bucket is stored."""
    text = f"{bucket[0]}\0{bucket[1]}"
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def stored_companies() -> frozenset[str]:
    """What ``LinkIndex.company_domains`` would learn from everybody, without taking all apart."""
    tools = Identity.objects.exclude(source__in=["git", "github", "erased"]).exclude(login="")
    rows = tools.values_list("source", "login")
    handles = {handle_of(source, login) for source, login in rows} - {""}
    locals_at: dict[str, set[str]] = defaultdict(set)
    people = Identity.objects.human().exclude(source="erased").exclude(email="")
    for email in people.values_list("email", flat=True).iterator() if handles else ():
        local, at, domain = fold(email).rpartition("@")
        if at:
            locals_at[domain].add(local)
    companies = {
        domain: {local for local in known if not is_shared(local, domain)}
        for domain, known in locals_at.items()
        if domain != GITHUB_NOREPLY and len(known & handles) >= MIN_HANDLES_AT_COMPANY
    }
    return learned_companies(handles, companies)
