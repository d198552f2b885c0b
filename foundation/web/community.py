"""The community in figures, for everybody: sums over profiles, no person among them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Max, Min, Sum

from foundation.people.models import Profile
from foundation.people.weeks import monday_of
from foundation.projects.models import Foundation, Repository

MONTHS = 24
KEEP_SECONDS = 3600
CACHE_KEY = "web.community.1"


@dataclass(frozen=True)
class Month:
    first: date
    active: int
    newcomers: int


@dataclass(frozen=True)
class Community:
    """What the front page says. ``months`` are whole ones, oldest first."""

    name: str
    people: int
    projects: int
    repositories: int
    changes: int
    reviews: int
    months: tuple[Month, ...]
    read_at: datetime | None


def community() -> Community:
    """The figures, at most an hour old."""
    known = cache.get(CACHE_KEY)
    if known is None:
        known = count_community()
        cache.set(CACHE_KEY, known, KEEP_SECONDS)
    return known


def count_community() -> Community:
    sums = Profile.objects.aggregate(
        people=Count("person", distinct=True), changes=Sum("changes"), reviews=Sum("reviews_given")
    )
    read = Repository.objects.aggregate(
        repositories=Count("pk"), projects=Count("project", distinct=True), at=Max("read_at")
    )
    foundation = Foundation.objects.order_by("pk").first()
    return Community(
        name=foundation.name if foundation else "",
        people=sums["people"],
        projects=read["projects"],
        repositories=read["repositories"],
        changes=sums["changes"] or 0,
        reviews=sums["reviews"] or 0,
        months=tuple(_months()),
        read_at=read["at"],
    )


def _months() -> list[Month]:
    last = Profile.objects.aggregate(last=Max("last_at"))["last"]
    if last is None:
        return []
    firsts = _month_firsts(last.date())
    active, newcomers = defaultdict(set), defaultdict(int)
    for person, weeks in Profile.objects.values_list("person", "weeks").iterator():
        for week in weeks:
            active[monday_of(int(week)).replace(day=1)].add(person)
    arrivals = Profile.objects.values("person").annotate(first=Min("first_at"))
    for row in arrivals.filter(first__isnull=False):
        newcomers[row["first"].date().replace(day=1)] += 1
    # A week belongs to the month of its Monday, an arrival to its own day: never more than all.
    return [
        Month(first, max(len(active[first]), newcomers[first]), newcomers[first])
        for first in firsts
    ]


def _month_firsts(last: date) -> list[date]:
    """The first days of the last whole months up to ``last``, oldest first."""
    first = (last + timedelta(days=1)).replace(day=1)
    firsts = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        firsts.append(first)
    return firsts[::-1]
