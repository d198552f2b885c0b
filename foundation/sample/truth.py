"""What is known of the sample because it was planned: the answers that a model should find."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from .careers import Calendar, Stint
from .cast import Person
from .plot import Change
from .reviewers import MENTOR_WEIGHT

CORE_SHARE = 0.8
CORE_DAYS = 365
PERSONAS = {
    "newcomer": ("nadia", "keel"),
    "silent": ("jonas", "keel"),
    "mentor": ("hyerin", "keel"),
    "rising": ("tanvi", "keel"),
    "steward": ("beatrix", ""),
}


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose first changes are younger than 90 days, and who should be their mentor."""

    person: str
    project: str
    area: str
    mentor: str


@dataclass(frozen=True)
class Oddities:
    """The people who make it hard, by key."""

    sweeper: str
    botlike: str
    moved: str
    returned: str
    many_addresses: str
    mailmapped: str
    namesakes: tuple[str, ...]
    interns: tuple[str, ...]


@dataclass(frozen=True)
class Persona:
    """Somebody to log in as; ``project`` is where they are at home, empty for a steward."""

    role: str
    person: str
    name: str
    email: str
    project: str


def mentors_of(stints: list[Stint]) -> dict[tuple[str, str], str]:
    """By project and area: who reviews most of it when the sample ends."""
    return {
        (stint.project, area): stint.person
        for stint in stints
        for area, weight in stint.reviews.items()
        if weight >= MENTOR_WEIGHT and stint.trust(0) > 0
    }


def rising_of(stints: list[Stint], core: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """By project: who is growing now and not core yet."""
    rising: dict[str, tuple[str, ...]] = {}
    for stint in stints:
        if stint.career == "rising" and stint.person not in core[stint.project]:
            rising[stint.project] = (*rising.get(stint.project, ()), stint.person)
    return rising


def newcomers_of(stints: list[Stint]) -> tuple[Newcomer, ...]:
    """The newcomers of the last 90 days, each with the mentor of their area."""
    mentors = mentors_of(stints)
    return tuple(
        Newcomer(stint.person, stint.project, area, mentors[stint.project, area])
        for stint in stints
        if stint.career == "newcomer"
        for area in stint.areas
    )


def core_of(changes: list[Change], cast: dict[str, Person], calendar: Calendar) -> tuple[str, ...]:
    """The smallest set of people with 80 % of their last year's changes, the busiest first.

    Measured on who wrote them, whatever the address; the import and programs do not count.
    """
    since = calendar.ends_at - timedelta(days=CORE_DAYS)
    counts = Counter(
        change.author
        for change in changes
        if change.landed_at >= since and change.author in cast and change.kind != "start"
    )
    core: list[str] = []
    reached = 0
    for person, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if reached >= CORE_SHARE * counts.total():
            break
        core.append(person)
        reached += count
    return tuple(core)


def oddities_of(people: list[Person]) -> Oddities:
    """Who carries which note in the cast."""
    noted: dict[str, list[str]] = {}
    for person in people:
        noted.setdefault(person.note, []).append(person.key)
    return Oddities(
        sweeper=noted["sweeper"][0],
        botlike=noted["botlike"][0],
        moved=noted["moved"][0],
        returned=noted["returned"][0],
        many_addresses=noted["three addresses"][0],
        mailmapped=noted["mailmapped"][0],
        namesakes=tuple(noted["namesake"]),
        interns=tuple(noted["intern"]),
    )


def personas_of(cast: dict[str, Person]) -> dict[str, Persona]:
    """Who logs in for each role, with the address mostly used."""
    return {
        role: Persona(role, key, cast[key].name, cast[key].email, project)
        for role, (key, project) in PERSONAS.items()
    }
