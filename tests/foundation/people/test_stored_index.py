"""Whom new facts touch is found by what is stored of everybody, as if all had been read."""

import random

import pytest

from foundation.people import merging
from foundation.people.known import load_identities
from foundation.people.linking import LinkIndex
from foundation.people.merging import resolve_people
from foundation.people.models import Identity, IdentityBucket
from foundation.people.rights import erase
from foundation.people.stored_index import StoredIndex, note_buckets, stored_companies
from tests import world
from tests.foundation.people.spellings import COMPANY
from tests.foundation.people.test_merging import arrivals

pytestmark = pytest.mark.django_db
ODD = [
    {"name": "", "email": "Root@Mill.example"},
    {"name": "Ada", "email": "<w1@acme.example>"},
    {"name": "Ada", "email": "@acme.example"},
    {"name": "Ada", "email": "nowhere"},
    {"source": "handle", "login": "@W1"},
    {"source": "github", "login": "W2"},
    {"source": "name", "name": "w3 Byron"},
    {"name": "Ärne Straße", "email": "w3@mill.example", "kind": "bot"},
    {"name": "arne strasse", "email": "7+w3@users.noreply.github.com"},
]


def everybody(seed, number=90):
    rows = list(arrivals(random.Random(seed), number))
    rows += [{"source": "git", "key": f"odd{n}", **odd} for n, odd in enumerate(ODD)]
    made = Identity.objects.bulk_create(Identity(**row) for row in rows)
    return load_identities([one.pk for one in made])


@pytest.mark.parametrize("seed", range(4))
def test_who_shares_something_is_found_as_if_all_had_been_read(seed):
    known = everybody(seed)
    note_buckets(known.values())
    whole = LinkIndex(COMPANY)
    whole.add(known.values())
    chance = random.Random(seed)
    for _ in range(20):
        asked = chance.sample(sorted(known), chance.randint(1, 4))
        stored = StoredIndex(COMPANY, load_identities(asked[:1]))
        assert stored.neighbours(asked) == whole.neighbours(asked)
        assert stored.proposals(asked) == whole.proposals(asked)
    assert StoredIndex(COMPANY, {}).proposals() == whole.proposals()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("number", [40, 90])
def test_the_companies_are_those_that_all_identities_tell_together(seed, number):
    whole = LinkIndex()
    whole.add(everybody(seed, number).values())
    assert stored_companies() == whole.company_domains()


def test_of_strangers_nobody_reads_more_than_the_few_that_matter():
    rows = [
        Identity(key=str(n), source="git", name=f"Name{n} Kin{n}", email=f"user{n}@x.example")
        for n in range(300)
    ]
    Identity.objects.bulk_create(rows)
    resolve_people()
    late = Identity.objects.create(key="late", source="git", name="N", email="user7@x.example")
    note_buckets(load_identities([late.pk]).values())
    known = {}
    StoredIndex(COMPANY, known).neighbours([late.pk])
    assert {facts.email for facts in known.values()} == {"user7@x.example"}


def test_a_spelling_that_changed_leaves_what_it_shared():
    one = Identity.objects.create(key="1", source="git", name="Ada Byron", email="ada@x.example")
    kept = []
    for name in ("Ada Byron", "Ada King", "Ada Byron"):
        Identity.objects.filter(pk=one.pk).update(name=name, is_settled=False)
        resolve_people()
        kept.append(set(IdentityBucket.objects.values_list("identity", "bucket")))
    assert kept[0] == kept[2] != kept[1]
    assert [len(buckets) for buckets in kept] == [3, 3, 3]


def test_nothing_is_kept_of_what_an_erased_identity_shared():
    ada = world.person("Ada Faure")
    resolve_people()
    assert IdentityBucket.objects.filter(identity__person=ada).exists()
    erase(ada, now=world.NOW)
    resolve_people()
    assert not IdentityBucket.objects.exists()


def test_who_arrives_during_a_look_at_everybody_has_their_turn_later(monkeypatch):
    def meanwhile(domains):
        if not Identity.objects.filter(key="late").exists():
            Identity.objects.create(
                key="late", source="git", name="Late", email="late@mill.example"
            )
        return True

    monkeypatch.setattr(merging, "note_companies", meanwhile)
    everybody(1)
    resolve_people()
    late = Identity.objects.get(key="late")
    assert not late.is_settled
    same = Identity.objects.create(key="same", source="git", name="Tardy", email=late.email)
    resolve_people()
    assert len(set(Identity.objects.filter(email=late.email).values_list("person", flat=True))) == 1
    assert Identity.objects.get(pk=same.pk).is_settled
