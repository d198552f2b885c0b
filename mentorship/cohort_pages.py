"""A cohort as its pages show it: keys become names, codes become sentences, counts become bars."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.people.models import Person
from foundation.projects.models import Project
from mentorship.cohort_words import (
    WHY_NOT,
    fault_words,
    help_words,
    in_one,
    setting_words,
)
from mentorship.models import Cohort, CohortPlacement, CoMentor, PairRule
from mentorship.places import room

SHOWN = 100  # rows of a list that is folded away


class Names:
    """Names of people by primary key (as text too) and of projects by short name."""

    def __init__(self, people: Iterable):
        keys = {int(key) for key in people if key}
        self.people = {str(pk): one for pk, one in Person.objects.in_bulk(keys).items()}

    @cached_property
    def projects(self) -> dict[str, str]:
        """Read when the first is named: most of what is told names none."""
        return dict(Project.objects.values_list("slug", "name"))

    def person(self, key) -> str:
        return str(self.people.get(str(key)) or _("somebody without a name"))

    def project(self, slug) -> str:
        return self.projects.get(slug, slug) if slug else ""

    def all_in(self, told: Mapping) -> dict:
        """A copy of what was told, with names instead of keys."""
        named = dict(told)
        for role in ("mentee", "mentor"):
            if named.get(role):
                named[role] = self.person(named[role])
        if named.get("project"):
            named["project"] = self.project(named["project"])
        return named


@dataclass(frozen=True)
class Bar:
    """How many of a limit, as a share for the width of a bar; none where nothing limits."""

    label: str
    count: int
    limit: int | None
    share: str


def _bar(label: str, count: int, limit: int | None, whole: int | None) -> Bar:
    share = "" if whole is None else f"{100 * count / whole if whole else 0:.1f}%"
    return Bar(label, count, limit, share)


def rank_bars(cohort: Cohort) -> list[Bar]:
    """How many got a wish of each rank, and how many are pinned or have no place."""
    summary = cohort.summary
    whole = summary.get("mentees", 0)
    bars = [
        _bar(_("wish %(rank)s") % {"rank": rank}, count, None, whole)
        for rank, count in enumerate(summary.get("ranks", []), start=1)
    ]
    if summary.get("pinned"):
        bars.append(_bar(_("pinned"), summary["pinned"], None, whole))
    return [*bars, _bar(_("no place"), whole - summary.get("matched", 0), None, whole)]


def load_bars(cohort: Cohort) -> tuple[list[Bar], list[Bar]]:
    """Mentors and projects with their load against their limit, the fullest first."""
    mentors, projects = cohort.summary.get("mentors", {}), cohort.summary.get("projects", {})
    shown = sorted(mentors.items(), key=lambda one: (-_fullness(one[1]), int(one[0])))[:SHOWN]
    names = Names(key for key, _load in shown)
    people = [_bar(names.person(k), load, limit, limit) for k, (load, limit) in shown]
    places = [
        _bar(names.project(slug), load, limit, limit)
        for slug, (load, limit) in sorted(
            projects.items(), key=lambda one: (-_fullness(one[1]), -one[1][0], one[0])
        )[:SHOWN]
    ]
    return people, places


def _fullness(load_and_limit) -> float:
    load, limit = load_and_limit
    return load / limit if limit else 0.0


@dataclass(frozen=True)
class Figures:
    """The checker's figures of a cohort, ready for a line each."""

    cohort: Cohort
    matched: int
    mentees: int
    worst_rank: int | None
    blocking: int
    idle: int
    of_best: int | None  # per cent of what no assignment exceeds
    open_places: int

    @classmethod
    def of(cls, cohort: Cohort) -> "Figures":
        told = cohort.summary
        bound = told.get("bound")
        return cls(
            cohort,
            told.get("matched", 0),
            told.get("mentees", 0),
            told.get("worst_rank"),
            told.get("blocking_pairs", 0),
            told.get("idle_places_wanted", 0),
            round(100 * told["total"] / bound) if bound else None,
            sum(max(limit - load, 0) for load, limit in told.get("mentors", {}).values()),
        )


def faults_of(cohort: Cohort) -> list[str]:
    names = Names(fault.get(role) for fault in cohort.faults for role in ("mentee", "mentor"))
    return [fault_words(names.all_in(fault)) for fault in cohort.faults]


def _speaks_of(fault: Mapping, rule: PairRule) -> bool:
    own = rule.mentee_id, rule.mentor_id, rule.project.slug if rule.project else None
    told = (fault.get(role) for role in ("mentee", "mentor", "project"))
    return all(
        not said or mine is None or str(said) == str(mine)
        for said, mine in zip(told, own, strict=True)
    )


def at_odds(cohort: Cohort, rules: Iterable[PairRule]) -> list[PairRule]:
    """The rules of which one has to go; every pin, where limits of co-mentors are at odds."""
    if cohort.state != Cohort.State.INFEASIBLE:
        return []
    rules = list(rules)
    named = [rule for rule in rules if any(_speaks_of(fault, rule) for fault in cohort.faults)]
    return named or [rule for rule in rules if rule.kind == PairRule.Kind.PIN]


def left_out_of(cohort: Cohort) -> list[str]:
    """Who asks and takes no part, and why, as sentences."""
    told = cohort.summary.get("left_out", [])
    names = Names(one[role] for one in told for role in ("mentee", "mentor"))
    words = _("%(mentee)s works with %(mentor)s already (%(project)s).")
    return [words % names.all_in(one) for one in told]


@dataclass(frozen=True)
class Terms:
    """How a cohort is assigned and within which hard limits, as sentences."""

    way: str
    limits: str

    @classmethod
    def of(cls, cohort: Cohort) -> "Terms":
        words = setting_words(cohort)
        if cohort.engine == Cohort.Engine.STABLE and cohort.summary.get("blocking_pairs"):
            words["engine"] = _("stable within the shares of places")
        way = [words.pop(name) for name in ("engine", "objective", "seed") if name in words]
        return cls(in_one(way), in_one([*words.values(), *_more_places(cohort)]))


def _more_places(cohort: Cohort) -> list[str]:
    """The places that a what-if assumes, beyond what mentors and projects have."""
    mentors, projects = (cohort.more_places.get(kind, {}) for kind in ("mentors", "projects"))
    if not mentors and not projects:
        return []
    names = Names(mentors)
    where = [(names.person(key), n) for key, n in mentors.items()]
    where += [(names.project(slug), n) for slug, n in projects.items()]
    return [
        ngettext("%(n)s more place: %(where)s", "%(n)s more places: %(where)s", n)
        % {"where": name, "n": n}
        for name, n in where
    ]


def assumed_of(cohort: Cohort, *, now: datetime) -> str:
    """Who would need a place that only a what-if assumes; names, or ""."""
    assumed = cohort.more_places.get("mentors", {})
    if not assumed:
        return ""
    given, loads = room([int(key) for key in assumed], now), cohort.summary.get("mentors", {})
    needed = [key for key in assumed if loads.get(key, [0])[0] > given.get(int(key), 0)]
    names = Names(needed)
    return ", ".join(names.person(key) for key in needed)


def placements_of(cohort: Cohort, *, wanted: str = "", only_unmatched: bool = False) -> QuerySet:
    rows = cohort.placements.select_related("mentee", "mentor", "project")
    if only_unmatched:
        rows = rows.filter(mentor=None)
    if wanted:
        rows = rows.filter(Q(mentee__name__icontains=wanted) | Q(mentor__name__icontains=wanted))
    return rows.order_by("mentee__name", "mentee")


def with_help(placements: Iterable[CohortPlacement]) -> list[CohortPlacement]:
    """The placements, each with ``helps``: sentences for whoever has no place."""
    rows = list(placements)
    names = Names(help_.get("mentor") for row in rows for help_ in row.would_help)
    for row in rows:
        row.helps = [help_words(names.all_in(help_)) for help_ in row.would_help]
    return rows


def with_co_mentors(placements: Iterable[CohortPlacement], *, user) -> list[CohortPlacement]:
    """The placements, each with ``co_mentors``: the names of those who help, or "".

    Whoever hides is named to themselves and to stewards.
    """
    rows = list(placements)
    helpers = defaultdict(list)
    known = CoMentor.objects.filter(
        cohort__in={row.cohort_id for row in rows}, mentor__in=Person.objects.visible_to(user)
    )
    for one in known.select_related("mentor").order_by("mentor__name", "pk"):
        helpers[one.cohort_id, one.project_id].append(one.mentor)
    for row in rows:
        beside = helpers[row.cohort_id, row.project_id]
        row.co_mentors = ", ".join(str(one) for one in beside if one.pk != row.mentor_id)
    return rows


def newest_place(person: Person) -> CohortPlacement | None:
    """Where the newest published cohort has placed somebody, unless that has ended."""
    placed = CohortPlacement.objects.running().filter(mentee=person)
    placed = placed.select_related("cohort", "mentee", "mentor", "project")
    newest = placed.order_by("-cohort__published_at")[:1]
    return next(iter(with_co_mentors(newest, user=person.user)), None)


@dataclass(frozen=True)
class Alternative:
    """Somewhere a mentee is not placed, and why."""

    project: str
    slug: str
    mentor: str
    mentor_pk: str
    rank: int
    words: str


def alternatives(placement: CohortPlacement) -> list[Alternative]:
    names = Names(one["mentor"] for one in placement.why_not)
    return [
        Alternative(
            names.project(one["project"]),
            one["project"],
            names.person(one["mentor"]),
            one["mentor"],
            one["rank"],
            str(WHY_NOT[one["code"]]),
        )
        for one in placement.why_not
    ]


@dataclass(frozen=True)
class Reason:
    """Why not, once for everybody it is true of at one wish."""

    rank: int
    project: str
    words: str
    mentors: str


def reasons_why_not(others: Iterable[Alternative]) -> list[Reason]:
    """The alternatives by wish, project and reason, in their order."""
    names: dict[tuple, list[str]] = defaultdict(list)
    for one in others:
        names[one.rank, one.project, one.words].append(one.mentor)
    return [Reason(*key, ", ".join(mentors)) for key, mentors in names.items()]
