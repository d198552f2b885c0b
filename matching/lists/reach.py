"""What within a mentee's own reach would bring a suggested mentor nearer.

Nothing here is a piece of general advice: the list is made again as if the mentee had taken the
step, with the same ranker, limits and load, and only what moved a mentor is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from foundation.people.hiding import AREA, speaks_of_hidden
from foundation.people.tongues import folded
from foundation.profiles.evidence import MAX_DEPTH
from matching.arrays.history import DAY, History, Ragged
from matching.community import Community
from matching.lists.limits import Limits
from matching.lists.suggest import Mentee, Suggested, lists_for, query_of
from matching.pairing.queries import Queries
from matching.ranking.serving import Served
from mentorship.models import MentorOffer

LOOKED_AT = 5  # suggestions whose areas and languages are tried
MOST_AREAS = 3
SHIFTS = (-3, -2, -1, 1, 2, 3)  # hours by which the mentee's day may begin earlier or later
RECENT_DAYS = 365
WORTH_TELLING = 1.2  # times the share of the pool, unless the mentor rises by a place


@dataclass(frozen=True)
class Step:
    """Something that the mentee could do, and who would then ask, and what."""

    code: str
    name: str
    mentee: Mentee
    query: Queries


def nearer(
    mentee: Mentee,
    slug: str,
    community: Community,
    served: Served,
    suggested: list[Suggested],
    *,
    limits: Limits,
) -> list[Suggested]:
    """The suggestions, each with the steps that would bring it nearer, the strongest first."""
    if not suggested:
        return []
    found: dict[int, list[dict]] = {one.mentor: [] for one in suggested}
    steps = list(_steps(mentee, slug, community, suggested, limits))
    asked = [(step.mentee, step.query) for step in steps]
    lists = lists_for(asked, community, served, limits=limits, count=len(suggested))
    for step, listed in zip(steps, lists, strict=True):
        then = listed.standing()
        for one in suggested:
            rank, share = then.get(one.mentor, (len(suggested) + 1, 0.0))
            gain = share - one.score
            if gain > 0 and (rank < one.rank or share > WORTH_TELLING * one.score):
                found[one.mentor].append(
                    {"step": step.code, "name": step.name, "rank": rank, "gain": gain}
                )
    return [replace(one, nearer=_strongest(found[one.mentor])) for one in suggested]


def _strongest(steps: list[dict]) -> tuple[dict, ...]:
    """The best step of each kind, the strongest first."""
    best: dict[str, dict] = {}
    for step in sorted(steps, key=lambda step: (step["rank"], -step["gain"], step["name"])):
        best.setdefault(step["step"], step)
    return tuple(best.values())


def _steps(
    mentee: Mentee, slug: str, community: Community, suggested: list[Suggested], limits: Limits
) -> Iterator[Step]:
    query = query_of(mentee, slug, community)
    mentors = [one.mentor for one in suggested[:LOOKED_AT]]
    for area in _areas(query, community.history, mentors, limits):
        wishing = replace(mentee, interests=(*mentee.interests, area))
        yield Step("interest", area, wishing, query_of(wishing, slug, community))
        yield Step("change", area, mentee, _after_a_change(query, community.history, area))
    hours = mentee.wishes.hours
    for shift in SHIFTS if 0 < len(hours) < 24 else ():
        moved = replace(mentee.wishes, hours=frozenset((hour + shift) % 24 for hour in hours))
        yield Step("hours", str(shift), replace(mentee, wishes=moved), query)
    for language in _languages(mentee, mentors):
        spoken = replace(mentee.wishes, languages=mentee.wishes.languages | {language})
        yield Step("language", language, replace(mentee, wishes=spoken), query)


def _areas(query: Queries, history: History, mentors: list[int], limits: Limits) -> list[str]:
    """Areas that the mentors reviewed most within a year, and the query does not speak of."""
    known, project = set(query.prefixes.row(0).tolist()), int(query.project[0])
    found: dict[str, None] = {}
    for mentor in mentors:
        row = history.person_index(mentor)
        mine = history.review_change[
            (history.review_person == row)
            & (history.review_at >= query.as_of[0] - RECENT_DAYS * DAY)
        ]
        mine = mine[history.project[mine] == project]
        prefixes, counts = np.unique(history.prefixes.take(mine).ids, return_counts=True)
        names = [
            history.prefix_names[prefix]
            for prefix in prefixes[np.lexsort((prefixes, -counts))]
            if prefix not in known
        ]
        names = [name for name in names if _may_be_named(name, limits.hidden.get(mentor, ()))]
        if names:
            found[names[0]] = None
    return list(found)[:MOST_AREAS]


def _may_be_named(name: str, hidden) -> bool:
    """Is it a folder, not too deep, that the mentor did not hide?"""
    is_folder = name.count("/") < MAX_DEPTH and "." not in name.rpartition("/")[2]
    return is_folder and not speaks_of_hidden(AREA, name, hidden)


def _after_a_change(query: Queries, history: History, area: str) -> Queries:
    """The query as if the mentee had made the newest change under an area."""
    here = np.flatnonzero(history.prefix_project == query.project[0])
    prefix = here[[history.prefix_names[row] for row in here.tolist()].index(area)]
    rows = history.prefixes.owners[history.prefixes.ids == prefix]
    rows = rows[history.at[rows] < query.as_of[0]]
    return replace(
        query,
        prefixes=_with(query.prefixes, history.prefixes.take(rows[-1:]).ids),
        words=_with(query.words, history.words.take(rows[-1:]).ids),
    )


def _with(row: Ragged, ids: np.ndarray) -> Ragged:
    return Ragged.of([np.union1d(row.row(0), ids).astype(int).tolist()])


def _languages(mentee: Mentee, mentors: list[int]) -> list[str]:
    """Languages of the mentors that the mentee did not name."""
    offers = MentorOffer.objects.filter(person__in=mentors).values_list("languages", flat=True)
    spoken = frozenset().union(*map(folded, offers))
    return sorted(spoken - mentee.wishes.languages)
