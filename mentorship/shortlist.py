"""A mentee's matches as a page shows them: by project, in their order, without any score."""

import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from foundation.people.hiding import HiddenLines, Line
from foundation.people.hours import day_in_utc, shared_hours
from foundation.people.models import Person, Profile
from foundation.people.portrait import Overlap
from foundation.people.reasons import Reason
from foundation.projects.models import Project
from mentorship.models import Exposure, Match, MentorRequest
from mentorship.nearer import steps_of
from mentorship.places import with_room
from mentorship.reasons import match_reasons

SHOWN = 5  # the others of a list are folded away
ON_FRONT_PAGE = 3
SHIPPED = "shipped"  # the method of a match that a model learned elsewhere ranked
LEARNED = ("model", SHIPPED)


@dataclass(frozen=True)
class Suggestion:
    """A match in words; a namesake bears the name of somebody who stands above."""

    match: Match
    reasons: list[Reason]
    overlap: Overlap | None
    is_namesake: bool = False
    exposure: Exposure | None = None
    steps: list[Reason] = field(default_factory=list)


@dataclass(frozen=True)
class Shortlist:
    """One project's suggestions to one mentee; ``request`` is None when nobody asked."""

    project: Project
    request: MentorRequest | None
    suggestions: list[Suggestion]

    @property
    def first(self) -> list[Suggestion]:
        return self.suggestions[:SHOWN]

    @property
    def further(self) -> list[Suggestion]:
        return self.suggestions[SHOWN:]

    @property
    def teasers(self) -> list[Suggestion]:
        """Whom the front page names: nobody twice."""
        return [one for one in self.suggestions if not one.is_namesake][:ON_FRONT_PAGE]

    @property
    def is_fallback(self) -> bool:
        """Was there too little history to learn an order from?"""
        return any(s.match.method not in LEARNED for s in self.suggestions)

    @property
    def is_shipped(self) -> bool:
        """Was the order learned in other communities?"""
        return any(s.match.method == SHIPPED for s in self.suggestions)


def matches_of(person: Person, *, now: datetime) -> QuerySet[Match]:
    """What may be shown today: mentors may have hidden, paused or filled since the matching."""
    shown = Match.objects.for_mentee(person).filter(
        mentor__erased_at__isnull=True, mentor__is_hidden=False
    )
    return with_room(shown.select_related("mentee", "mentor", "project", "model"), now).order_by(
        "project", "rank"
    )


def shortlists(person: Person, *, now: datetime) -> list[Shortlist]:
    """First what was asked for, the newest request on top; then what is suggested unasked."""
    requests = list(person.mentor_requests.open().select_related("project").order_by("-asked_at"))
    request_of = {request.project_id: request for request in requests}
    matches = list(matches_of(person, now=now))
    counts = _hours_of({match.mentor_id for match in matches})
    twins = _namesakes(matches)
    hidden = hidden_of((match.project_id, match.mentor_id) for match in matches)
    known = [*person.exposures.standing(), *person.exposures.open_mentorships()]
    logged = {(row.project_id, row.mentor_id): row for row in known}  # an open mentorship first
    grouped: dict[Project, list[Suggestion]] = defaultdict(list)
    for request in requests:
        grouped[request.project] = []
    for match in matches:
        request = request_of.get(match.project_id)
        overlap = _overlap(person, request, counts.get(match.mentor_id), now)
        pair = (match.project_id, match.mentor_id)
        reasons = match_reasons(match, hidden[pair])
        grouped[match.project].append(
            Suggestion(
                match,
                reasons,
                overlap,
                match.pk in twins,
                logged.get(pair),
                steps_of(match, hidden[pair]),
            )
        )
    return [
        Shortlist(project, request_of.get(project.pk), suggestions)
        for project, suggestions in grouped.items()
    ]


def hidden_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Collection[Line]]:
    """(project, person) as primary keys → what the person hid there; for every pair."""
    pairs = set(pairs)
    lines = HiddenLines({person for _, person in pairs}) if pairs else None
    in_project = {project: lines.in_project(project) for project, _ in pairs}
    return {pair: in_project[pair[0]].get(pair[1], frozenset()) for pair in pairs}


def _namesakes(matches: list[Match]) -> set[int]:
    """Keys of the matches whose mentor bears the name of one that stands above in the project."""
    seen: set[tuple[int, str]] = set()
    twins = set()
    for match in matches:
        name = (match.project_id, match.mentor.name.casefold())
        if name in seen:
            twins.add(match.pk)
        seen.add(name)
    return twins


def as_mentor(person: Person) -> list[Suggestion]:
    """To whom one is suggested as a mentor, and why; in no order of preference.

    Reasons name what both worked on: nothing that the mentee hid.
    """
    matches = (
        person.matches_as_mentor.filter(mentee__is_hidden=False, mentee__erased_at__isnull=True)
        .select_related("mentee", "mentor", "project")
        .order_by("project__name", "mentee__name", "pk")
    )
    pairs = [(match.project_id, match.mentee_id) for match in matches]
    hidden = hidden_of(pairs)
    return [
        Suggestion(match, match_reasons(match, hidden[pair]), None)
        for match, pair in zip(matches, pairs, strict=True)
    ]


def _hours_of(people: set[int]) -> dict[int, list[int]]:
    """Deeds by hour of the day (UTC) over all projects, by person."""
    counts: dict[int, list[int]] = {}
    for person, hours in Profile.objects.filter(person__in=people).values_list(
        "person", "hours_utc"
    ):
        known = counts.setdefault(person, [0] * 24)
        counts[person] = [a + b for a, b in zip(known, hours, strict=False)]
    return counts


def _overlap(person, request, counts, now) -> Overlap | None:
    starts, ends = (request.starts_at, request.ends_at) if request else (9, 18)
    zone = zoneinfo.ZoneInfo(person.user.time_zone if person.user else "UTC")
    day = day_in_utc(starts, ends, zone, now)
    shared = shared_hours(counts or [], day)
    if shared is None:
        return None
    hours = tuple(((starts + step) % 24, there) for step, there in enumerate(shared))
    return Overlap(hours, sum(shared))
