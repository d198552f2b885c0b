"""From a mentee to suggested mentors: query, ranking, the mentors' own limits, reasons."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from foundation.people.models import Person
from foundation.profiles.evidence import LANGUAGE_ENDINGS
from foundation.projects.models import Project
from matching.community import Community
from matching.history import DAY, NEWCOMER_BELOW, History
from matching.queries import Queries, query_of_person
from matching.reasons import Explanation, explain
from matching.serving import Served, top
from matching.wishes import NO_WISHES, Wishes
from mentorship.models import Match, MentorOffer, MentorRequest

SHOWN = 10
NEWCOMER_DAYS = 90
_ENDINGS = {
    name.lower(): [ending.lstrip(".").lower() for ending in endings if ending.startswith(".")]
    for name, endings in LANGUAGE_ENDINGS.items()
}


@dataclass(frozen=True)
class Mentee:
    """Somebody to find mentors for, with what they said of themselves."""

    person: int  # primary key
    kind: str
    interests: tuple[str, ...] = ()
    wishes: Wishes = field(default=NO_WISHES)


@dataclass(frozen=True)
class Suggested:
    """A mentor for a mentee: primary key, place from 1, score in [0, 1], and why."""

    mentor: int
    rank: int
    score: float
    reasons: list[dict]
    method: str


def mentees_of(project: Project, community: Community) -> list[Mentee]:
    """Everybody who asks for a mentor here, then the newcomers of the last 90 days."""
    requests = MentorRequest.objects.open().filter(
        project=project, person__is_hidden=False, person__erased_at=None
    )
    asked = [mentee_of(r) for r in requests.select_related("person__user").order_by("person")]
    known = {mentee.person for mentee in asked}
    newcomers = newcomers_of(project.slug, community)
    shown = set(_visible(newcomers))
    return asked + [
        Mentee(person, Match.Kind.SUGGESTED)
        for person in newcomers
        if person in shown and person not in known
    ]


def mentee_of(request: MentorRequest) -> Mentee:
    return Mentee(
        request.person_id,
        Match.Kind.ASKED,
        interests_of(request),
        Wishes.of(request),
    )


def interests_of(request: MentorRequest) -> tuple[str, ...]:
    """What somebody said they know or wish for; a language stands for its file endings too."""
    said = [word.strip() for word in f"{request.skills},{request.interests}".split(",")]
    endings = [ending for word in said for ending in _ENDINGS.get(word.lower(), [])]
    return tuple(dict.fromkeys([*filter(None, said), *endings]))


def newcomers_of(slug: str, community: Community) -> list[int]:
    """People with few changes in the whole community, one of them here in the last 90 days."""
    history = community.history
    if slug not in history.projects:
        return []
    recent = np.flatnonzero(
        (history.project == history.projects.index(slug))
        & (history.at >= community.seconds - NEWCOMER_DAYS * DAY)
        & (history.author >= 0)
        & ~history.is_merge
    )
    few = np.bincount(
        history.author[(history.author >= 0) & ~history.is_merge], minlength=history.n_people
    )
    people = np.unique(history.author[recent])
    return [history.people[row] for row in people if few[row] < NEWCOMER_BELOW]


def _visible(people: Iterable[int]) -> Iterable[int]:
    hidden = Person.objects.exclude(is_hidden=False, erased_at=None)
    closed = set(hidden.values_list("pk", flat=True))
    return (person for person in people if person not in closed)


def unavailable_mentors(on: date) -> frozenset[int]:
    """Who may not be suggested: paused, full by their own word, hidden or erased."""
    closed = {o.person_id for o in MentorOffer.objects.all() if not o.is_open(on)}
    hidden = Person.objects.exclude(is_hidden=False, erased_at=None)
    return frozenset(closed | set(hidden.values_list("pk", flat=True)))


def query_of(mentee: Mentee, slug: str, community: Community) -> Queries:
    history = community.history
    try:
        row = history.person_index(mentee.person)
    except KeyError:
        row = -1  # nothing is known of them but what they said
    project = history.projects.index(slug)
    return query_of_person(history, row, project, community.seconds, mentee.interests)


def suggest(
    mentee: Mentee,
    slug: str,
    community: Community,
    served: Served,
    *,
    unavailable: Collection[int] = frozenset(),
    count: int = SHOWN,
) -> list[Suggested]:
    """The best mentors for a mentee in a project, best first; none where nobody is known."""
    history = community.history
    if slug not in history.projects:
        return []
    query = query_of(mentee, slug, community)
    asked_for = count + len(unavailable) + (SHOWN if mentee.wishes else 0)
    found, table = top(served, community.features, query, asked_for)
    found = [one for one in found if history.people[one.person] not in unavailable]
    if not found:
        return []
    mentors = [history.people[one.person] for one in found]
    extra = mentee.wishes.weigh(mentors)
    order = sorted(
        range(len(found)), key=lambda i: (-found[i].score * np.exp(extra[i].weight), found[i].rank)
    )
    order = order[:count]
    why = explain(served, community.features, table, [found[i].pair for i in order])
    return [
        Suggested(
            mentors[i],
            place + 1,
            found[i].score,
            [*_reasons(why[place], history), *extra[i].reasons],
            why[place].source,
        )
        for place, i in enumerate(order)
    ]


def _reasons(explanation: Explanation, history: History) -> list[dict]:
    """Reasons as plain JSON; changes are named by their primary keys."""
    return [
        {
            "feature": reason.code,
            "contribution": round(reason.contribution, 4),
            "value": round(reason.value, 4),
            "evidence": [
                {
                    "name": fact.name,
                    "count": fact.count,
                    "first_at": fact.first_at,
                    "last_at": fact.last_at,
                    "changes": [history.change_keys[row] for row in fact.changes],
                }
                for fact in reason.evidence
            ],
        }
        for reason in explanation.reasons
    ]
