"""What holds a list within bounds: who may not be suggested, who bears how much, what is hidden."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings

from foundation.people.hiding import HiddenLines, Line
from foundation.people.models import Person
from foundation.projects.models import Project
from matching.community import Community
from matching.lists import nudges
from mentorship.exposure import crowd
from mentorship.places import full_mentors


@dataclass(frozen=True)
class Limits:
    """Of one project: mentors who must not be suggested, the load of the others, hidden lines.

    People are primary keys. `crowd` grows with each list that is made: whoever stands first on
    it bears one more. `load_weight` 0 shares nothing.
    """

    unavailable: frozenset[int] = frozenset()
    crowd: dict[int, float] = field(default_factory=dict)
    load_weight: float = 0.0
    unflagged_share: float = 0.0
    hidden: Mapping[int, Collection[Line]] = field(default_factory=dict)

    def is_unflagged(self, mentee: int) -> bool:
        """Is this mentee's list of the random share that fit alone orders?"""
        return nudges.is_unflagged(mentee, self.unflagged_share)

    def bear(self, mentor: int) -> None:
        """One more list has this mentor first."""
        self.crowd[mentor] = self.crowd.get(mentor, 0.0) + 1

    def with_load_of(self, project: Project, mentees: Collection[int], now: datetime) -> "Limits":
        """The same with the load of all lists and mentorships but those of some mentees."""
        return replace(self, crowd=crowd(project, leaving_out=mentees, now=now))


NO_LIMITS = Limits()


def limits_of(project: Project, community: Community, mentees: Collection[int]) -> Limits:
    """The limits for making the lists of some mentees anew; other lists count as load."""
    return bounds_of(project, community).with_load_of(project, mentees, community.as_of)


def bounds_of(project: Project, community: Community) -> Limits:
    """The limits of a project without anybody's load."""
    projects, shared = community.history.projects, False
    if project.slug in projects:
        shared = bool(community.shares_load[projects.index(project.slug)])
    return Limits(
        unavailable_mentors(community.as_of),
        {},
        settings.LOAD_WEIGHT if shared else 0.0,
        settings.UNFLAGGED_SHARE,
        HiddenLines().in_project(project.pk),
    )


def unavailable_mentors(now: datetime) -> frozenset[int]:
    """Who may not be suggested: paused, without a free place, hidden or erased."""
    gone = Person.objects.exclude(is_hidden=False, erased_at=None)
    return full_mentors(now) | set(gone.values_list("pk", flat=True))
