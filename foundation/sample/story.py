"""Everything that lands in a project: people's work, programs' work, in order and numbered."""

from random import Random

from . import machines
from .careers import Calendar, Stint
from .cast import Bot, Person
from .plot import Change, Plot
from .projects import Plan

FIRST_NUMBER = 40
MAILMAP_PROJECT = "sextant"
MAILMAP_MONTHS = 10
MAILMAP_HEADER = "# One line for each further address; the same list serves all our projects.\n"


def changes_of(
    plan: Plan,
    cast: dict[str, Person],
    stints: list[Stint],
    bots: dict[str, Bot],
    calendar: Calendar,
    seed: int,
) -> list[Change]:
    """All changes of a project that have landed when the sample ends, in that order."""
    rng = Random(f"{seed}/story/{plan.slug}")
    changes = Plot(plan, cast, calendar, f"{seed}/plot").play(stints)
    opening, work = changes[0], changes[1:] + machines.chores(plan, bots, calendar, rng)
    _number(work, rng)
    landed = [c for c in work if opening.landed_at < c.landed_at < calendar.ends_at]
    landed.sort(key=lambda change: (change.landed_at, change.number))
    if plan.slug == MAILMAP_PROJECT:
        _keep_mailmap(landed, [cast[key] for key in _settled(stints, cast)], calendar)
    return [opening, *landed]


def mailmap(people: list[Person]) -> str:
    """The lines of a .mailmap that lead every further address to the usual one."""
    lines = [
        f"{person.name} <{person.email}> {other}\n"
        for person in people
        for other in person.addresses[1:]
    ]
    return MAILMAP_HEADER + "".join(lines)


def _number(changes: list[Change], rng: Random) -> None:
    """Count pull requests in order of writing; the numbers between are issues."""
    number = FIRST_NUMBER
    for change in sorted(changes, key=lambda change: change.authored_at):
        number += rng.randrange(2, 5)
        change.number = number


def _settled(stints: list[Stint], cast: dict[str, Person]) -> list[str]:
    """Keys of the planted people who had begun when the .mailmap was written."""
    begun = {s.person for s in stints if s.since > MAILMAP_MONTHS}
    return [key for key, person in cast.items() if key in begun and person.planted]


def _keep_mailmap(changes: list[Change], people: list[Person], calendar: Calendar) -> None:
    """Turn a change of ten months ago into the one that adds the .mailmap."""
    first = next(
        change
        for change in changes
        if change.kind == "change" and calendar.months_left(change.landed_at) < MAILMAP_MONTHS
    )
    first.subject, first.body = "docs: name the people behind further addresses", ""
    first.paths, first.texts = [".mailmap"], {".mailmap": mailmap(people)}
