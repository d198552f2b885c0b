"""How the load lies on the mentors, and whom the suggestions reach: figures for stewards.

They describe the system and nobody's worth. What cannot be said yet is None, never 0.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from foundation.people.models import Person, Profile
from mentorship.models import Exposure
from mentorship.places import ASSUMED, full_mentors

MONTHS = 12
NEWCOMER_CHANGES, NEWCOMER_DAYS = 10, 90
REVIEWER_DAYS = 540
# (LOAD_WEIGHT, MRR of newcomers, by what part the peak of 30 days falls): 876 changes of newcomers
# to 19 public projects, before the newest 30 %; see docs/matching.md.
CURVE = (
    (0, 0.546, 0),
    (0.1, 0.549, 17),
    (0.2, 0.549, 23),
    (0.4, 0.546, 35),
    (0.6, 0.532, 40),
    (0.8, 0.520, 42),
)


@dataclass(frozen=True)
class Month:
    """Of the lists that stood in a month: how many mentors headed them, and how evenly."""

    first: date
    lists: int
    mentors: int
    most: int
    gini: float | None

    @property
    def largest_share(self) -> float | None:
        """The part of all lists that the same mentor headed, in percent."""
        return 100 * self.most / self.lists if self.lists else None


@dataclass(frozen=True)
class Arm:
    """Mentees whose first list is old enough to tell, and for how many something came of it."""

    is_unflagged: bool
    mentees: int
    led: int

    @property
    def share(self) -> float | None:
        return 100 * self.led / self.mentees if self.mentees else None


@dataclass(frozen=True)
class Coverage:
    """Whom the suggestions reach."""

    newcomers: int
    with_suggestions: int
    opened: int
    mentors: int
    ever_suggested: int
    arms: tuple[Arm, Arm]

    @property
    def newcomers_share(self) -> float | None:
        return 100 * self.with_suggestions / self.newcomers if self.newcomers else None

    @property
    def mentors_share(self) -> float | None:
        return 100 * self.ever_suggested / self.mentors if self.mentors else None


def gini(counts: Sequence[float]) -> float | None:
    """How unequally a load is spread: 0 all the same, towards 1 all on one; None without any."""
    ordered, total = sorted(counts), sum(counts)
    if not total:
        return None
    n = len(ordered)
    return sum((2 * place - n + 1) * count for place, count in enumerate(ordered)) / (n * total)


def bearers(user, *, now: datetime) -> QuerySet[Person]:
    """Mentors by name, with their limits and their load: ``places`` (``is_assumed`` if they never
    said), ``working`` with mentees, on so many ``lists``, ``first`` on so many."""
    standing = Exposure.objects.standing().filter(mentor=OuterRef("pk"))
    working = Exposure.objects.open_mentorships().filter(mentor=OuterRef("pk"))
    return (
        Person.objects.visible_to(user)
        .annotate(
            lists=_count(standing, "pk"),
            first=_count(standing.filter(rank=1), "pk"),
            working=_count(working, "mentee"),
            places=Coalesce(F("mentor_offer__places"), Value(ASSUMED)),
            is_assumed=Q(mentor_offer__isnull=True),
        )
        .annotate(free=F("places") - F("working"))
        .filter(Q(lists__gt=0) | Q(working__gt=0) | Q(mentor_offer__isnull=False))
        .select_related("mentor_offer")
        .order_by("name", "pk")
    )


def _count(rows: QuerySet[Exposure], what: str) -> Coalesce:
    grouped = rows.order_by().values("mentor").annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), Value(0))


def concentration(user, *, now: datetime) -> list[Month]:
    """The last twelve months, oldest first, this one included; () before anything was offered."""
    firsts = _month_firsts(now.date())
    heads = Exposure.objects.visible_to(user).on_lists().filter(rank=1)
    heads = heads.exclude(ended_at__lt=firsts[0][0])
    rows = list(
        heads.order_by().values_list("mentor", "mentee", "project", "offered_at", "ended_at")
    )
    return [_month(rows, begin, end) for begin, end in firsts] if rows else []


def _month_firsts(today: date) -> list[tuple[datetime, datetime]]:
    """Beginning and end of each of the last months, as moments."""
    last = 12 * today.year + today.month - 1
    firsts = [
        datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
        for month in range(last - MONTHS + 1, last + 2)
    ]
    return list(pairwise(firsts))


def _month(rows: list[tuple], begin: datetime, end: datetime) -> Month:
    stood = {
        (mentor, mentee, project)
        for mentor, mentee, project, offered, ended in rows
        if offered < end and (ended is None or ended >= begin)
    }
    counts = Counter(mentor for mentor, _, _ in stood)
    most = max(counts.values(), default=0)
    return Month(begin.date(), len(stood), len(counts), most, gini(list(counts.values())))


def coverage(user, *, now: datetime) -> Coverage:
    newcomers = _newcomers(now)
    exposed = Exposure.objects.visible_to(user).filter(mentee=OuterRef("pk"))
    people = Person.objects.visible_to(user).filter(is_hidden=False)
    reached = people.filter(Exists(exposed.standing()), pk__in=newcomers.values("person"))
    mentors = open_mentors(user, now=now)
    suggested = Exposure.objects.on_lists().filter(mentor=OuterRef("pk"))
    return Coverage(
        newcomers=people.filter(pk__in=newcomers.values("person")).count(),
        with_suggestions=reached.count(),
        opened=reached.filter(Exists(exposed.filter(seen_at__isnull=False))).count(),
        mentors=mentors.count(),
        ever_suggested=mentors.filter(Exists(suggested)).count(),
        arms=_arms(user, now),
    )


def _newcomers(now: datetime) -> QuerySet:
    """Who worked here in the last 90 days and has few changes in the whole community."""
    sums = Profile.objects.values("person").annotate(all=Sum("changes"), last=Max("last_at"))
    since = now - timedelta(days=NEWCOMER_DAYS)
    return sums.filter(all__gt=0, all__lt=NEWCOMER_CHANGES, last__gte=since)


def open_mentors(user, *, now: datetime) -> QuerySet[Person]:
    """Who could be suggested: reviewed within a year and a half, or offered; and has room."""
    since = now - timedelta(days=REVIEWER_DAYS)
    reviewed = Profile.objects.filter(
        person=OuterRef("pk"), reviews_given__gt=0, last_at__gte=since
    )
    able = Q(Exists(reviewed)) | Q(mentor_offer__isnull=False)
    people = Person.objects.visible_to(user).filter(able, is_hidden=False)
    return people.exclude(pk__in=full_mentors(now))


def tell_apart(people: Iterable[Person], user) -> list[Person]:
    """The people with ``where``: the names of their projects, where another one is called alike."""
    people = list(people)
    alike = Person.objects.visible_to(user).filter(name__in={person.name for person in people})
    shared = alike.values("name").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    names = set(shared.values_list("name", flat=True))
    prefetch_related_objects([p for p in people if p.name in names], "profiles__project")
    for person in people:
        profiles = person.profiles.all() if person.name in names else ()
        person.where = sorted({profile.project.name for profile in profiles})
    return people


def never_suggested(user, *, now: datetime) -> QuerySet[Person]:
    """Open mentors whom no list ever named, by name: a hint about the system."""
    suggested = Exposure.objects.on_lists().filter(mentor=OuterRef("pk"))
    return open_mentors(user, now=now).filter(~Exists(suggested)).order_by("name", "pk")


def _arms(user, now: datetime) -> tuple[Arm, Arm]:
    """The mentees with a load-shared list, and those ordered by fit alone.

    What came of a list is what came before a steward placed the two.
    """
    placed = Q(answer=Exposure.Answer.PLACED, worked_at__gte=F("answered_at"))
    led = (Q(worked_at__isnull=False) & ~placed) | Q(answer=Exposure.Answer.ACCEPTED)
    mentees = (
        Exposure.objects.visible_to(user)
        .on_lists()
        .order_by()
        .values("mentee", "is_unflagged")
        .annotate(begun=Min("offered_at"), led=Count("pk", filter=led))
        .filter(begun__lte=now - Exposure.PATIENCE)
        .values_list("is_unflagged", "led")
    )
    counted = Counter((unflagged, led > 0) for unflagged, led in mentees)
    shared, unflagged = (
        Arm(arm, counted[arm, True] + counted[arm, False], counted[arm, True])
        for arm in (False, True)
    )
    return shared, unflagged
