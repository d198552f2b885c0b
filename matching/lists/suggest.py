"""From a mentee to suggested mentors: query, ranking, the mentors' own limits, reasons."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from foundation.people.models import Person
from foundation.profiles.evidence import LANGUAGE_ENDINGS
from foundation.projects.models import Project
from matching.arrays.history import DAY, NEWCOMER_BELOW
from matching.community import Community
from matching.lists.limits import NO_LIMITS, Limits
from matching.lists.load import crowd_penalties
from matching.lists.nudges import Nudge, Nudged, luck
from matching.lists.reasons import Explanation, explain_each
from matching.lists.telling import tell
from matching.lists.wishes import NO_WISHES, Wishes
from matching.pairing.pairs import PairTable
from matching.pairing.queries import Queries, query_of_person
from matching.ranking.serving import Served, Suggestion, parted, top_each
from mentorship.hidden import without_hidden
from mentorship.models import Match, MentorRequest

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
    """A mentor for a mentee: primary key, place from 1, score in [0, 1], and why.

    `base` and the contributions of all reasons add up to the score.
    """

    mentor: int
    rank: int
    score: float
    base: float
    reasons: list[dict]
    method: str
    nearer: tuple[dict, ...] = ()


def requests_in(project: Project) -> list[MentorRequest]:
    """The open requests there of people who may be shown. Read once: all lists rest on the same."""
    shown = {"person__is_hidden": False, "person__erased_at": None}
    requests = MentorRequest.objects.open().filter(project=project, **shown)
    return list(requests.select_related("person__user").order_by("person"))


def mentees_of(
    project: Project, community: Community, requests: Iterable[MentorRequest]
) -> list[Mentee]:
    """Everybody who asks for a mentor here, then the newcomers of the last 90 days."""
    asked = [mentee_of(request) for request in requests]
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


def query_of(mentee: Mentee, slug: str, community: Community) -> Queries:
    history = community.history
    try:
        row = history.person_index(mentee.person)
    except KeyError:
        row = -1  # nothing is known of them but what they said
    project = history.projects.index(slug)
    mine = community.features.familiarity.written_by(row, community.seconds)
    return query_of_person(history, row, project, community.seconds, mentee.interests, mine)


@dataclass(frozen=True)
class Listed:
    """A list before its reasons: candidates as the ranking found them, and the final order.

    `order` has places in `mentors` (primary keys), `found` and `nudged`.
    """

    mentors: list[int]
    found: list[Suggestion]
    table: PairTable
    nudged: Nudged
    order: list[int]

    def standing(self) -> dict[int, tuple[int, float]]:
        """Mentor → rank from 1, and share of the pool after all nudges."""
        shares = self.nudged.final
        return {
            self.mentors[place]: (rank, float(shares[place]))
            for rank, place in enumerate(self.order, start=1)
        }


def suggest(
    mentee: Mentee,
    slug: str,
    community: Community,
    served: Served,
    *,
    limits: Limits = NO_LIMITS,
    count: int = SHOWN,
) -> list[Suggested]:
    """The best mentors for a mentee in a project, best first; none where nobody is known."""
    if slug not in community.history.projects:
        return []
    asked = [(mentee, query_of(mentee, slug, community))]
    lists = lists_for(asked, community, served, limits=limits, count=count)
    return _explained(list(lists), community, served, limits)[0]


def suggest_each(
    mentees: Sequence[Mentee],
    slug: str,
    community: Community,
    served: Served,
    *,
    limits: Limits,
) -> Iterator[tuple[Mentee, list[Suggested]]]:
    """What `suggest` says to each, one after the other: everybody sees whom the others burden."""
    if slug not in community.history.projects or not mentees:
        yield from ((mentee, []) for mentee in mentees)
        return
    each = [(mentee, query_of(mentee, slug, community)) for mentee in mentees]
    queries = Queries.joined([query for _, query in each])
    for rows in parted(community.features, queries):
        asked, lists = [each[row] for row in rows.tolist()], []
        for listed in lists_for(asked, community, served, limits=limits):
            lists.append(listed)
            if listed.order:
                limits.bear(listed.mentors[listed.order[0]])
        mentees_here = (mentee for mentee, _ in asked)
        yield from zip(mentees_here, _explained(lists, community, served, limits), strict=True)


def _explained(
    lists: list[Listed], community: Community, served: Served, limits: Limits
) -> list[list[Suggested]]:
    """The lists with their reasons; the model is asked once for all of them."""
    chosen = [[one.found[place].pair for place in one.order] for one in lists]
    asked = [(one.table, pairs) for one, pairs in zip(lists, chosen, strict=True) if pairs]
    why = iter(explain_each(served, community.features, asked) if asked else ())
    keys = community.history.change_keys
    return [_suggested(one, next(why), keys, limits) if one.order else [] for one in lists]


def _suggested(
    listed: Listed, why: list[Explanation], change_keys: Sequence, limits: Limits
) -> list[Suggested]:
    told = tell(why, listed.nudged, listed.order, change_keys)
    mentors = [listed.mentors[place] for place in listed.order]
    return [
        Suggested(
            mentor,
            rank,
            one.score,
            one.base,
            [without_hidden(each, limits.hidden.get(mentor, ())) for each in one.reasons],
            explanation.source,
        )
        for rank, (mentor, one, explanation) in enumerate(
            zip(mentors, told, why, strict=True), start=1
        )
    ]


def lists_for(
    asked: Sequence[tuple[Mentee, Queries]],
    community: Community,
    served: Served,
    *,
    limits: Limits = NO_LIMITS,
    count: int = SHOWN,
) -> Iterator[Listed]:
    """The lists of queries of one project as their mentees would see them, within the limits.

    Each is made when it is taken: it sees the load of that moment.
    """
    people, features = community.history.people, community.features
    if not asked:
        return
    reach = count + len(limits.unavailable) + SHOWN  # nudges may lift whoever stood behind
    queries = Queries.joined([query for _, query in asked])
    for rows in parted(features, queries):
        ranked = top_each(served, features, queries.take(rows), reach)
        for row, (found, table) in zip(rows.tolist(), ranked, strict=True):
            found = [one for one in found if people[one.person] not in limits.unavailable]
            mentors = [people[one.person] for one in found]
            nudges = _nudges(asked[row][0], mentors, limits)
            nudged = Nudged([one.score for one in found], nudges)
            yield Listed(mentors, found, table, nudged, nudged.order()[:count])


def _nudges(mentee: Mentee, mentors: list[int], limits: Limits) -> list[list[Nudge]]:
    """What moves each mentor beside the work; of the unflagged share only wishes, and luck."""
    found = mentee.wishes.weigh(mentors)
    if limits.is_unflagged(mentee.person):
        code, weights = "luck", luck(mentee.person, len(mentors))
    else:
        code, weights = "load", -crowd_penalties(limits.crowd, mentors, limits.load_weight)
    return [
        [*wished, Nudge(code, weight)] if weight else wished
        for wished, weight in zip(found, weights.tolist(), strict=True)
    ]
