"""The step that assigns a cohort: rows in, placements out; what is published stays."""

import pytest
from django.utils import timezone

from foundation.projects.models import Project
from foundation.runs import ledger
from mentorship import cohorts, ending
from mentorship.cohort_pages import faults_of
from mentorship.models import Cohort, Exposure, Match, MentorOffer, PairRule
from mentorship.what_if_pages import changed_between
from tests import world
from tests.matching.cohort_steps import asking_and_mentoring, placed, preview, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return asking_and_mentoring()


@pytest.mark.parametrize("engine", Cohort.Engine.values)
def test_wishes_limits_and_scores_decide_who_goes_where(people, engine):
    cohort = preview(engine=engine)
    assert (cohort.state, placed(cohort)) == (
        "preview",
        {"Ada": ("keel", "Mo", 1), "Ben": ("mast", "Pia", 2)},
    )
    assert {key: cohort.summary[key] for key in ("matched", "blocking_pairs", "ranks")} == {
        "matched": 2,
        "blocking_pairs": 0,
        "ranks": [1, 1],
    }


def test_a_mentor_s_own_limits_are_hard(people):
    MentorOffer.objects.create(person=people["Mo"], never=True)
    cohort = preview()
    assert sorted(placed(cohort).values(), key=str) == [("mast", "Pia", 2), (None, None, None)]


def test_open_mentorships_take_their_places(people):
    MentorOffer.objects.create(person=people["Mo"], places=2)
    world.mentorship(world.person("Cyd"), people["Mo"], world.project("sail"))
    cohort, mo = preview(engine="optimal"), str(people["Mo"].pk)
    assert cohort.summary["mentors"][mo] == [1, 1]
    keel = Project.objects.get(slug="keel")
    for name in ("Ada", "Ben"):
        pair = people[name], people["Mo"]
        cohorts.add_rule(cohort, "pin", *pair, project=keel, by=None, now=timezone.now())
    cohort = worked(cohort)
    assert faults_of(cohort) == ["2 mentees are pinned to Mo, who takes at most 1."]
    # What is left to choose from is told all the same: a place more is tried from here.
    assert cohort.summary["mentors"][mo] == [0, 1]
    ending.finish(Exposure.objects.get(), now=timezone.now())
    cohorts.compute_again(cohort, now=timezone.now())
    assert placed(worked(cohort)) == {"Ada": ("keel", "Mo", 0), "Ben": ("keel", "Mo", 0)}


@pytest.mark.parametrize("engine", Cohort.Engine.values)
def test_where_nobody_is_suggested_to_anybody_nobody_is_placed(people, engine):
    Match.objects.all().delete()
    cohort = preview(engine=engine)
    assert (cohort.state, placed(cohort)) == (
        "preview",
        {"Ada": (None, None, None), "Ben": (None, None, None)},
    )
    assert {tuple(one["code"] for one in row.would_help) for row in cohort.placements.all()} == {
        ("no_mentor",)
    }


def test_who_works_with_a_mentor_is_left_out_until_that_has_ended(people):
    ada, pia, sail = people["Ada"], people["Pia"], world.project("sail")
    mentorship = world.mentorship(ada, pia, sail)
    cohort = preview()
    assert (placed(cohort), cohort.summary["left_out"]) == (
        {"Ben": ("keel", "Mo", 1)},
        [{"mentee": ada.pk, "mentor": pia.pk, "project": "sail"}],
    )
    ending.finish(mentorship, now=timezone.now())
    cohort = preview()
    assert (set(placed(cohort)), cohort.summary["left_out"]) == ({"Ada", "Ben"}, [])


@pytest.mark.parametrize("gone", [{"is_hidden": True}, {"erased_at": world.NOW}])
def test_who_hides_or_left_is_not_placed(people, gone):
    for name in ("Ada", "Pia"):
        type(people[name]).objects.filter(name=name).update(**gone)
    assert placed(preview()) == {"Ben": ("keel", "Mo", 1)}


def test_a_closed_request_is_no_wish(people):
    people["Ada"].mentor_requests.update(closed_at=world.NOW)
    assert placed(preview()) == {"Ben": ("keel", "Mo", 1)}


def test_a_pin_stands_even_where_nobody_was_suggested(people):
    cohort = preview()
    keel = people["Ada"].mentor_requests.get(rank=1).project
    pair = people["Ben"], people["Pia"]
    assert cohorts.add_rule(cohort, "pin", *pair, project=keel, by=None, now=timezone.now())
    assert placed(worked(cohort)) == {"Ada": ("keel", "Mo", 1), "Ben": ("keel", "Pia", 0)}


def test_a_conflict_of_interest_holds_in_every_later_cohort(people):
    cohorts.add_rule(
        preview(), "conflict", people["Ada"], people["Mo"], by=None, now=timezone.now()
    )
    assert placed(preview())["Ada"] == ("mast", "Pia", 2)


def test_contradicting_rules_are_named_and_nothing_is_placed(people):
    cohort = preview()
    for name in ("Ada", "Ben"):
        project = people[name].mentor_requests.get(rank=1).project
        pair = people[name], people["Mo"]
        cohorts.add_rule(cohort, "pin", *pair, project=project, by=None, now=timezone.now())
    cohort = worked(cohort)
    assert (cohort.state, placed(cohort), faults_of(cohort)) == (
        "infeasible",
        {},
        ["2 mentees are pinned to Mo, who takes at most 1."],
    )


def test_a_what_if_changes_one_thing_and_leaves_the_other_alone(people):
    cohort = preview()
    change = {"code": "mentor_place", "mentor": people["Mo"].pk}
    beside = worked(cohorts.what_if(cohort, change, by=None, now=timezone.now()))
    assert placed(beside) == {"Ada": ("keel", "Mo", 1), "Ben": ("keel", "Mo", 1)}
    assert placed(cohort)["Ben"] == ("mast", "Pia", 2)


def test_a_what_if_carries_the_rules_over(people):
    cohort = preview()
    cohorts.add_rule(cohort, "forbidden", people["Ada"], people["Mo"], by=None, now=timezone.now())
    change = {"code": "settings", "engine": "optimal", "objective": "total", "seed": 4}
    beside = cohorts.what_if(worked(cohort), change, by=None, now=timezone.now())
    assert (beside.engine, beside.objective, beside.seed) == ("optimal", "total", 4)
    assert list(beside.rules.values_list("kind", flat=True)) == ["forbidden"]
    assert PairRule.objects.count() == 2


@pytest.mark.parametrize("engine", Cohort.Engine.values)
def test_a_co_mentor_gives_a_place_to_every_mentee_of_the_project(people, engine):
    MentorOffer.objects.create(person=people["Pia"], places=2)
    cohort, keel, now = preview(engine=engine), Project.objects.get(slug="keel"), timezone.now()
    pia = str(people["Pia"].pk)
    assert (placed(cohort)["Ada"], cohort.summary["mentors"][pia]) == (("keel", "Mo", 1), [1, 2])
    assert cohorts.add_co_mentor(cohort, people["Pia"], keel, by=None, now=now)
    cohort = worked(cohort)
    assert placed(cohort) == {"Ada": ("keel", "Mo", 1), "Ben": ("mast", "Pia", 2)}
    assert cohort.summary["mentors"][pia] == [2, 2]  # Ben in Mast, and Ada in Keel beside Mo
    cohorts.drop_co_mentor(cohort, cohort.co_mentors.get(), now=timezone.now())
    assert worked(cohort).summary["mentors"][pia] == [1, 2]


def test_a_co_mentor_without_a_place_closes_the_project(people):
    MentorOffer.objects.create(person=people["Pia"], never=True)
    cohort, keel, now = preview(), Project.objects.get(slug="keel"), timezone.now()
    assert placed(cohort)["Ada"] == ("keel", "Mo", 1)
    cohorts.add_co_mentor(cohort, people["Pia"], keel, by=None, now=now)
    assert placed(worked(cohort))["Ada"] == ("mast", "Mo", 2)


def test_a_what_if_carries_the_co_mentors_over(people):
    cohort, keel, now = preview(), Project.objects.get(slug="keel"), timezone.now()
    cohorts.add_co_mentor(cohort, people["Pia"], keel, by=None, now=now)
    beside = cohorts.what_if(cohort, {"code": "settings", "seed": 2}, by=None, now=now)
    assert [one.mentor for one in beside.co_mentors.all()] == [people["Pia"]]


def test_a_published_cohort_is_never_computed_anew(people):
    cohort = preview()
    cohorts.publish(cohort, by=None)
    before = placed(cohort)
    ledger.owe("assign", str(cohort.pk), "later", as_of=timezone.now())
    people["Ada"].mentor_requests.update(closed_at=world.NOW)
    assert (placed(worked(cohort)), cohort.placements.count()) == (before, 2)
    assert not cohorts.compute_again(cohort, now=timezone.now())


def test_what_is_being_computed_cannot_be_published(people):
    cohort = preview()
    cohorts.compute_again(cohort, now=timezone.now())
    Cohort.objects.update(state="preview")  # an older run ended in between
    with pytest.raises(cohorts.NotPublishable):
        cohorts.publish(cohort, by=None)


def test_the_same_seed_gives_the_same_cohort(people):
    assert placed(preview(seed=9)) == placed(preview(seed=9))


def nothing(people):
    pass


def withdraws(people):
    people["Ben"].mentor_requests.filter(rank=2).update(closed_at=timezone.now())


def gives_a_place(people):
    MentorOffer.objects.create(person=people["Mo"], places=2)


def fits_better(people):
    people["Ben"].matches.filter(mentor=people["Pia"]).update(score=0.9)


def declares_a_conflict(people):
    PairRule.objects.create(
        kind="conflict", mentee=people["Ben"], mentor=people["Pia"], made_at=timezone.now()
    )


ASKING, SUGGESTIONS = "who asks, and for what", "who is suggested to whom"
LIMITS = "mentors’ places, hours and languages"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (nothing, []),
        (withdraws, [ASKING, SUGGESTIONS]),
        (gives_a_place, [LIMITS]),
        (fits_better, [SUGGESTIONS]),
        (declares_a_conflict, ["conflicts of interest"]),
    ],
)
@pytest.mark.parametrize("code", ["mentor_place", "settings", "pin"])
def test_what_else_has_changed_since_the_first_is_told_from_what_a_what_if_changes(
    people, change, said, code
):
    cohort = preview()
    change(people)
    trial = {"code": code, "mentor": people["Mo"].pk, "mentee": people["Ada"].pk}
    trial |= {"project": "mast", "min_hours": 2, "places_a_project": 1, "engine": "optimal"}
    beside = worked(cohorts.what_if(cohort, trial, by=None, now=timezone.now()))
    assert changed_between(cohort, beside) == said
