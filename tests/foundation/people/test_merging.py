"""People follow the links between identities, and every merge can be undone."""

import random

import pytest

from foundation.accounts.models import User
from foundation.activity.sightings import note_sightings
from foundation.people.known import unsettle_everybody
from foundation.people.merging import (
    decide,
    decide_all,
    detach,
    resolution_is_due,
    resolve_people,
    set_kind,
)
from foundation.people.models import Identity, IdentityLink, Person
from tests import world
from tests.foundation.people.spellings import YEAR

pytestmark = pytest.mark.django_db


def identity(name, email, kind="human"):
    return Identity.objects.create(
        key=f"git:{name}<{email}>", source="git", name=name, email=email, kind=kind
    )


@pytest.fixture
def steward():
    return User.objects.create_user("steward@house.example", is_steward=True)


def people():
    """Who is held to be one: a set of sets of spellings."""
    found = {}
    for name, email, person in Identity.objects.values_list("name", "email", "person"):
        if person:
            found.setdefault(person, set()).add(f"{name} {email}")
    return {frozenset(spellings) for spellings in found.values()}


def test_one_address_under_two_spellings_is_one_person_with_the_evidence():
    identity("Ada Byron", "ada@mill.example")
    identity("ada", "ada@mill.example")
    resolve_people()
    assert people() == {frozenset({"Ada Byron ada@mill.example", "ada ada@mill.example"})}
    assert Person.objects.get().name == "Ada Byron"
    link = IdentityLink.objects.get()
    assert (link.rule, link.state) == ("same-email", "applied")


def test_a_link_says_as_long_as_it_is_so_that_its_names_are_unlike():
    identity("Grace Hop", "hopper@corp.example")
    other = identity("Linus Tor", "hopper@corp.example")
    told = []
    for name in ("Linus Tor", "Grace Hop", "Linus Tor"):
        Identity.objects.filter(pk=other.pk).update(name=name, is_settled=False)
        resolve_people()
        told.append(IdentityLink.objects.get().evidence)
    assert told == [{"unlike_names": 2}, {}, {"unlike_names": 2}]


def test_resolving_again_changes_nothing():
    identity("Ada Byron", "ada@mill.example")
    identity("ada", "ada@mill.example")
    resolve_people()
    before = list(IdentityLink.objects.values()), list(Person.objects.values())
    again = resolve_people()
    assert (again.linked, again.moved) == (0, 0)
    assert (list(IdentityLink.objects.values()), list(Person.objects.values())) == before


def test_a_bot_under_a_persons_address_stays_apart_and_is_nobody():
    identity("Ada Byron", "ada@mill.example")
    bot = identity("millbot", "ada@mill.example", kind="bot")
    resolve_people()
    bot.refresh_from_db()
    assert (bot.person, people()) == (None, {frozenset({"Ada Byron ada@mill.example"})})


def test_namesakes_are_asked_about_and_never_merged():
    identity("Ada Byron", "ada@mill.example")
    identity("Ada Byron", "byron@mill.example")
    resolve_people()
    assert len(people()) == 2


def test_an_undone_merge_gives_back_two_people_and_stays_undone(steward):
    identity("Ada Byron", "ada@mill.example")
    identity("ada", "ada@mill.example")
    resolve_people()
    decide(IdentityLink.objects.get(), applied=False, by=steward)
    assert len(people()) == 2
    resolve_people()
    assert len(people()) == 2
    assert IdentityLink.objects.get().decided_by == steward


def test_not_me_takes_an_identity_out_for_good():
    identity("Ada Byron", "ada@mill.example")
    stray = identity("ada", "ada@mill.example")
    identity("Ada B", "ada@mill.example")
    resolve_people()
    detach(stray, by=None)
    resolve_people()
    assert {len(spellings) for spellings in people()} == {1, 2}


def test_a_steward_says_that_a_suspect_is_human_and_it_becomes_somebody(steward):
    suspect = identity("Sarah Talbot", "talbot@mill.example", kind="suspected")
    resolve_people()
    assert people() == set()
    set_kind(suspect, "human", by=steward)
    suspect.refresh_from_db()
    assert (suspect.is_locked, suspect.person.name) == (True, "Sarah Talbot")


def kinds():
    return dict(Identity.objects.order_by("name").values_list("name", "kind"))


def test_declared_bots_are_those_who_are_here_already_and_however_they_are_spelled(settings):
    for name in ("Ada Byron", "FooRunner", "My_Service"):
        identity(name, f"{name.split()[0].lower()}@mill.example")
    resolve_people()
    settings.DECLARED_BOTS = ["My_Service", " foorunner[bot] ", ""]
    assert resolution_is_due()
    resolve_people()
    assert kinds() == {"Ada Byron": "human", "FooRunner": "bot", "My_Service": "bot"}
    assert list(Person.objects.values_list("name", flat=True)) == ["Ada Byron"]
    settings.DECLARED_BOTS = ["my-service"]
    resolve_people()
    assert kinds() == {"Ada Byron": "human", "FooRunner": "human", "My_Service": "bot"}
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Ada Byron", "FooRunner"]
    assert not resolution_is_due()


def test_a_human_who_was_called_so_stays_one_whatever_is_declared(settings, steward):
    set_kind(identity("FooRunner", "foo@mill.example"), "human", by=steward)
    settings.DECLARED_BOTS = ["foorunner"]
    resolve_people()
    assert kinds() == {"FooRunner": "human"}


def test_whoever_is_called_a_bot_leaves_no_person_behind(steward):
    robot = identity("Ada Byron", "ada@mill.example")
    resolve_people()
    set_kind(robot, "bot", by=steward)
    assert not Person.objects.exists()


def test_whoever_helped_somebody_that_is_called_a_bot_later_helped_nobody(steward):
    keel = world.project()
    repo = world.repository(keel)
    helper, robot = world.person("Ada Faure"), world.person("Max Mill")
    Identity.objects.update(is_settled=True)
    world.deed(world.change(repo, robot, at=world.days_ago(9)), helper)
    world.profiles(keel)
    assert helper.profiles.get().newcomers_helped == 1
    set_kind(world.own_identity(robot), "bot", by=steward)
    world.profiles(keel)
    assert Person.objects.get() == helper
    assert helper.profiles.get().newcomers_helped == 0


def test_a_person_with_an_account_is_the_one_who_stays_in_a_merge(steward):
    old = identity("Ada Byron", "ada@mill.example")
    resolve_people()
    keeper = Identity.objects.get(pk=old.pk).person
    keeper.user = steward
    keeper.save()
    for number in range(3):
        identity(f"ada{number}", "ada@mill.example")
    resolve_people()
    assert Person.objects.get() == keeper


def arrivals(chance, number):
    """Spellings that share addresses, names, accounts and handles with each other."""
    for n in range(number):
        who = f"w{chance.randrange(number // 3)}"
        full = f"{who.title()} {chance.choice(['Byron', 'King', 'Somerville'])}"
        account = chance.randrange(8)
        yield {
            "source": "git",
            **chance.choice(
                [
                    {"name": full, "email": f"{who}@mill.example"},
                    {"name": who, "email": f"{who}@{chance.choice(['mill', 'acme'])}.example"},
                    {"name": full, "email": f"{account}+{who}@users.noreply.github.com"},
                    {"name": full, "email": f"{who}@users.noreply.github.com"},
                    {"source": "handle", "login": who},
                    {"source": "github", "login": who, "github_id": account},
                ]
            ),
            "key": str(n),
        }


def standing():
    links = IdentityLink.objects.order_by("left", "right")
    return people_by_key(), list(links.values_list("left", "right", "rule", "state"))


def people_by_key():
    found = {}
    for key, person in Identity.objects.exclude(person=None).values_list("key", "person"):
        found.setdefault(person, set()).add(key)
    return {frozenset(keys) for keys in found.values()}


@pytest.mark.parametrize("seed", range(4))
def test_people_settled_as_they_come_are_those_of_settling_everybody_at_once(seed, steward):
    chance = random.Random(seed)
    waiting = [Identity(**fields) for fields in arrivals(chance, 60)]
    here = [world.repository(world.project(slug)) for slug in ("keel", "mast")]
    while waiting:
        fresh, waiting = waiting[:7], waiting[7:]
        Identity.objects.bulk_create(fresh)
        known = list(Identity.objects.values_list("pk", flat=True))
        for repository in here:
            seen = {pk: (0, chance.randrange(3) * YEAR) for pk in chance.sample(known, 7)}
            note_sightings(repository, seen)
        resolve_people()
        if asked := IdentityLink.objects.filter(state="suggested").order_by("pk").last():
            decide(asked, applied=chance.random() < 0.5, by=steward)
    bit_by_bit = standing()
    assert len(bit_by_bit[1]) > 20
    unsettle_everybody()
    resolve_people()
    assert standing() == bit_by_bit


def test_several_answers_are_kept_even_where_one_settles_the_next_question(steward):
    for number in range(3):
        identity("Ada Byron", f"ada{number}@mill.example")
    seen = dict.fromkeys(Identity.objects.values_list("pk", flat=True), (0, YEAR))
    note_sightings(world.repository(world.project("keel")), seen)
    resolve_people()
    asked = list(IdentityLink.objects.filter(state="suggested"))
    assert len(asked) == 3
    decide_all(asked, applied=True, by=steward)
    assert len(people()) == 1
    answers = IdentityLink.objects.values_list("state", "decided_by")
    assert set(answers) == {("applied", steward.pk)}


def test_the_tenth_handle_makes_a_domain_a_companys_and_all_its_people_follow():
    for n in range(10):
        identity("", f"person{n}@acme.example")
    for n in range(9):
        Identity.objects.create(key=f"handle:{n}", source="handle", login=f"person{n}")
    resolve_people()
    assert len(people_by_key()) == 19
    Identity.objects.create(key="handle:9", source="handle", login="person9")
    resolve_people()
    assert len(people_by_key()) == 10
