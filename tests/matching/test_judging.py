"""Publishing: what stands against it today is named and nothing happens; else mentorships begin."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from foundation.people.rights import erase, hide
from foundation.projects.models import Project
from foundation.runs.models import Run
from matching.cohort.admission import REASONS
from mentorship import asking, cohorts, ending
from mentorship.cohort_pages import faults_of
from mentorship.cohort_words import OUTDATED
from mentorship.models import Cohort, Exposure, Match, MentorOffer, MentorRequest, PairRule
from mentorship.places import full_mentors
from tests import world
from tests.matching.cohort_steps import asking_and_mentoring, placed, preview, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Ada is placed with Mo in Keel, Ben with Pia in Mast."""
    return asking_and_mentoring()


def publish(cohort: Cohort) -> list[str]:
    """Publish, and say what stood against it."""
    cohorts.publish(cohort, by=None)
    return faults_of(Cohort.objects.get(pk=cohort.pk))


def mentorships() -> set[tuple]:
    rows = Exposure.objects.open_mentorships()
    return set(rows.values_list("mentee__name", "mentor__name", "project__slug"))


# -- publishing --------------------------------------------------------------------------------


def test_publishing_lets_every_mentorship_begin_and_closes_what_was_asked(people):
    cohort = preview()
    assert publish(cohort) == []
    assert mentorships() == {("Ada", "Mo", "keel"), ("Ben", "Pia", "mast")}
    still_open = MentorRequest.objects.open().values_list("person__name", "project__slug")
    assert set(still_open) == {("Ada", "mast"), ("Ben", "keel")}
    assert full_mentors(timezone.now()) == {people["Mo"].pk, people["Pia"].pk}
    owed = Run.objects.filter(task="matches").values_list("scope", flat=True)
    assert sorted(owed) == ["keel", "mast"]


def test_the_next_cohort_places_nobody_twice_and_no_mentor_over_their_limit(people):
    publish(preview())
    dan = world.person("Dan")
    world.request(dan, Project.objects.get(slug="keel"))
    world.match(dan, people["Mo"], Project.objects.get(slug="keel"))
    cohort = preview()
    assert (placed(cohort), cohort.summary["mentors"][str(people["Mo"].pk)]) == (
        {"Dan": (None, None, None)},
        [0, 0],
    )
    assert [one["mentee"] for one in cohort.summary["left_out"]] == [
        people["Ada"].pk,
        people["Ben"].pk,
    ]


def test_what_stood_on_the_list_says_what_came_of_it(people):
    keel = Project.objects.get(slug="keel")
    listed = world.exposure(people["Ada"], people["Mo"], keel)
    declined = world.exposure(
        people["Ben"],
        people["Pia"],
        Project.objects.get(slug="mast"),
        asked_at=world.NOW,
        answer="declined",
        answered_at=world.NOW,
    )
    publish(preview())
    now = timezone.now()
    assert {
        (row.pk in (listed.pk, declined.pk), row.method, row.outcome(now))
        for row in Exposure.objects.all()
    } == {
        (True, "recency", "placed"),
        (True, "recency", "declined"),
        (False, "cohort", "placed"),
    }
    assert not Exposure.objects.filter(answer="placed", asked_at__isnull=False).exists()


def test_a_co_mentor_works_with_every_mentee_of_the_project(people):
    MentorOffer.objects.create(person=people["Pia"], places=2)
    cohort, now = preview(), timezone.now()
    keel = Project.objects.get(slug="keel")
    cohorts.add_co_mentor(cohort, people["Pia"], keel, by=None, now=now)
    cohort = worked(cohort)
    pia = str(people["Pia"].pk)
    assert (publish(cohort), cohort.summary["mentors"][pia]) == ([], [2, 2])
    assert mentorships() == {
        ("Ada", "Mo", "keel"),
        ("Ada", "Pia", "keel"),
        ("Ben", "Pia", "mast"),
    }


# -- what stands against it --------------------------------------------------------------------


def says_never(people):
    MentorOffer.objects.create(person=people["Mo"], never=True)


def pauses(people):
    until = (timezone.now() + timedelta(days=9)).date()
    MentorOffer.objects.create(person=people["Mo"], paused_until=until)


def mentor_hides(people):
    hide(people["Mo"], hidden=True)


def mentor_is_erased(people):
    erase(people["Mo"], now=timezone.now())


def fills(people):
    world.mentorship(world.person("Cyd"), people["Mo"], world.project("sail"))


def conflict_elsewhere(people):
    PairRule.objects.create(
        kind="conflict", mentee=people["Ada"], mentor=people["Mo"], made_at=world.NOW
    )


def found_a_mentor(people):
    world.mentorship(people["Ada"], people["Pia"], world.project("sail"))


def mentee_withdraws(people):
    asking.withdraw(people["Ada"].mentor_requests.get(rank=1), now=timezone.now())


def mentee_hides(people):
    hide(people["Ada"], hidden=True)


def speaks_else(people):
    people["Ada"].mentor_requests.update(languages="Breton")
    MentorOffer.objects.create(person=people["Mo"], languages="Basque")


NO_ROOM = "{} has no place left, has paused, or is not to be suggested."


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (says_never, [NO_ROOM.format("Mo")]),
        (pauses, [NO_ROOM.format("Mo")]),
        (mentor_hides, [NO_ROOM.format("Mo")]),
        (fills, [NO_ROOM.format("Mo")]),
        (mentor_is_erased, ["Somebody has left since, and their place with them."]),
        (
            conflict_elsewhere,
            ["A conflict of interest was declared between Ada and Mo (Keel)."],
        ),
        (found_a_mentor, ["Ada works with a mentor already.", NO_ROOM.format("Pia")]),
        (mentee_withdraws, ["Ada no longer asks for this."]),
        (mentee_hides, ["Ada no longer asks for this."]),
        (speaks_else, ["Ada and Mo (Keel) share no language."]),
    ],
)
def test_what_changed_since_the_preview_is_named_and_nothing_is_published(people, change, faults):
    cohort = preview(common_language=True)
    before = placed(cohort)
    assert before == {"Ada": ("keel", "Mo", 1), "Ben": ("mast", "Pia", 2)}
    change(people)
    began_by_hand = mentorships()
    assert publish(cohort) == faults
    cohort.refresh_from_db()
    assert (cohort.state, cohort.published_at, mentorships()) == ("waiting", None, began_by_hand)
    cohort = worked(cohort)
    assert (cohort.state, faults_of(cohort)) == ("preview", faults)
    assert publish(cohort) == []


def test_only_the_preview_that_was_read_is_published(people):
    read = preview()
    rule = "forbidden", people["Ada"], people["Mo"]
    cohorts.add_rule(read, *rule, by=None, now=timezone.now())
    anew = worked(read)
    with pytest.raises(cohorts.NotPublishable):
        publish(read)
    assert (mentorships(), publish(anew)) == (set(), [])


def test_why_it_was_refused_is_forgotten_once_it_is_computed_anew_for_something_else(people):
    cohort = preview()
    says_never(people)
    assert publish(cohort) == [NO_ROOM.format("Mo")]
    cohorts.compute_again(worked(cohort), now=timezone.now())
    assert faults_of(worked(cohort)) == []


def test_a_place_that_a_what_if_assumed_is_the_mentor_s_to_give(people):
    change = {"code": "mentor_place", "mentor": people["Mo"].pk}
    beside = worked(cohorts.what_if(preview(), change, by=None, now=timezone.now()))
    assert publish(beside) == ["Mo has 1 place today, but would need 2."]
    MentorOffer.objects.create(person=people["Mo"], places=2)
    again = worked(cohorts.what_if(preview(), {"code": "settings"}, by=None, now=timezone.now()))
    assert (placed(again)["Ben"], publish(again)) == (("keel", "Mo", 1), [])


def test_a_co_mentor_who_has_no_place_left_stands_against_it(people):
    MentorOffer.objects.create(person=people["Pia"], places=2)
    cohort, keel = preview(), Project.objects.get(slug="keel")
    cohorts.add_co_mentor(cohort, people["Pia"], keel, by=None, now=timezone.now())
    cohort = worked(cohort)
    MentorOffer.objects.update(places=1)
    assert publish(cohort) == ["Pia has 1 place today, but would need 2."]


def test_a_suggestion_that_is_gone_is_no_limit(people):
    cohort = preview()
    Match.objects.all().delete()
    assert publish(cohort) == []


def test_a_pinned_mentee_need_not_ask_in_that_project(people):
    cohort, sail = preview(), world.project("sail")
    pair = people["Ada"], people["Pia"]
    cohorts.add_rule(cohort, "pin", *pair, project=sail, by=None, now=timezone.now())
    assert publish(worked(cohort)) == []
    assert ("Ada", "Pia", "sail") in mentorships()
    row = Exposure.objects.get(mentee=people["Ada"])
    assert ending.finish(row, now=timezone.now())


def test_whatever_stands_against_a_preview_has_words():
    reasons = {f"placed_{word}" for word in REASONS if word and not word.startswith("co_")}
    others = {"somebody_left", "mentee_mentored", "mentee_gone", "placed_co_mentor"}
    over = {"mentor_over", "mentor_closed", "project_over"}
    assert set(OUTDATED) == reasons | others | over
    filled = dict.fromkeys(("mentee", "mentor", "project", "count", "limit"), 0)
    for language in ("en", "fr"):
        with translation.override(language):
            assert all(sentence % filled for sentence in OUTDATED.values())
