"""Whoever asks and whoever mentors: publishing keeps every limit, and places nobody twice."""

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorship import cohorts
from mentorship.models import Cohort, Exposure, MentorOffer, PairRule
from mentorship.places import open_mentorships
from tests import world
from tests.matching.cohort_steps import preview, worked

people_drawn = st.fixed_dictionaries(
    {
        "wishes": st.lists(st.sets(st.sampled_from(["keel", "mast"])), min_size=1, max_size=4),
        "places": st.lists(st.integers(0, 3), min_size=1, max_size=3),
        "working": st.sets(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=3),
        "conflicts": st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=2),
        "helper": st.none() | st.integers(0, 2),
        "engine": st.sampled_from(Cohort.Engine.values),
    }
)


def settled(drawn: dict) -> tuple[list, Cohort]:
    """The mentors, and a cohort of the drawn people; numbers that nobody bears are passed over."""
    projects = {slug: world.project(slug) for slug in ("keel", "mast", "sail")}
    mentors = [world.person(f"M{n}") for n in range(len(drawn["places"]))]
    mentees = [world.person(f"N{n}") for n in range(6)]
    for mentor, places in zip(mentors, drawn["places"], strict=True):
        MentorOffer.objects.create(person=mentor, places=places)
    for mentee, wishes in zip(mentees, drawn["wishes"], strict=False):
        for slug in sorted(wishes):
            world.request(mentee, projects[slug])
            for rank, mentor in enumerate(mentors, start=1):
                world.match(mentee, mentor, projects[slug], rank=rank)
    known = [(mentees[m], mentors[k]) for m, k in drawn["working"] if k < len(mentors)]
    for mentee, mentor in known:
        world.mentorship(mentee, mentor, projects["sail"])
    for m, k in drawn["conflicts"]:
        if k < len(mentors):
            pair = {"mentee": mentees[m], "mentor": mentors[k]}
            PairRule.objects.create(kind="conflict", made_at=world.NOW, **pair)
    cohort = cohorts.preview("Spring", by=None, now=timezone.now(), engine=drawn["engine"])
    if drawn["helper"] is not None and drawn["helper"] < len(mentors):
        world.co_mentor(cohort, mentors[drawn["helper"]], projects["keel"])
    return mentors, worked(cohort)


@given(people_drawn)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_just_computed_may_be_published_and_keeps_every_limit(db, drawn):
    with transaction.atomic():
        mentors, cohort = settled(drawn)
        before = open_mentorships()
        mentored = set(Exposure.objects.open_mentorships().values_list("mentee", flat=True))
        assert cohorts.publish(cohort, by=None) == []
        after = open_mentorships()
        for mentor, places in zip(mentors, drawn["places"], strict=True):
            assert after[mentor.pk] <= max(places, before[mentor.pk])
        begun = cohort.placements.filter(mentor__isnull=False)
        assert mentored.isdisjoint(begun.values_list("mentee", flat=True))
        again = preview(engine=drawn["engine"])
        assert not again.placements.filter(mentee__in=begun.values("mentee")).exists()
        transaction.set_rollback(True)
