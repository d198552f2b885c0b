"""The verbs by which people change: the rules are asked, a human decides, and people follow.

The rules are pure and live in ``linking`` and ``resolution``. Their answer is stored: every link
with its evidence, every person as a component of links. Whoever's facts changed is *unsettled*
until the next ``resolve_people``, which looks only at what those facts can change (``area``); the
answer is that of asking the rules about everybody.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from foundation.bulk import hold_alone
from foundation.people.area import Area, area_of
from foundation.people.behaviour import note_behaviour
from foundation.people.declared import declarations_changed, judge_anew
from foundation.people.known import (
    IN_BATCH,
    LinkRow,
    Whereabouts,
    declared_companies,
    load_identities,
    load_links,
    named_by,
    note_companies,
)
from foundation.people.link_rows import write_links
from foundation.people.linking import LinkPolicy
from foundation.people.mailmap import MailmapEntry
from foundation.people.models import Identity, IdentityLink
from foundation.people.persons import assign_people, make_nobody, mark_stale
from foundation.people.resolution import Settlement, components, settle
from foundation.people.stored_index import StoredIndex, note_buckets

__all__ = [
    "Resolution",
    "decide",
    "decide_all",
    "detach",
    "mark_stale",
    "resolution_is_due",
    "resolve_people",
    "set_kind",
    "unsettle",
]


@dataclass
class Resolution:
    """What one resolution changed."""

    identities: int = 0
    people: int = 0
    linked: int = 0
    suggested: int = 0
    moved: int = 0


@transaction.atomic
def resolve_people(
    *, mailmap: Iterable[MailmapEntry] = (), read_again: Collection[int] = ()
) -> Resolution:
    """Settle who is who after facts or decisions changed; only what changes is written.

    Decisions of humans stand: an applied link of theirs is a link, a rejected one a veto. So do
    links that a ``.mailmap`` made, since it is not at hand every time: until that of its repository
    is ``read_again`` (primary keys) and says so no more.
    """
    hold_alone(IdentityLink)
    judged = judge_anew()
    house = _House(tuple(mailmap), frozenset(read_again))
    touched = house.touched()
    area = house.area(touched)
    settlement = house.settle(area)
    made = write_links(house.links_with_an_end_in(area.inside), settlement)
    inside = {i: root for i, root in settlement.component.items() if i in area.inside}
    canonical = {link.evidence.get("canonical") for link in settlement.links} - {None}
    moved = assign_people(inside, house.known, canonical)
    note_behaviour(touched)
    mark_stale(judged)
    return Resolution(
        identities=Identity.objects.exclude(source="erased").count(),
        people=Identity.objects.exclude(person=None).values("person").distinct().count(),
        linked=made[IdentityLink.State.APPLIED],
        suggested=made[IdentityLink.State.SUGGESTED],
        moved=moved,
    )


def resolution_is_due() -> bool:
    """Did facts change, or what the settings declare, since everybody was settled?"""
    return Identity.objects.unsettled().exists() or declarations_changed()


class _House:
    """Every link, and whoever may matter to one resolution."""

    def __init__(self, mailmap: tuple[MailmapEntry, ...], read_again: frozenset[int]):
        self.links = load_links()
        self._read_again = read_again
        self.rejected = frozenset(
            row.pair for row in self.links if row.state == IdentityLink.State.REJECTED
        )
        self.policy = LinkPolicy(declared_companies(), mailmap, self.rejected)
        self._whereabouts = Whereabouts()
        self._unsettled = set(Identity.objects.unsettled().values_list("pk", flat=True))
        # Before their facts are read: who changes them meanwhile waits, and unsettles them again.
        _set_settled(self._unsettled, True)
        self._named = named_by(mailmap)
        self.known = load_identities(self._unsettled | self._named)
        note_buckets(self.known[id_] for id_ in self._unsettled)
        # An entry holds where its file lies, so whoever it may name is looked up first.
        self._whereabouts.fill_in(self._named, self.known)
        self.index = StoredIndex(self.policy, self.known)

    def touched(self) -> set[int]:
        """Whose facts changed since all was settled; everybody if a domain's meaning did."""
        if note_companies(self.index.company_domains()):
            # Whoever came meanwhile is unsettled, is in no index yet, and has their turn later.
            settled = Identity.objects.exclude(source="erased").filter(is_settled=True)
            return set(settled.values_list("pk", flat=True))
        told = {i for row in self.links if row.told_by & self._read_again for i in row.pair}
        return self._unsettled | self._named | told

    def area(self, touched: Collection[int]) -> Area:
        pairs = [row.pair for row in self.links if row.is_applied]
        before = components({id_ for pair in pairs for id_ in pair}, pairs)
        area = area_of(self.index, touched, before, prepare=self._look_up)
        self._look_up(area.around)
        return area

    def _look_up(self, ids: Collection[int]) -> None:
        self.index.meet(ids)
        self.index.locate(self._whereabouts.fill_in(ids, self.known))

    def settle(self, area: Area) -> Settlement:
        rows = (row for row in self.links if row.is_given and area.inside.issuperset(row.pair))
        told = {one.pair: one for one in area.proposals if one.rule == "mailmap"}
        given = [
            row.told_again(told.get(row.pair), self._read_again)
            for row in rows
            if row.outlives(self._read_again)
        ]
        around = (row.pair for row in self.links if row.is_applied)
        return settle(
            [self.known[id_] for id_ in sorted(area.inside | area.around)],
            [*given, *area.proposals],
            rejected_pairs=self.rejected,
            joined=[pair for pair in around if area.around.issuperset(pair)],
        )

    def links_with_an_end_in(self, inside: frozenset[int]) -> list[LinkRow]:
        return [row for row in self.links if not inside.isdisjoint(row.pair)]


def unsettle(identities: Iterable[int]) -> None:
    """The facts of these changed: the next resolution looks at them."""
    _set_settled(identities, False)


def _set_settled(identities: Iterable[int], is_settled: bool) -> None:
    identities = sorted(identities)  # two intakes must lock rows in one order
    for start in range(0, len(identities), IN_BATCH):
        some = identities[start : start + IN_BATCH]
        others = Identity.objects.filter(pk__in=some, is_settled=not is_settled)
        others.update(is_settled=is_settled)


def decide(link: IdentityLink, *, applied: bool, by) -> None:
    """A human applies a suggestion, or rejects a link; the merge is undone with it."""
    decide_all([link], applied=applied, by=by)


@transaction.atomic
def decide_all(links: Iterable[IdentityLink], *, applied: bool, by) -> None:
    """Give several links one answer, and then let people follow once.

    An answer is kept even where the question was settled meanwhile and its row is gone.
    """
    hold_alone(IdentityLink)
    state = IdentityLink.State.APPLIED if applied else IdentityLink.State.REJECTED
    answer = {"state": state, "decided_by": by, "decided_at": timezone.now()}
    ends = set()
    for link in links:
        ends |= {link.left_id, link.right_id}
        IdentityLink.objects.update_or_create(
            left_id=link.left_id,
            right_id=link.right_id,
            defaults=answer,
            create_defaults={**answer, "rule": link.rule, "evidence": link.evidence},
        )
    unsettle(ends)
    resolve_people()


@transaction.atomic
def detach(identity: Identity, *, by) -> None:
    """“This is not me”: the identity leaves its person, and no rule brings it back."""
    hold_alone(IdentityLink)
    identity.refresh_from_db(fields=["person"])
    others = list(Identity.objects.filter(person=identity.person_id).exclude(pk=identity.pk))
    for other in others:
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
    unsettle({identity.pk, *(other.pk for other in others)})
    resolve_people()


@transaction.atomic
def set_kind(identity: Identity, kind: str, *, by) -> None:
    """A steward says what an identity is; bots become nobody, humans somebody.

    Who was erased meanwhile stays so.
    """
    hold_alone(IdentityLink)  # before any mark: an erasure goes the same way
    identity.refresh_from_db()
    if identity.source == "erased":
        return
    identity.kind, identity.kind_reason, identity.is_locked = kind, f"decided by {by}", True
    if kind != Identity.Kind.HUMAN:
        make_nobody([identity.pk])
        identity.person = None
    identity.save(update_fields=["kind", "kind_reason", "is_locked"])
    unsettle([identity.pk])
    resolve_people()
    mark_stale([identity.pk])
