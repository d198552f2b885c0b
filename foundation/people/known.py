"""What the database knows of identities and their links, as plain records for the rules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from foundation.people.identities import MERGE, IdentityFacts, LinkProposal, told_evidence
from foundation.people.mailmap import MailmapEntry
from foundation.people.models import CompanyDomain, Identity, IdentityLink, Sighting

IN_BATCH = 500
MOST_BATCHES = 8  # so many questions about some identities cost as much as one about all


class LinkRow(NamedTuple):
    id: int
    left_id: int
    right_id: int
    rule: str
    state: str
    decided_at: datetime | None
    # Of a .mailmap's link, where known: the repositories that say so, and who is well spelled.
    told_by: frozenset[int] = frozenset()
    canonical: int | None = None
    unlike_names: int | None = None  # between how many a rule linked, where it says so

    @property
    def pair(self) -> tuple[int, int]:
        return self.left_id, self.right_id

    @property
    def is_applied(self) -> bool:
        return self.state == IdentityLink.State.APPLIED

    @property
    def is_by_rules(self) -> bool:
        return self.decided_at is None and self.state != IdentityLink.State.REJECTED

    @property
    def is_given(self) -> bool:
        """Does it speak whatever the rules see? A human's yes, or what a .mailmap once said."""
        if self.is_by_rules:
            return self.rule == "mailmap"
        return self.is_applied

    def outlives(self, read_again: Collection[int]) -> bool:
        """Does it still speak if the .mailmap files of these repositories say it no more?"""
        return not self.is_by_rules or not self.told_by or not self.told_by.issubset(read_again)

    def told_again(self, now: LinkProposal | None, read_again: Collection[int]) -> LinkProposal:
        """The link as a proposal; a .mailmap's with what the files read again say ``now``."""
        if self.decided_at:
            return LinkProposal(*self.pair, "steward", MERGE, {})
        if self.rule != "mailmap":
            return LinkProposal(*self.pair, self.rule, MERGE, {})
        fresh = now.evidence if now else {}
        told_by = {*self.told_by.difference(read_again), *fresh.get("told_by", ())}
        evidence = told_evidence(told_by, fresh.get("canonical", self.canonical))
        return LinkProposal(*self.pair, self.rule, MERGE, evidence)

    @property
    def told(self) -> dict:
        return told_evidence(self.told_by, self.canonical)


def load_links() -> list[LinkRow]:
    """Every link, whatever became of it."""
    rows = IdentityLink.objects.values_list("pk", "left", "right", "rule", "state", "decided_at")
    told = dict(IdentityLink.objects.filter(rule="mailmap").values_list("pk", "evidence"))
    doubted = dict(
        IdentityLink.objects.filter(evidence__has_key="unlike_names").values_list(
            "pk", "evidence__unlike_names"
        )
    )
    return [
        LinkRow(
            *row,
            frozenset(told.get(row[0], {}).get("told_by", ())),
            told.get(row[0], {}).get("canonical"),
            doubted.get(row[0]),
        )
        for row in rows
    ]


def load_identities(ids: Collection[int]) -> dict[int, IdentityFacts]:
    """Those of these who are not erased; where and when they were seen is not asked yet."""
    fields = ("pk", "source", "name", "email", "login", "github_id", "api_github_id", "kind")
    rows = Identity.objects.exclude(source="erased").order_by("pk").values_list(*fields)
    if len(ids) > MOST_BATCHES * IN_BATCH:
        wanted = frozenset(ids)
        some = (row for row in rows.iterator() if row[0] in wanted)
    else:
        some = (row for part in batches(ids) for row in rows.filter(pk__in=part))
    return {row[0]: IdentityFacts(*row[:7], kind=row[7]) for row in some}


def batches(wanted: Collection) -> Iterator[list]:
    """In ascending order, as many at a time as one question may hold."""
    wanted = sorted(wanted)
    return (wanted[start : start + IN_BATCH] for start in range(0, len(wanted), IN_BATCH))


def named_by(mailmap: Iterable[MailmapEntry]) -> set[int]:
    """Whoever has an address that one of these entries speaks of."""
    emails = {email for entry in mailmap for email in (entry.email, entry.old_email)} - {""}
    named = set()
    for some in batches(emails):
        rows = Identity.objects.exclude(source="erased").filter(email__in=some)
        named.update(rows.values_list("pk", flat=True))
    return named


class Whereabouts:
    """Where and when identities were seen, read from the database when it is asked for."""

    def __init__(self):
        self._asked: set[int] = set()

    def fill_in(self, ids: Collection[int], known: dict[int, IdentityFacts]) -> list[IdentityFacts]:
        """Complete these facts in ``known``; return those that were not complete before."""
        fresh = sorted(set(ids) - self._asked)
        self._asked.update(fresh)
        spans: dict[int, list] = defaultdict(list)
        for identity, repository, first, last in _sightings(fresh):
            spans[identity].append((repository, first.timestamp(), last.timestamp()))
        for id_ in fresh:
            known[id_] = _located(known[id_], spans[id_])
        return [known[id_] for id_ in fresh]


def _sightings(ids: list[int]) -> Iterator[tuple]:
    rows = Sighting.objects.values_list("identity", "repository", "first_at", "last_at")
    if len(ids) > MOST_BATCHES * IN_BATCH:
        wanted = frozenset(ids)
        yield from (row for row in rows.iterator() if row[0] in wanted)
        return
    for some in batches(ids):
        yield from rows.filter(identity__in=some)


def _located(facts: IdentityFacts, spans: list[tuple]) -> IdentityFacts:
    if not spans:
        return facts
    places, firsts, lasts = zip(*spans, strict=True)
    return facts._replace(
        repositories=frozenset(places), first_seen=int(min(firsts)), last_seen=int(max(lasts))
    )


def declared_companies() -> frozenset[str]:
    """Mail domains that the settings or a steward declare to be the review tool's company's."""
    declared = CompanyDomain.objects.filter(is_declared=True).values_list("domain", flat=True)
    return frozenset(declared) | frozenset(settings.COMPANY_DOMAINS)


@transaction.atomic
def declare_companies(domains: Iterable[str]) -> list[int]:
    """Hold these mail domains to be companies', whatever is learned; all are asked about anew.

    Returns the keys of their rows.
    """
    unsettle_everybody()
    rows = [
        CompanyDomain.objects.update_or_create(domain=domain, defaults={"is_declared": True})[0]
        for domain in sorted({domain.strip().casefold() for domain in domains})
    ]
    return [row.pk for row in rows]


@transaction.atomic
def undeclare_companies(domains: Iterable[str]) -> None:
    """Leave it to the handles again."""
    CompanyDomain.objects.filter(domain__in=list(domains)).delete()
    unsettle_everybody()


def unsettle_everybody() -> None:
    """What the rules may say of anybody has changed."""
    Identity.objects.filter(is_settled=True).update(is_settled=False)


def note_companies(domains: Iterable[str]) -> bool:
    """Remember which domains are companies' now; say whether that has changed."""
    before = set(CompanyDomain.objects.values_list("domain", flat=True))
    domains = set(domains)
    CompanyDomain.objects.filter(domain__in=before - domains).delete()
    CompanyDomain.objects.bulk_create(
        [CompanyDomain(domain=domain) for domain in sorted(domains - before)],
        ignore_conflicts=True,
    )
    return before != domains
