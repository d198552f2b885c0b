"""Builds the sample community: repositories, events, and the truth about them."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from . import events, history, truth
from .careers import Calendar, Stint
from .cast import PERSONAL_DOMAINS, Bot, Person, read_cast
from .crowd import gather
from .machines import make_bots
from .plot import Change
from .projects import Plan, read_plans
from .story import changes_of
from .trailers import Scribe
from .truth import Newcomer, Oddities, Persona

FOUNDATION = "Halyard Foundation"
SAMPLE_DAYS = 1096
MOST_PEOPLE = 400


@dataclass(frozen=True)
class Project:
    """A project with its repository; ``areas`` maps an area to its path prefixes."""

    slug: str
    name: str
    description: str
    shape: str
    github: str
    repository: Path
    areas: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Community:
    """The sample and the truth about it; people are named by their keys.

    ``mentors`` is by (project, area), ``rising`` and ``core`` by project; see ``truth`` for
    what each means. ``personal_domains`` are mail providers, not employers.
    """

    starts_on: date
    ends_on: date
    projects: tuple[Project, ...]
    people: tuple[Person, ...]
    bots: tuple[Bot, ...]
    mentors: dict[tuple[str, str], str]
    rising: dict[str, tuple[str, ...]]
    core: dict[str, tuple[str, ...]]
    newcomers: tuple[Newcomer, ...]
    oddities: Oddities
    personas: dict[str, Persona]
    events_path: Path
    foundation: str = FOUNDATION
    personal_domains: tuple[str, ...] = PERSONAL_DOMAINS

    def person(self, key: str) -> Person:
        """The person of that key; KeyError for a stranger."""
        return {person.key: person for person in self.people}[key]

    def project(self, slug: str) -> Project:
        """The project of that slug; KeyError for a stranger."""
        return {project.slug: project for project in self.projects}[slug]


def build(
    directory: Path, *, seed: int = 7, ends_on: date | None = None, people: int = 80
) -> Community:
    """Write six bare repositories and an events file into an empty or new directory.

    All commits lie in the 1,096 days before ``ends_on`` (default: today), 00:00 UTC; equal
    arguments give equal commit hashes. ``people`` counts everybody, the one without any
    activity too; the planted ones are always there. Raises ``ValueError`` when so many cannot
    be cast, ``FileExistsError`` when the directory holds something already; what an interrupted
    build left there (the events are written last) is replaced.
    """
    calendar = _calendar(ends_on or datetime.now(UTC).date())
    plans = read_plans()
    cast, stints = _cast(calendar, plans, people, seed)
    _make_room(directory, plans)
    bots = make_bots(cast)
    changes = {
        slug: changes_of(plan, cast, stints, bots, calendar, seed) for slug, plan in plans.items()
    }
    newcomers = {newcomer.person for newcomer in truth.newcomers_of(stints)}
    teller = events.Teller(cast, bots, calendar, newcomers, Random(f"{seed}/events"))
    told: list[dict] = []
    for index, plan in enumerate(plans.values()):
        scribe = Scribe(plan, cast, bots, Random(f"{seed}/scribe/{plan.slug}"))
        repository = directory / f"{plan.slug}.git"
        hashes = history.write(repository, plan, changes[plan.slug], scribe)
        told += teller.tell(plan, index, list(zip(changes[plan.slug], hashes, strict=True)))
    events.write(directory / "events.json", told)
    return _describe(directory, calendar, plans, cast, stints, bots, changes)


def _make_room(directory: Path, plans: dict[str, Plan]) -> None:
    """Make the directory, and remove the repositories of a build that did not end."""
    directory.mkdir(parents=True, exist_ok=True)
    unfinished = {f"{slug}.git" for slug in plans}
    found = {path.name for path in directory.iterdir() if path.suffix != events.PART}
    if found - unfinished:
        raise FileExistsError(f"{directory} is not empty.")
    for name in found:
        shutil.rmtree(directory / name)


def _calendar(ends_on: date) -> Calendar:
    ends_at = datetime.combine(ends_on, time(), tzinfo=UTC)
    return Calendar(ends_at - timedelta(days=SAMPLE_DAYS), ends_at)


def _cast(
    calendar: Calendar, plans: dict[str, Plan], count: int, seed: int
) -> tuple[dict[str, Person], list[Stint]]:
    """Everybody by key, planted people first, and what they do."""
    planted, stints = read_cast(calendar.ends_at.date(), plans)
    if not len(planted) <= count <= MOST_PEOPLE:
        raise ValueError(f"people must be between {len(planted)} and {MOST_PEOPLE}, not {count}.")
    rng = Random(f"{seed}/crowd")
    crowd, more = gather(count - len(planted), len(planted), plans, rng)
    return {person.key: person for person in planted + crowd}, stints + more


def _describe(
    directory: Path,
    calendar: Calendar,
    plans: dict[str, Plan],
    cast: dict[str, Person],
    stints: list[Stint],
    bots: dict[str, Bot],
    changes: dict[str, list[Change]],
) -> Community:
    core = {slug: truth.core_of(changes[slug], cast, calendar) for slug in plans}
    return Community(
        starts_on=calendar.starts_at.date(),
        ends_on=calendar.ends_at.date(),
        projects=tuple(_project(plan, directory) for plan in plans.values()),
        people=tuple(cast.values()),
        bots=tuple(bots.values()),
        mentors=truth.mentors_of(stints),
        rising=truth.rising_of(stints, core),
        core=core,
        newcomers=truth.newcomers_of(stints),
        oddities=truth.oddities_of(list(cast.values())),
        personas=truth.personas_of(cast),
        events_path=directory / "events.json",
    )


def _project(plan: Plan, directory: Path) -> Project:
    areas = {slug: area.prefixes for slug, area in plan.areas.items()}
    return Project(
        plan.slug, plan.name, plan.description, plan.shape, plan.github,
        directory / f"{plan.slug}.git", areas,
    )  # fmt: skip
