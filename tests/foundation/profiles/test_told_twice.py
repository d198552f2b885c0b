"""A review told by a trailer and by events is one: in profiles, on pages, in whatever order."""

from random import Random

import pytest
from django.db import connection, transaction

from foundation.activity.event_intake import take_in_events
from foundation.activity.models import Activity, Change
from foundation.activity.sources.record import EventRecord, Who
from foundation.people.backing import Claim, backing, reviews_bearing_on
from foundation.people.models import Expertise, Identity, Person, Profile, StaleProfile
from foundation.people.rights import erase
from foundation.profiles.build import update_profiles
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PEOPLE = ("Ada", "Ben", "Cleo")
LOGINS = ("ada", "ben", "cleo", "dan", "eve", "zap")


class Town:
    """A repository in which three people, each with an address and an account, review."""

    def __init__(self):
        self.project = world.project()
        self.repository = world.repository(self.project)
        self.people = [world.person(name) for name in PEOPLE]
        self.accounts = [world.identity(one, f"{one.name}@pulls.example") for one in self.people]
        Identity.objects.update(is_settled=True)  # who is who is given

    def land(self, number: int, author: int, reviewers: list[int]) -> None:
        commit = world.change(
            self.repository,
            self.people[author],
            at=world.days_ago(number),
            subject=f"[topic{number}] Weave",
            paths=(f"area{number % 3}/file.py",),
            pull_request=number,
        )
        for reviewer in reviewers:
            world.deed(commit, self.people[reviewer])

    def tell(self, number: int, author: int, reviewer: int, day: int) -> None:
        there = Change.objects.filter(external_id=f"pull/{number}").first()
        there = there or world.pull(self.repository, self.accounts[author], number)
        told = {"at": world.days_ago(number + day), "external_id": f"review/{day}"}
        world.deed(there, self.accounts[reviewer], **told)


def happenings(seed: int) -> list[tuple]:
    """What is to be told, of eight pull requests; most land, and some are told by one source."""
    rng, told = Random(seed), []
    for number in range(1, 9):
        author = rng.randrange(3)
        if rng.random() < 0.8:
            others = [one for one in range(3) if one != author and rng.random() < 0.7]
            told.append(("land", number, author, others))
        told += [("tell", number, author, rng.randrange(3), day) for day in range(rng.randrange(4))]
    return told


def figures() -> tuple:
    profiles = Profile.objects.order_by("person__name").values_list(
        "person__name",
        *("changes", "reviews_given", "reviews_received", "other_help", "newcomers_helped"),
        *("weeks", "hours_utc", "first_at", "last_at"),
    )
    lines = Expertise.objects.order_by("person__name", "kind", "name").values_list(
        *("person__name", "kind", "name", "changes", "reviews", "last_at", "authored", "reviewed")
    )
    return list(profiles), [(*line[:6], *(f"{one:.9e}" for one in line[6:])) for line in lines]


def told_in_order(town: Town, deeds: list[tuple], *, at_once: bool) -> tuple:
    Change.objects.all().delete()
    update_profiles(town.project, rebuild=True)
    for what, *how in deeds:
        getattr(town, what)(*how)
        if not at_once:
            update_profiles(town.project)
    update_profiles(town.project)
    return figures()


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_taking_in_does_not_matter(seed):
    town, deeds, chance = Town(), happenings(seed), Random(seed)
    first = told_in_order(town, deeds, at_once=True)
    for at_once in (True, False):
        chance.shuffle(deeds)
        assert told_in_order(town, deeds, at_once=at_once) == first
    update_profiles(town.project, rebuild=True)
    assert figures() == first


@pytest.mark.parametrize("seed", range(12))
def test_a_profile_says_as_much_as_its_pages_list(seed):
    town = Town()
    told_in_order(town, happenings(seed), at_once=True)
    said, listed = {}, {}
    for one in Profile.objects.select_related("person"):
        for kind, count in (
            ("reviews", one.reviews_given),
            ("received", one.reviews_received),
            ("changes", one.changes),
        ):
            said[one.person.name, kind] = count
            listed[one.person.name, kind] = len(backing(one.person, town.project, Claim(kind)))
    for line in Expertise.objects.select_related("person"):
        said[line.person.name, line.name] = line.changes + line.reviews
        claim = Claim(line.kind, line.name)
        listed[line.person.name, line.name] = len(backing(line.person, town.project, claim))
    assert listed == said
    distinct = Activity.objects.filter(kind="reviewed").values_list(
        "identity__person__name", "change__pull_request", "change__author__person__name"
    )
    reviews = {(who, number) for who, number, author in distinct if who != author}
    assert {name: said.get((name, "reviews"), 0) for name in PEOPLE} == {
        name: sum(who == name for who, _ in reviews) for name in PEOPLE
    }


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="other databases read small tables whole, as they should"
)
def test_what_a_person_received_is_looked_up_and_no_table_is_read_whole():
    plan = reviews_bearing_on(Town().people[0]).explain()
    assert "SCAN" not in plan
    assert "changes_of_a_pull_request (repository_id=? AND pull_request=?)" in plan


@pytest.mark.parametrize("kind", ["changes", "help", "landed-changes"])
def test_for_what_lists_no_review_none_is_read(kind, django_assert_num_queries):
    town = Town()
    town.land(1, 0, [1])
    with django_assert_num_queries(1):
        backing(town.people[0], town.project, Claim(kind))


def test_a_merge_of_two_people_joins_what_both_told():
    town = Town()
    town.land(1, 0, [1])
    town.tell(1, 0, 2, 0)
    update_profiles(town.project)
    ada = Person.objects.get(name="Ada")
    assert Profile.objects.get(person=ada).reviews_received == 2
    town.accounts[2].person = town.people[1]
    town.accounts[2].save()
    StaleProfile.objects.create(person=town.people[1], project=town.project)
    update_profiles(town.project)
    assert Profile.objects.get(person=ada).reviews_received == 1
    assert Profile.objects.get(person__name="Ben").reviews_given == 1


class Story:
    """A project of which events tell, in any order, and in which people become others."""

    def __init__(self, seed: int):
        self.rng, self.number = Random(seed), 0
        self.project = world.project()
        self.repository = world.repository(self.project)

    def go_on(self) -> str:
        deed = self.rng.choice(
            ["review", "review", "review", "comment", "open", "retitle", "land", "bot", "erase"]
        )
        getattr(self, f"_{deed}")()
        return deed

    def _tell(self, kind: str, login: str, **fields) -> None:
        self.number += 1
        told = EventRecord(
            external_id=f"{kind}/{self.number}",
            kind=kind,
            actor=Who(login=login, github_id=LOGINS.index(login) + 1),
            at=int(world.days_ago(self.rng.randint(1, 400)).timestamp()),
            repository=self.repository.github,
            change=f"pull/{self.rng.randint(1, 4)}",
            **fields,
        )
        number = int(told.change.partition("/")[2])
        if kind == "opened_pull_request":
            login = LOGINS[number - 1]  # whose it is does not change
            told = told._replace(actor=Who(login=login, github_id=number))
        take_in_events([told._replace(number=number)])

    def _review(self):
        self._tell("reviewed", self.rng.choice(LOGINS))

    def _comment(self):
        self._tell("commented", self.rng.choice(LOGINS))

    def _open(self):
        merged = self.rng.choice([None, int(world.days_ago(1).timestamp())])
        self._tell("opened_pull_request", "ada", is_merged=bool(merged), merged_at=merged)

    def _retitle(self):
        word = self.rng.choice(["warp", "weft", "loom"])
        self._tell("labeled", self.rng.choice(LOGINS), title=f"[{word}] Weave")

    def _land(self):
        known = list(Identity.objects.human().exclude(source="erased"))
        if known:
            author, reviewer = self.rng.choice(known), self.rng.choice(known)
            at, number = world.days_ago(self.rng.randint(1, 400)), self.rng.randint(1, 4)
            landed = world.change(self.repository, author, at=at, pull_request=number)
            if author != reviewer:
                world.deed(landed, reviewer)

    def _bot(self):
        self._tell("commented", self.rng.choice(LOGINS), actor_is_bot=self.rng.random() < 0.3)

    def _erase(self):
        somebody = Person.objects.filter(erased_at=None, identities__isnull=False).first()
        if somebody and self.rng.random() < 0.3:
            erase(somebody, now=world.NOW)


@pytest.mark.parametrize("seed", range(12))
def test_increments_are_a_rebuild_whatever_becomes_known_later(seed):
    story, deeds = Story(seed), []
    for _ in range(30):
        deeds.append(story.go_on())
        update_profiles(story.project)
        added = figures()
        with transaction.atomic():
            update_profiles(story.project, rebuild=True)
            assert figures() == added, deeds
            transaction.set_rollback(True)
    machines = Person.objects.filter(user=None, erased_at=None, identities=None)
    assert not machines.exists()


def told_of_zap(kind: str, who: int, **fields) -> None:
    """An event about the pull request of “zap”, who does nothing else."""
    told = EventRecord(
        external_id=f"{kind}/{who}",
        kind=kind,
        actor=Who(login=LOGINS[who], github_id=who + 1),
        at=int(world.days_ago(9 - who).timestamp()),
        repository="halyard/keel",
        change="pull/1",
        number=1,
        author=Who(login="zap", github_id=6),
    )
    take_in_events([told._replace(**fields)])


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_bot_that_others_only_speak_of_leaves_no_person_and_no_profile(rebuild):
    keel = world.project()
    world.repository(keel)
    told_of_zap("reviewed", 0)
    update_profiles(keel)
    assert Profile.objects.get(person__name="zap").reviews_received == 1
    told_of_zap("commented", 1, author_is_bot=True)
    update_profiles(keel, rebuild=rebuild)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["ada", "ben"]
    assert not StaleProfile.objects.exists()
