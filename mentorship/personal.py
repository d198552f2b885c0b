"""What this floor knows of a person, for the front page, the export and the erasure."""

from collections.abc import Collection, Mapping
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from foundation.people.hiding import Line
from foundation.people.known import batches
from foundation.people.models import Person
from foundation.people.personal import Card
from mentorship import ending, exposure
from mentorship.cohort_pages import newest_place
from mentorship.hidden import without_hidden
from mentorship.models import (
    CohortPlacement,
    CoMentor,
    Exposure,
    Match,
    MentorOffer,
    MentorRequest,
    PairRule,
)
from mentorship.nearer import without_hidden_steps
from mentorship.shortlist import hidden_of, shortlists

# Whoever hides is named to nobody, in no export either.
MENTEE_SHOWN, MENTOR_SHOWN = Q(mentee__is_hidden=False), Q(mentor__is_hidden=False)


def home_cards(person: Person) -> list[Card]:
    """One's own place and mentors; whom one mentors, and who wrote; who could mentor oneself.

    Whoever has a mentor or mentors is not invited to look for one, but sees what they
    asked for where nobody mentors them yet.
    """
    now = timezone.now()
    placed, lists = newest_place(person), shortlists(person, now=now)
    mentors = list(exposure.mentors_of(person, placed=placed))
    working = list(exposure.mentorships_of(person, now=now))
    waiting = list(exposure.waiting_for(person))
    cards = [Card("mentorship/place_card.html", placed)] if placed else []
    if mentors:
        cards.append(Card("mentorship/mentors_card.html", mentors))
    if working or waiting:
        mentoring = {"working": working, "waiting": waiting}
        cards.append(Card("mentorship/mentoring_card.html", mentoring))
    if cards:
        mentored = {one.project_id for one in mentors}
        lists = [one for one in lists if one.request and one.project.pk not in mentored]
    if lists or not cards:
        cards.append(Card("mentorship/card.html", lists))
    return cards


HANDED_OVER = (
    (CohortPlacement, ("mentee", "mentor")),
    (CoMentor, ("mentor",)),
    (Exposure, ("mentee", "mentor")),
    (PairRule, ("mentee", "mentor")),
    (MentorRequest, ("person",)),
    (MentorOffer, ("person",)),
)
"""What follows people's identities, by whose roles. Lists do not: they are written anew."""


def hand_over(taker: Mapping[int, int]) -> None:
    """Give what people had to whoever takes their identities (both primary keys).

    What the taker has already stays theirs, and nobody is placed with themselves.
    """
    for some in batches(taker):
        for model, roles in HANDED_OVER:
            for role in roles:
                for row in model.objects.filter(**{f"{role}__in": some}).order_by("pk"):
                    _hand_over(row, role, roles, taker[getattr(row, f"{role}_id")])


def _hand_over(row, role: str, roles: tuple[str, ...], person: int) -> None:
    if person in {getattr(row, f"{other}_id") for other in roles}:
        return
    setattr(row, f"{role}_id", person)
    with suppress(IntegrityError), transaction.atomic():  # the taker has one of their own
        row.save(update_fields=[role])


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
        "matches_as_mentee": _matches(person.matches.filter(MENTOR_SHOWN), "mentor"),
        "matches_as_mentor": _matches(person.matches_as_mentor.filter(MENTEE_SHOWN), "mentee"),
        "placements": _placements(person),
        "co_mentor_of": list(_co_mentored(person)),
        "exposures_as_mentee": list(_exposures(person.exposures.filter(MENTOR_SHOWN))),
        "exposures_as_mentor": list(_exposures(person.exposures_as_mentor.filter(MENTEE_SHOWN))),
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


def _matches(matches: QuerySet[Match], other: str) -> list[dict]:
    """One's own matches; as on the pages, nothing is said of what the ``other`` hid."""
    rows = list(_match_rows(matches, "project", other))
    pairs = [(row.pop("project"), row.pop(other)) for row in rows]
    hidden = hidden_of(pairs)
    return [_without_hidden(row, hidden[pair]) for row, pair in zip(rows, pairs, strict=True)]


def _without_hidden(row: dict, hidden: Collection[Line]) -> dict:
    reasons = [without_hidden(reason, hidden) for reason in row["reasons"]]
    return {**row, "reasons": reasons, "nearer": without_hidden_steps(row["nearer"], hidden)}


def _match_rows(matches: QuerySet[Match], *keys: str):
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
        *keys,
    )


def _placements(person: Person) -> list[dict]:
    """What a cohort says of somebody, once it is published: a preview says nothing yet.

    The place is one's own to know, even with somebody who hides and is not named.
    """
    own = CohortPlacement.objects.published().filter(Q(mentee=person) | Q(mentor=person))
    rows = own.order_by("cohort", "pk").values(
        "mentee",
        "mentor",
        "mentee__is_hidden",
        "mentor__is_hidden",
        "cohort__name",
        "cohort__published_at",
        "mentee__name",
        "mentor__name",
        "project__slug",
        "rank",
        "score",
        "ended_at",
    )
    return [_without_hidden_people(row, person) for row in rows]


def _without_hidden_people(row: dict, reader: Person) -> dict:
    for role in ("mentee", "mentor"):
        key, is_hidden = row.pop(role), row.pop(f"{role}__is_hidden")
        if is_hidden and key != reader.pk:
            row[f"{role}__name"] = None
    return row


def _co_mentored(person: Person):
    """The projects of published cohorts in which somebody helps with every mentee."""
    duties = person.co_mentored.published().order_by("cohort", "pk")
    return duties.values("cohort__name", "cohort__published_at", "project__slug")


def erase(person: Person) -> None:
    own = Q(mentee=person) | Q(mentor=person)
    places = CohortPlacement.objects.filter(own)
    # First the lists, then the log: a refresh that writes both goes the same way. The log with all
    # that ends with a place of theirs.
    Match.objects.filter(own).delete()
    list(Exposure.objects.filter(own | Q(placement__in=places)).in_turn().values_list("pk"))
    ending.leave(person, now=timezone.now())
    Exposure.objects.filter(own).delete()
    places.delete()
    CoMentor.objects.filter(mentor=person).delete()
    PairRule.objects.filter(own).delete()
    MentorRequest.objects.filter(person=person).delete()
    MentorOffer.objects.filter(person=person).delete()
