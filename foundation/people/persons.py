"""Persons follow the components of links: who stays, who is made, who moves."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from foundation.bulk import moment, reserve_ids, write_rows
from foundation.people.identities import IdentityFacts
from foundation.people.invitations import hand_over
from foundation.people.known import IN_BATCH
from foundation.people.models import Identity, Person, Profile, Sighting, StaleProfile
from foundation.people.personal import hand_over_upper_floors
from foundation.people.resolution import reassign

Members = Mapping[int, list[IdentityFacts]]  # by the component's lowest id


def assign_people(
    component: Mapping[int, int],
    known: Mapping[int, IdentityFacts],
    canonical: Collection[int] = (),
) -> int:
    """Give every component its person: the one who holds most of it stays.

    Parameters
    ----------
    component : identity → lowest id of its component, for whole components only
    known : the facts of these identities, whereabouts filled in
    canonical : identities that a .mailmap holds to be well spelled; these name their people

    Returns how many identities moved.
    """
    human = Identity.Kind.HUMAN
    component = {i: root for i, root in component.items() if known[i].kind == human}
    current, members = _current(component), defaultdict(list)
    for identity, root in component.items():
        members[root].append(known[identity])
    with_account = _with_account()
    answer = reassign(current, component, with_account)
    well_spelled = frozenset(canonical) & component.keys()
    person_of = _make_people(answer.person_of, members, well_spelled)
    moved = {i: person_of[component[i]] for i in answer.moved}
    # Facts of identities that are somebody for the first time are still ahead of the profiles.
    known_before = [i for i in moved if current.get(i)]
    mark_stale(known_before)
    _move(moved)
    mark_stale(known_before)
    renamed = {*moved.values(), *(current[i] for i in known_before)}
    renamed |= {person_of[component[i]] for i in well_spelled}
    # Those just made have their names.
    _name_people(renamed & set(current.values()), person_of, members, well_spelled)
    gone = answer.emptied - with_account
    taker = {current[i]: person for i, person in moved.items() if current.get(i) in gone}
    hand_over(taker, timezone.now())
    hand_over_upper_floors(taker)
    Person.objects.filter(pk__in=list(gone), user__isnull=True).delete()
    return len(moved)


def make_nobody(identities: Iterable[int]) -> None:
    """These identities are no person's: their people lose them, and end with the last one.

    Whose profiles are still to be rebuilt ends with that: others are counted anew there, too.
    """
    identities = sorted(identities)
    mark_stale(identities)
    for start in range(0, len(identities), IN_BATCH):
        some = Identity.objects.filter(pk__in=identities[start : start + IN_BATCH])
        people = set(some.exclude(person=None).values_list("person", flat=True))
        some.update(person=None)
        empty = Person.objects.filter(pk__in=people, user=None, identities=None)
        empty.filter(stale_profiles=None).delete()


def mark_stale(identities: Iterable[int]) -> None:
    """The profiles of these identities' people must be rebuilt wherever they were seen.

    Whom others only speak of is seen nowhere and has profiles all the same.
    """
    identities = sorted(identities)
    for start in range(0, len(identities), IN_BATCH):
        some = identities[start : start + IN_BATCH]
        seen = Sighting.objects.filter(identity__in=some, identity__person__isnull=False)
        known = Profile.objects.filter(person__identities__in=some)
        rows = {
            *seen.values_list("identity__person", "repository__project").distinct(),
            *known.values_list("person", "project").distinct(),
        }
        StaleProfile.objects.bulk_create(
            [
                StaleProfile(person_id=person, project_id=project)
                for person, project in sorted(rows)
            ],
            ignore_conflicts=True,
        )


def _with_account() -> frozenset[int]:
    return frozenset(Person.objects.filter(user__isnull=False).values_list("pk", flat=True))


def _current(identities: Iterable[int]) -> dict[int, int | None]:
    identities, found = sorted(identities), {}
    for start in range(0, len(identities), IN_BATCH):
        rows = Identity.objects.filter(pk__in=identities[start : start + IN_BATCH])
        found.update(rows.values_list("pk", "person"))
    return found


def _make_people(
    person_of: dict[int, int | None], members: Members, well_spelled: frozenset[int]
) -> dict[int, int]:
    roots = [root for root, person in person_of.items() if person is None]
    made = dict(zip(roots, reserve_ids(Person, len(roots)), strict=True))
    now = moment(int(time.time()))
    # A UUID is 32 hex digits to SQLite and is read from them by PostgreSQL.
    rows = [
        (pk, uuid4().hex, best_name(members[root], well_spelled), False, now)
        for root, pk in made.items()
    ]
    write_rows(Person, ("id", "public_id", "name", "is_hidden", "created_at"), rows)
    return person_of | made


def _move(moved: dict[int, int]) -> None:
    table = connection.ops.quote_name(Identity._meta.db_table)
    rows = [(person, identity) for identity, person in sorted(moved.items())]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"UPDATE {table} SET person_id = %s WHERE id = %s", rows)
        elif rows:
            people, identities = map(list, zip(*rows, strict=True))
            cursor.execute(
                f"UPDATE {table} SET person_id = moved.person FROM"
                " unnest(%s::bigint[], %s::bigint[]) AS moved(person, identity)"
                f" WHERE {table}.id = moved.identity",
                [people, identities],
            )


def _name_people(
    people: set[int], person_of: dict[int, int], members: Members, well_spelled: frozenset[int]
) -> None:
    """Changed people get the name that their identities spell best, unless they have an account."""
    root_of = {person: root for root, person in person_of.items()}
    ordered = sorted(people & root_of.keys())
    for start in range(0, len(ordered), IN_BATCH):
        rows = list(Person.objects.filter(pk__in=ordered[start : start + IN_BATCH], user=None))
        for person in rows:
            spelled = best_name(members[root_of[person.pk]], well_spelled)
            person.name = spelled or person.name
        Person.objects.bulk_update(rows, ["name"], batch_size=IN_BATCH)


def best_name(identities: list[IdentityFacts], well_spelled: Collection[int] = ()) -> str:
    """The fullest spelling, the latest seen first: “Ada Lovelace” before “ada”.

    What a .mailmap holds to be ``well_spelled`` goes before all others.
    """

    def rank(fact: IdentityFacts):
        is_well = fact.id in well_spelled
        return (is_well, min(len(fact.name.split()), 2), fact.last_seen or 0, fact.name)

    named = [fact for fact in identities if fact.name]
    if named:
        return max(named, key=rank).name
    return next((fact.login for fact in identities if fact.login), "")
