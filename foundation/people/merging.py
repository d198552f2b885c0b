"""The database side of resolution: links are written, people follow.

The rules are pure and live in ``linking`` and ``resolution``. Here rows are loaded for them, and
their answer is stored: every link with its evidence, every person as a component of links.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from foundation.bulk import moment, reserve_ids, write_rows
from foundation.people.identities import IdentityFacts, LinkProposal
from foundation.people.linking import LinkIndex, LinkPolicy
from foundation.people.models import Identity, IdentityLink, Person, Sighting, StaleProfile
from foundation.people.resolution import components, reassign, settle

IN_BATCH = 500


@dataclass
class Resolution:
    """What one resolution changed."""

    identities: int = 0
    people: int = 0
    linked: int = 0
    suggested: int = 0
    moved: int = 0


@transaction.atomic
def resolve_people(*, mailmap: Iterable = (), company_domains: Collection[str] = ()) -> Resolution:
    """Apply the rules to all identities; only what changes is written.

    Decisions of humans stand: an applied link of theirs is a link, a rejected one a veto. Links
    that rules once made stay until a human rejects them, since their evidence was true then.
    """
    links = list(IdentityLink.objects.all())
    rejected = {_pair(link) for link in links if link.state == IdentityLink.State.REJECTED}
    facts = _load_facts()
    index = LinkIndex(
        LinkPolicy(
            company_domains=frozenset(company_domains) | frozenset(settings.COMPANY_DOMAINS),
            mailmap=tuple(mailmap),
            rejected_pairs=frozenset(rejected),
        )
    )
    index.add(facts)
    standing = [
        LinkProposal(link.left_id, link.right_id, _standing_rule(link), "merge", link.evidence)
        for link in links
        if link.state == IdentityLink.State.APPLIED
    ]
    settlement = settle(
        facts, [*standing, *index.proposals()], rejected_pairs=rejected, standing=standing
    )
    resolution = Resolution(identities=len(facts))
    resolution.linked, resolution.suggested = _write_links(links, settlement)
    resolution.moved = _assign_people(settlement.component, facts)
    resolution.people = Person.objects.filter(identities__isnull=False).distinct().count()
    return resolution


def resettle() -> None:
    """People follow the links as they stand now, no rule asked: after a human's decision."""
    applied = IdentityLink.objects.filter(state=IdentityLink.State.APPLIED)
    component = components(
        Identity.objects.human().values_list("pk", flat=True),
        [
            LinkProposal(*row, "steward", "merge", {})
            for row in applied.values_list("left", "right")
        ],
    )
    _assign_people(component, _load_facts())


@transaction.atomic
def decide(link: IdentityLink, *, applied: bool, by) -> None:
    """A human applies a suggestion, or rejects a link; the merge is undone with it."""
    link.state = IdentityLink.State.APPLIED if applied else IdentityLink.State.REJECTED
    link.decided_by, link.decided_at = by, timezone.now()
    link.save(update_fields=["state", "decided_by", "decided_at"])
    resettle()


@transaction.atomic
def detach(identity: Identity, *, by) -> None:
    """“This is not me”: the identity leaves its person, and no rule brings it back."""
    identity.refresh_from_db(fields=["person"])
    others = Identity.objects.filter(person_id=identity.person_id).exclude(pk=identity.pk)
    for other in list(others):
        left, right = sorted((identity.pk, other.pk))
        IdentityLink.objects.update_or_create(
            left_id=left,
            right_id=right,
            defaults={
                "state": IdentityLink.State.REJECTED,
                "decided_by": by,
                "decided_at": timezone.now(),
            },
            create_defaults={
                "rule": "steward",
                "state": IdentityLink.State.REJECTED,
                "decided_by": by,
                "decided_at": timezone.now(),
            },
        )
    resettle()


@transaction.atomic
def set_kind(identity: Identity, kind: str, *, by) -> None:
    """A steward says what an identity is; bots become nobody, humans somebody."""
    identity.kind, identity.kind_reason, identity.is_locked = kind, f"decided by {by}", True
    mark_stale([identity.pk])
    if kind != Identity.Kind.HUMAN:
        identity.person = None
    identity.save(update_fields=["kind", "kind_reason", "is_locked", "person"])
    # Links run from the lowest identity of a group: without it the rules must be asked again.
    resolve_people()
    mark_stale([identity.pk])


def mark_stale(identities: Iterable[int]) -> None:
    """The profiles of these identities' people must be rebuilt wherever they were seen."""
    identities = sorted(identities)
    for start in range(0, len(identities), IN_BATCH):
        seen = Sighting.objects.filter(
            identity__in=identities[start : start + IN_BATCH], identity__person__isnull=False
        )
        rows = seen.values_list("identity__person", "repository__project").distinct()
        StaleProfile.objects.bulk_create(
            [StaleProfile(person_id=person, project_id=project) for person, project in rows],
            ignore_conflicts=True,
        )


def _pair(link: IdentityLink) -> tuple[int, int]:
    return link.left_id, link.right_id


def _standing_rule(link: IdentityLink) -> str:
    return "steward" if link.decided_by_id else link.rule


def _load_facts() -> list[IdentityFacts]:
    """Every human identity with where and when it was seen; bots are nobody and stay out."""
    spans: dict[int, list] = defaultdict(list)
    for identity, repository, first, last in Sighting.objects.values_list(
        "identity", "repository", "first_at", "last_at"
    ):
        spans[identity].append((repository, first.timestamp(), last.timestamp()))
    rows = Identity.objects.values_list(
        "pk", "source", "name", "email", "login", "github_id", "api_github_id", "kind"
    )
    return [_facts_of(row, spans[row[0]]) for row in rows.exclude(source="erased").order_by("pk")]


def _facts_of(row: tuple, spans: list) -> IdentityFacts:
    pk, source, name, email, login, github_id, api_github_id, kind = row
    return IdentityFacts(
        id=pk,
        source=source,
        name=name,
        email=email,
        login=login,
        github_id=github_id,
        api_github_id=api_github_id,
        repositories=frozenset(span[0] for span in spans),
        first_seen=int(min(span[1] for span in spans)) if spans else None,
        last_seen=int(max(span[2] for span in spans)) if spans else None,
        kind=kind,
    )


def _write_links(existing: list[IdentityLink], settlement) -> tuple[int, int]:
    """Store new links and suggestions; what no rule makes any more is asked or forgotten."""
    known = {_pair(link): link for link in existing}
    applied = {(p.left_id, p.right_id): p for p in settlement.links}
    suggested = {(p.left_id, p.right_id): p for p in settlement.suggestions}
    fresh = [
        IdentityLink(
            left_id=pair[0], right_id=pair[1], rule=p.rule, evidence=p.evidence, state=state
        )
        for proposals, state in (
            (suggested, IdentityLink.State.SUGGESTED),
            (applied, IdentityLink.State.APPLIED),
        )
        for pair, p in proposals.items()
        if pair not in known and not (state == IdentityLink.State.SUGGESTED and pair in applied)
    ]
    _insert_links(fresh)
    _demote([link for link in existing if _is_by_rule(link) and _pair(link) not in applied])
    waiting = [link for link in existing if link.state == IdentityLink.State.SUGGESTED]
    for link in waiting:
        if proposal := applied.get(_pair(link)):
            link.state, link.rule, link.evidence = "applied", proposal.rule, proposal.evidence
            link.save(update_fields=["state", "rule", "evidence"])
    stale = [k.pk for k in waiting if _pair(k) not in applied and _pair(k) not in suggested]
    IdentityLink.objects.filter(pk__in=stale).delete()
    counts = Counter(link.state for link in fresh)
    return counts[IdentityLink.State.APPLIED], counts[IdentityLink.State.SUGGESTED]


def _is_by_rule(link: IdentityLink) -> bool:
    return link.state == IdentityLink.State.APPLIED and link.decided_by_id is None


def _demote(links: list[IdentityLink]) -> None:
    """A veto came up against links that rules had made: they become questions."""
    IdentityLink.objects.filter(pk__in=[link.pk for link in links]).update(
        state=IdentityLink.State.SUGGESTED
    )


def _insert_links(links: list[IdentityLink]) -> None:
    IdentityLink.objects.bulk_create(links, batch_size=IN_BATCH)


def _assign_people(component: dict[int, int], facts: list[IdentityFacts]) -> int:
    """Give every component its person: the one who holds most of it stays."""
    human = {fact.id: fact for fact in facts if fact.kind == Identity.Kind.HUMAN}
    component = {identity: root for identity, root in component.items() if identity in human}
    current = dict(Identity.objects.human().values_list("pk", "person"))
    anchored = frozenset(Person.objects.filter(user__isnull=False).values_list("pk", flat=True))
    answer = reassign({i: current.get(i) for i in component}, component, anchored)
    members = defaultdict(list)
    for identity, root in component.items():
        members[root].append(human[identity])
    person_of = _make_people(answer.person_of, members)
    moved = {i: person_of[component[i]] for i in answer.moved}
    # Facts of identities that are somebody for the first time are still ahead of the profiles.
    known_before = [i for i in moved if current.get(i)]
    mark_stale(known_before)
    _move(moved)
    mark_stale(known_before)
    _name_people({*moved.values(), *(current[i] for i in known_before)}, person_of, members)
    Person.objects.filter(pk__in=list(answer.emptied), user__isnull=True).delete()
    return len(moved)


def _make_people(person_of: dict[int, int | None], members: dict) -> dict[int, int]:
    roots = [root for root, person in person_of.items() if person is None]
    made = dict(zip(roots, reserve_ids(Person, len(roots)), strict=True))
    now = moment(int(time.time()))
    # A UUID is 32 hex digits to SQLite and is read from them by PostgreSQL.
    rows = [(pk, uuid4().hex, best_name(members[root]), False, now) for root, pk in made.items()]
    write_rows(Person, ("id", "public_id", "name", "is_hidden", "created_at"), rows)
    return person_of | made


def _move(moved: dict[int, int]) -> None:
    table = connection.ops.quote_name(Identity._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET person_id = %s WHERE id = %s",
            [(person, identity) for identity, person in sorted(moved.items())],
        )


def _name_people(people: set[int], person_of: dict[int, int], members: dict) -> None:
    """Changed people get the name that their identities spell best, unless they have an account."""
    root_of = {person: root for root, person in person_of.items()}
    ordered = sorted(people & root_of.keys())
    for start in range(0, len(ordered), IN_BATCH):
        rows = list(Person.objects.filter(pk__in=ordered[start : start + IN_BATCH], user=None))
        for person in rows:
            person.name = best_name(members[root_of[person.pk]]) or person.name
        Person.objects.bulk_update(rows, ["name"], batch_size=IN_BATCH)


def best_name(identities: list[IdentityFacts]) -> str:
    """The fullest spelling, the latest seen first: “Ada Lovelace” before “ada”."""

    def rank(fact: IdentityFacts):
        return (min(len(fact.name.split()), 2), fact.last_seen or 0, fact.name)

    named = [fact for fact in identities if fact.name]
    if named:
        return max(named, key=rank).name
    return next((fact.login for fact in identities if fact.login), "")
