"""What this floor knows of a person, for the front page, the export and the erasure."""

from django.db.models import Q
from django.utils import timezone

from foundation.people.models import Person
from foundation.people.personal import Card
from mentorship.cohort_pages import newest_place
from mentorship.models import (
    CohortPlacement,
    CoMentor,
    Exposure,
    Match,
    MentorOffer,
    MentorRequest,
    PairRule,
)
from mentorship.shortlist import shortlists


def home_cards(person: Person) -> list[Card]:
    placed = newest_place(person)
    cards = [Card("mentorship/place_card.html", placed)] if placed else []
    return [*cards, Card("mentorship/card.html", shortlists(person, now=timezone.now()))]


def export(person: Person) -> dict:
    requests = person.mentor_requests.order_by("asked_at").values(
        "project__slug",
        "skills",
        "interests",
        "languages",
        "starts_at",
        "ends_at",
        "rank",
        "asked_at",
        "closed_at",
    )
    offer = MentorOffer.objects.filter(person=person).values(
        "places", "paused_until", "never", "languages"
    )
    return {
        "mentor_requests": list(requests),
        "mentor_limits": offer.first(),
        "matches_as_mentee": list(_matches(person.matches)),
        "matches_as_mentor": list(
            _matches(person.matches_as_mentor.filter(mentee__is_hidden=False))
        ),
        "placements": list(_placements(person)),
        "co_mentor_of": list(_co_mentored(person)),
        "exposures_as_mentee": list(_exposures(person.exposures)),
        "exposures_as_mentor": list(
            _exposures(person.exposures_as_mentor.filter(mentee__is_hidden=False))
        ),
    }


def _exposures(exposures):
    return exposures.values(
        "project__slug",
        "mentee__name",
        "mentor__name",
        "rank",
        "method",
        "model_version",
        "is_unflagged",
        "offered_at",
        "ended_at",
        "seen_at",
        "asked_at",
        "answer",
        "answered_at",
        "finished_at",
        "worked_at",
    )


def _matches(matches):
    return matches.order_by("project", "mentee", "rank").values(
        "project__slug",
        "mentee__name",
        "mentor__name",
        "kind",
        "rank",
        "score",
        "base",
        "reasons",
        "nearer",
        "method",
        "model__version",
        "as_of",
    )


def _placements(person: Person):
    """What a cohort says of somebody, once it is published: a preview says nothing yet."""
    own = CohortPlacement.objects.published().filter(Q(mentee=person) | Q(mentor=person))
    return own.order_by("cohort", "pk").values(
        "cohort__name",
        "cohort__published_at",
        "mentee__name",
        "mentor__name",
        "project__slug",
        "rank",
        "score",
    )


def _co_mentored(person: Person):
    """The projects of published cohorts in which somebody helps with every mentee."""
    duties = person.co_mentored.published().order_by("cohort", "pk")
    return duties.values("cohort__name", "cohort__published_at", "project__slug")


def erase(person: Person) -> None:
    CohortPlacement.objects.filter(mentee=person).delete()
    CohortPlacement.objects.filter(mentor=person).delete()
    CoMentor.objects.filter(mentor=person).delete()
    PairRule.objects.filter(Q(mentee=person) | Q(mentor=person)).delete()
    Exposure.objects.filter(mentee=person).delete()
    Exposure.objects.filter(mentor=person).delete()
    Match.objects.filter(mentee=person).delete()
    Match.objects.filter(mentor=person).delete()
    MentorRequest.objects.filter(person=person).delete()
    MentorOffer.objects.filter(person=person).delete()
