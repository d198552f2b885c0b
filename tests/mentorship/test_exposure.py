"""Who was offered to whom, and what came of it."""

import pytest
from django.urls import reverse

from foundation.people.lulls import rest
from foundation.people.models import Person
from mentorship import beginning, ending, exposure
from mentorship.exposure import Offer, crowd, note_joint_work, note_offers
from mentorship.load import concentration, coverage, never_suggested
from mentorship.models import CohortPlacement, Exposure, MentorOffer
from mentorship.places import full_mentors
from mentorship.shortlist import matches_of, shortlists
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def keel():
    return world.project()


@pytest.fixture
def nia():
    return world.person("Nia Obi", account=world.user("nia@halyard.example"))


@pytest.fixture
def ada():
    return world.person("Ada", account=world.user("ada@halyard.example"))


def log(*names) -> list[tuple]:
    return list(Exposure.objects.order_by("pk").values_list(*names))


def placed(*places: CohortPlacement, at=world.NOW) -> None:
    """A cohort lets the mentorships of its places begin."""
    beginning.begin_each({(p.project_id, p.mentee_id, p.mentor_id): p.pk for p in places}, now=at)


def test_an_unseen_place_follows_the_list_and_a_seen_one_stands(keel, nia, ada):
    ben = world.person("Ben")
    first = [Offer(nia.pk, ada.pk, 1, "model", "v1"), Offer(nia.pk, ben.pk, 2, "model", "v1")]
    note_offers(keel, first, now=world.days_ago(3))
    Exposure.objects.filter(mentor=ada).update(seen_at=world.days_ago(2))
    later = [Offer(nia.pk, ben.pk, 1, "model", "v2"), Offer(nia.pk, ada.pk, 2, "model", "v2")]
    note_offers(keel, later, now=world.days_ago(1))
    assert log("mentor__name", "rank", "model_version", "offered_at", "ended_at") == [
        ("Ada", 1, "v1", world.days_ago(3), None),
        ("Ben", 1, "v2", world.days_ago(3), None),
    ]


def test_whoever_leaves_a_list_and_comes_back_is_logged_twice(keel, nia, ada):
    offer = [Offer(nia.pk, ada.pk, 1, "recency", "", True)]
    for day, offers in ((9, offer), (6, []), (2, offer)):
        note_offers(keel, offers, now=world.days_ago(day))
    assert log("offered_at", "ended_at", "is_unflagged") == [
        (world.days_ago(9), world.days_ago(6), True),
        (world.days_ago(2), None, True),
    ]


def test_the_crowd_counts_first_places_of_thirty_days_and_open_mentorships(keel, nia, ada):
    ben, cyd, dan = world.person("Ben"), world.person("Cyd"), world.person("Dan")
    world.exposure(cyd, ada, keel)
    world.exposure(dan, ada, keel, ended_at=world.days_ago(10))
    world.exposure(dan, ada, world.project("audio"))  # of another project
    world.exposure(dan, ben, keel, ended_at=world.days_ago(31), offered_at=world.days_ago(40))
    world.exposure(cyd, ben, keel, rank=2)
    world.exposure(nia, ben, keel)  # is being made anew
    world.mentorship(dan, ben, keel, rank=3)
    assert crowd(keel, leaving_out=[nia.pk], now=world.NOW) == {ada.pk: 2.0, ben.pk: 1.0}


def test_a_steward_s_placement_was_no_place_on_a_list(keel, nia, ada):
    steward = world.steward()
    placed(world.place(nia, ada, keel, at=world.NOW))
    assert crowd(keel, leaving_out=[], now=world.NOW) == {ada.pk: 1.0}  # the mentorship alone
    assert [month.lists for month in concentration(steward, now=world.NOW)] == []
    assert [arm.mentees for arm in coverage(steward, now=world.days_ago(-60)).arms] == [0, 0]
    MentorOffer.objects.create(person=ada, places=2)
    assert list(never_suggested(steward, now=world.NOW)) == [ada]


def test_what_a_steward_placed_is_no_success_of_the_list(keel, nia, ada):
    repo, steward = world.repository(keel), world.steward()
    mentees = {name: world.person(name) for name in ("Worked before", "Worked after", "Agreed")}
    for name, day in (("Worked before", 45), ("Worked after", 20)):
        world.exposure(mentees[name], ada, keel, offered_at=world.days_ago(50))
        world.deed(world.change(repo, mentees[name], at=world.days_ago(day)), ada)
    worked, day = [one for name, one in mentees.items() if name != "Agreed"], world.days_ago(40)
    placed(*(world.place(one, ada, keel, at=day) for one in worked), at=day)
    world.mentorship(mentees["Agreed"], ada, keel, offered_at=world.days_ago(50))
    note_joint_work(keel, now=world.NOW)
    shared, _ = coverage(steward, now=world.NOW).arms
    assert (shared.mentees, shared.led) == (3, 2)
    found = Exposure.objects.filter(worked_at__isnull=False)
    assert sorted(found.values_list("mentee__name", "asked_at", "answer")) == [
        ("Worked after", None, "placed"),
        ("Worked before", None, "placed"),
    ]


@pytest.mark.parametrize("left", [[world.days_ago(9)], [world.days_ago(9), world.days_ago(3)]])
@pytest.mark.parametrize("stands", [True, False])
def test_a_question_ends_in_the_place_even_where_it_left_the_list(keel, nia, ada, left, stands):
    asked = {"asked_at": world.days_ago(10), "offered_at": world.days_ago(11)}
    rows = [world.exposure(nia, ada, keel, ended_at=at, **asked) for at in left]
    rows += [world.exposure(nia, ada, keel)] if stands else []
    placed(world.place(nia, ada, keel, at=world.NOW))
    assert list(exposure.waiting_for(ada)) == []
    assert list(exposure.mentorships_of(ada, now=world.NOW)) == rows[-1:]
    assert log("answer") == [("placed",)] * len(rows)


@pytest.mark.parametrize(("day", "is_credited"), [(176, True), (184, False)])
def test_a_place_is_not_begun_by_a_question_too_old_for_work_to_come_of_it(
    keel, nia, ada, day, is_credited
):
    world.deed(world.change(world.repository(keel), nia, at=world.days_ago(2)), ada)
    old = {"offered_at": world.days_ago(day), "ended_at": world.days_ago(150)}
    row = world.exposure(nia, ada, keel, asked_at=world.days_ago(160), **old)
    placed(world.place(nia, ada, keel, at=world.days_ago(3)), at=world.days_ago(3))
    [begun] = exposure.mentorships_of(ada, now=world.NOW)
    assert (begun == row, list(exposure.waiting_for(ada))) == (is_credited, [])
    assert note_joint_work(keel, now=world.NOW) == 1
    begun.refresh_from_db()
    assert begun.worked_at == world.days_ago(2)


@pytest.mark.parametrize("finished_at", [None, world.days_ago(1)])
def test_a_list_speaks_first_of_the_open_mentorship(keel, nia, ada, finished_at):
    MentorOffer.objects.create(person=ada, places=2)
    world.match(nia, ada, keel)
    working = world.mentorship(nia, ada, keel, ended_at=world.days_ago(5), finished_at=finished_at)
    standing = world.exposure(nia, ada, keel)
    [[shown]] = [each.suggestions for each in shortlists(nia, now=world.NOW)]
    assert shown.exposure == (standing if finished_at else working)


def test_work_together_is_credited_when_it_came_after_the_offer(keel, nia, ada):
    repo = world.repository(keel)
    ben = world.person("Ben")
    for mentor, day in ((ada, 5), (ben, 30)):
        world.exposure(nia, mentor, keel)
        world.deed(world.change(repo, nia, at=world.days_ago(day)), mentor)
    withdrawn = world.change(repo, nia, at=world.days_ago(8), withdrawn_at=world.days_ago(7))
    world.deed(withdrawn, ada)
    assert note_joint_work(keel, now=world.NOW) == 1
    assert log("mentor__name", "worked_at") == [("Ada", world.days_ago(5)), ("Ben", None)]


def test_the_outcome_is_the_furthest_that_it_got(keel, nia, ada):
    row = world.exposure(nia, ada, keel)
    steps = [
        ({}, "unseen"),
        ({"seen_at": world.days_ago(29)}, "waiting"),
        ({"seen_at": world.days_ago(31)}, "ignored"),
        ({"asked_at": world.days_ago(3)}, "asked"),
        ({"answer": "declined"}, "declined"),
        ({"answer": "accepted"}, "accepted"),
        ({"worked_at": world.days_ago(1)}, "worked"),
    ]
    found = []
    for fields, _ in steps:
        vars(row).update(fields)
        found.append(row.outcome(world.NOW).value)
    assert found == [outcome for _, outcome in steps]


def test_opening_ones_list_marks_what_is_not_folded_away(client, keel, nia):
    for rank in range(1, 8):
        mentor = world.person(f"M{rank}")
        world.match(nia, mentor, keel, rank=rank)
        world.exposure(nia, mentor, keel, rank=rank)
    client.force_login(nia.user)
    assert client.post(reverse("mentorship:seen")).status_code == 204
    seen = Exposure.objects.filter(seen_at=world.NOW).order_by("rank")
    assert list(seen.values_list("rank", flat=True)) == [1, 2, 3, 4, 5]


def test_a_mentee_writes_and_a_mentor_answers(client, keel, nia, ada):
    row = world.exposure(nia, ada, keel)
    client.force_login(nia.user)
    client.post(reverse("mentorship:asked", args=[row.pk]))
    client.force_login(ada.user)
    client.post(reverse("mentorship:answer", args=[row.pk]), {"accepted": "1"})
    [mentorship] = client.get(reverse("mentorship:limits")).context["mentorships"]
    assert (mentorship.mentee, mentorship.answered_at) == (nia, world.NOW)
    client.post(reverse("mentorship:finish", args=[row.pk]))
    assert log("seen_at", "asked_at", "answer", "finished_at") == [
        (world.NOW, world.NOW, "accepted", world.NOW)
    ]
    again = client.post(reverse("mentorship:answer", args=[row.pk]), {"accepted": "0"})
    assert again.status_code == 404


def test_places_are_a_hard_limit(keel, nia, ada):
    ben = world.person("Ben")
    for rank, mentor in enumerate((ada, ben), start=1):
        world.match(nia, mentor, keel, rank=rank)
    MentorOffer.objects.create(person=ben, places=2)
    for name, mentor in (("Dan", ada), ("Eve", ben)):
        world.mentorship(world.person(name), mentor, keel)

    def shown() -> list[str]:
        return [match.mentor.name for match in matches_of(nia, now=world.NOW)]

    assert (full_mentors(world.NOW), shown()) == ({ada.pk}, ["Ben"])  # one place is assumed
    world.mentorship(world.person("Fay"), ben, keel)
    assert (full_mentors(world.NOW), shown()) == ({ada.pk, ben.pk}, [])
    ending.finish(Exposure.objects.get(mentee__name="Dan"), now=world.NOW)
    assert (full_mentors(world.NOW), shown()) == ({ben.pk}, ["Ada"])


def test_the_log_is_forgotten_when_it_is_old_and_over(keel, nia, ada):
    ben, cyd, dan = (world.person(name) for name in ("Ben", "Cyd", "Dan"))
    old = {"offered_at": world.days_ago(900), "ended_at": world.days_ago(731)}
    world.exposure(nia, ada, keel, **old)
    world.exposure(nia, ben, keel, **old | {"ended_at": world.days_ago(729)})
    world.exposure(nia, cyd, keel, **old | {"ended_at": None})
    world.mentorship(nia, dan, keel, **old)
    assert exposure.forget(world.NOW) == 1
    assert {mentor for (mentor,) in log("mentor__name")} == {"Ben", "Cyd", "Dan"}


def test_erasure_takes_the_log_along(client, keel, nia, ada):
    world.exposure(nia, ada, keel)
    world.exposure(ada, nia, keel)
    client.force_login(nia.user)
    client.post(reverse("web:erase"), {"confirm": "on"})
    assert (Exposure.objects.count(), Person.objects.filter(name="Nia Obi").count()) == (0, 0)


@pytest.mark.parametrize(
    ("told", "is_open", "is_shown"), [(8, True, True), (6, True, False), (8, False, False)]
)
def test_a_mentor_reads_of_a_silence_a_week_after_the_mentee_could(
    client, keel, nia, ada, told, is_open, is_shown
):
    world.lull(nia, told_since=world.days_ago(told))
    mentorship = world.mentorship(nia, ada, keel)
    if not is_open:
        ending.finish(mentorship, now=world.NOW)
    for account, may in ((ada.user, is_shown), (world.steward(), False)):
        client.force_login(account)
        html = client.get(reverse("mentorship:limits")).content.decode()
        assert ("It has been quiet around Nia Obi since Dec. 28, 2025" in html) is may


def test_who_rests_from_lulls_is_not_spoken_of_to_a_mentor(client, keel, nia, ada):
    world.mentorship(nia, ada, keel)
    world.lull(nia, told_since=world.days_ago(20))
    rest(nia, now=world.NOW)
    world.lull(nia, told_since=world.days_ago(20))
    client.force_login(ada.user)
    assert "It has been quiet" not in client.get(reverse("mentorship:limits")).content.decode()
