"""Who hides or is erased while a step computes is not in what the step writes then."""

import pytest
from django.utils import timezone

from foundation.people import rights
from foundation.people.models import (
    Expertise,
    Invitation,
    LeaderSignal,
    Lull,
    Person,
    Profile,
    StaleProfile,
)
from foundation.profiles import build
from foundation.runs import ledger
from foundation.runs.models import Run
from matching import assigning, refresh
from matching.care import lulls
from matching.emerging.rising import Rising
from mentorship.models import Cohort, Exposure, Match, MentorOffer
from tests import world
from tests.matching.beside import Beside, before

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def keel():
    """Three who write, and review each other's changes, in Keel."""
    keel = world.project()
    repo, crew = world.repository(keel), [world.person(name) for name in ("Ada", "Ben", "Cleo")]
    for day in range(12):
        author, reviewer = crew[day % 3], crew[(day + 1) % 3]
        world.deed(world.change(repo, author, at=world.days_ago(40 - day)), reviewer)
    return keel


def called(name: str) -> Person:
    return Person.objects.get(name=name)


def erase(person: Person) -> None:
    rights.erase(person, now=world.NOW)


def hide(person: Person) -> None:
    rights.hide(person, hidden=True)


def pause(person: Person) -> None:
    MentorOffer.objects.create(person=person, never=True)


def claimed(task: str, scope: str) -> Run:
    owed = ledger.owe(task, scope, ledger.stamp(world.NOW), as_of=world.NOW)
    return ledger.claim(owed.pk, timezone.now())


def then(monkeypatch, module, name: str, act) -> None:
    """Let something happen each time a function of a module has answered."""
    real = getattr(module, name)

    def answer(*args, **named):
        found = real(*args, **named)
        found = found if isinstance(found, list | dict) else list(found)
        act()
        return found

    monkeypatch.setattr(module, name, answer)


def pairs(rows) -> set[tuple[str, str]]:
    return set(rows.values_list("mentee__name", "mentor__name"))


@pytest.mark.parametrize(("leave", "mentees"), [(erase, "AC"), (hide, "AC"), (pause, "ABC")])
def test_nobody_is_offered_somebody_who_left_while_lists_were_made(
    keel, monkeypatch, leave, mentees
):
    ben, crew = called("Ben"), ("Ada", "Ben", "Cleo")
    then(monkeypatch, refresh, "match_rows", lambda: leave(ben))
    told = refresh.matches(claimed("matches", "keel"))
    expected = {
        (mentee, mentor)
        for mentee in crew
        for mentor in ("Ada", "Cleo")
        if mentee != mentor and mentee[0] in mentees
    }
    assert (pairs(Match.objects), pairs(Exposure.objects)) == (expected, expected)
    assert told["matches"] == len(expected)


@pytest.mark.parametrize("leave", [erase, hide])
def test_nobody_is_invited_who_left_while_leaders_were_sought(keel, monkeypatch, leave):
    row, (ada, ben) = world.model("leaders"), map(called, ("Ada", "Ben"))
    rising = [Rising(one.pk, 1, 0.4, 0.3, 0.5, -0.4, []) for one in (ada, ben)]
    monkeypatch.setattr(refresh.shelf, "serving_leaders", lambda: (row, object()))
    monkeypatch.setattr(refresh, "rising_in", lambda *_: rising)
    then(monkeypatch, refresh, "rising_in", lambda: leave(ben))
    assert refresh.leaders(claimed("leaders", "keel"))["signals"] == 1
    assert [one.person for one in LeaderSignal.objects.all()] == [ada]
    assert [one.person for one in Invitation.objects.all()] == [ada]


@pytest.mark.parametrize("leave", [erase, hide])
def test_nobody_is_placed_who_left_while_a_cohort_was_assigned(keel, monkeypatch, leave):
    for name, mentor, score in (("Ada", "Cleo", 0.9), ("Ben", "Cleo", 0.4)):
        world.request(called(name), keel)
        world.match(called(name), called(mentor), keel, score=score)
    cohort = Cohort.objects.create(name="Spring", made_at=world.NOW)
    ben = called("Ben")
    then(monkeypatch, assigning, "answer", lambda: leave(ben))
    assigning.assign_cohort(claimed("assign", str(cohort.pk)))
    placed = cohort.placements.values_list("mentee__name", "mentor__name")
    assert list(placed) == [("Ada", "Cleo")]


def left_of(person: Person) -> list:
    known = (person.profiles, person.expertise, person.affiliations, person.leader_signals)
    known += (person.invitations,)
    offered = (person.matches, person.matches_as_mentor)
    logged = (person.exposures, person.exposures_as_mentor)
    rows = [row for each in (*known, person.lulls, *offered, *logged) for row in each.all()]
    return [person.name, *rows]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("written", ["write_matches", "note_offers"])
def test_lists_just_being_written_go_with_an_erasure(keel, monkeypatch, written):
    ben = called("Ben")
    erasing = Beside(erase, ben)
    before(monkeypatch, refresh, written, erasing.begin)
    refresh.matches(claimed("matches", "keel"))
    erasing.end()
    assert left_of(Person.objects.get(pk=ben.pk)) == [""]
    assert pairs(Match.objects) == {("Ada", "Cleo"), ("Cleo", "Ada")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_placed", [False, True])
def test_an_erasure_and_a_refresh_that_drops_the_same_list_wait_for_each_other(
    keel, monkeypatch, is_placed
):
    dan, ada = world.person("Dan"), called("Ada")
    world.match(ada, dan, keel)
    begun = {}
    if is_placed:
        place = world.place(ada, dan, keel, at=world.NOW)
        begun = {"answer": "placed", "answered_at": world.NOW, "placement": place}
    world.exposure(ada, dan, keel, **begun)
    erasing = Beside(erase, dan)
    before(monkeypatch, refresh, "write_matches", erasing.begin)
    refresh.matches(claimed("matches", "keel"))
    erasing.end()
    assert left_of(Person.objects.get(pk=dan.pk)) == [""]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (build, "_take_marks"),
        (build, "_unread"),
        (build, "newcomers_helped"),
        (build, "write"),
        (build, "_move_cursors"),
    ],
)
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_profile_just_being_added_up_goes_with_an_erasure(
    keel, monkeypatch, module, name, rebuild
):
    world.profiles(keel)
    ben = called("Ben")
    StaleProfile.objects.create(person=ben, project=keel)
    world.change(keel.repositories.get(), ben, at=world.days_ago(1))
    erasing = Beside(erase, ben)
    before(monkeypatch, module, name, erasing.begin)
    build.update_profiles(keel, rebuild=rebuild)
    erasing.end()
    assert left_of(Person.objects.get(pk=ben.pk)) == [""]
    assert set(Profile.objects.values_list("person__name", flat=True)) == {"Ada", "Cleo"}
    assert set(Expertise.objects.values_list("person__name", flat=True)) == {"Ada", "Cleo"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("written", ["_readers", "_lull"])
def test_a_lull_just_being_written_goes_with_an_erasure(keel, monkeypatch, written):
    ida = world.person("Ida", account=world.user("ida@quay.example"))
    for week in range(9, 60):
        world.change(keel.repositories.get(), ida, at=world.days_ago(7 * week))
    world.lull(ida)
    erasing = Beside(erase, ida)
    before(monkeypatch, lulls, written, erasing.begin)
    lulls.lulls(claimed("lulls", ""))
    erasing.end()
    assert left_of(Person.objects.get(pk=ida.pk)) == [""]
    assert not Lull.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_declines_while_invitations_are_written_stays_declined(keel, monkeypatch):
    row, ada = world.model("leaders"), called("Ada")
    signal = world.signal(ada, keel)
    monkeypatch.setattr(refresh.shelf, "serving_leaders", lambda: (row, object()))
    rising = [Rising(ada.pk, years, 0.4, 0.3, 0.5, -0.4, []) for years in (1, 2)]
    monkeypatch.setattr(refresh, "rising_in", lambda *_: rising)
    declining = Beside(lambda: rights.decline_signal(signal, declined=True))
    before(monkeypatch, refresh, "_signal", declining.begin)
    refresh.leaders(claimed("leaders", "keel"))
    declining.end()
    assert list(LeaderSignal.objects.values_list("person", "is_declined")) == [(ada.pk, True)] * 2
