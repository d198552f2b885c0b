"""The people of the sample: names, addresses, employers; planted ones come from cast.toml."""

import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from .careers import DAYS_PER_MONTH, Stint
from .projects import Plan

PERSONAL_DOMAINS = ("gmail.example", "proton.example", "mailbox.example")
NOREPLY = "users.noreply.github.com"
FIRST_GITHUB_ID = 910_000_000
USUAL_SHARE = 0.86  # of the changes of somebody with several addresses
LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss"})


@dataclass(frozen=True)
class Address:
    """A signature in git, and the days in which it is used (None: no limit)."""

    name: str
    email: str
    since: date | None = None
    until: date | None = None

    def serves(self, day: date) -> bool:
        """Whether somebody signs with it on that day."""
        return (self.since or date.min) <= day < (self.until or date.max)

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True)
class Affiliation:
    """An employment: from ``since`` (inclusive) to ``until`` (exclusive), None: no limit."""

    organisation: str
    domain: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Person:
    """A human being of the sample; the first address is the one mostly used."""

    key: str
    name: str
    login: str
    github_id: int
    zone: str
    addresses: tuple[Address, ...]
    affiliations: tuple[Affiliation, ...] = ()
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    note: str = ""

    @property
    def planted(self) -> bool:
        """Whether the cast names this person; the others are of the crowd."""
        return not self.key.startswith("crowd-")

    @property
    def email(self) -> str:
        """The address mostly used."""
        return self.addresses[0].email

    def handle(self, day: date) -> str:
        """The local part of the company address in use on that day; empty without one."""
        domains = {affiliation.domain for affiliation in self.affiliations}
        serving = [a.email.split("@") for a in self.addresses if a.serves(day)]
        return next((local for local, domain in serving if domain in domains), "")

    def signature(self, day: date, rng: Random) -> Address:
        """The address used on that day: mostly the first one that serves."""
        serving = [address for address in self.addresses if address.serves(day)]
        if not serving:
            return self.addresses[-1]
        usual, *others = serving
        return usual if not others or rng.random() < USUAL_SHARE else rng.choice(others)


@dataclass(frozen=True)
class Bot:
    """A program that commits; ``borrowed_from`` is the person whose address it uses."""

    key: str
    name: str
    email: str
    login: str
    github_id: int | None = None
    borrowed_from: str = ""


def plain(text: str) -> str:
    """Lower-case ASCII letters and digits of a name: Kertész becomes kertesz."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def read_cast(ends_on: date, plans: dict[str, Plan]) -> tuple[list[Person], list[Stint]]:
    """The planted people and what they do, in the order of the file."""
    text = Path(__file__).with_name("cast.toml").read_text(encoding="utf-8")
    script = tomllib.loads(text)
    people, stints = [], []
    for index, (key, row) in enumerate(script["people"].items()):
        own = [Stint(person=key, **stint) for stint in row.pop("work", [])]
        jobs = [
            _affiliation(*script["employers"][job], since, until, ends_on)
            for job, since, until in row.pop("employers", [])
        ]
        skills = row.pop("skills", None) or skills_of(own, plans)
        people.append(hire(key, index, jobs=jobs, skills=skills, **row))
        stints.extend(own)
    return people, stints


def hire(
    key: str,
    index: int,
    *,
    name: str,
    zone: str,
    mail: str,
    jobs: list[Affiliation] | tuple = (),
    login: str = "",
    skills: tuple[str, ...] = (),
    interests: tuple[str, ...] = (),
    note: str = "",
) -> Person:
    """A person with the addresses that ``mail`` asks for (w, p, n, h: see cast.toml)."""
    login = login or _login(name, index)
    jobs = sorted(jobs, key=lambda job: job.until or date.max, reverse=True)
    addresses = [a for kind in mail for a in _addresses(kind, name, login, index, jobs)]
    if note == "mailmapped":
        addresses.append(Address(plain(name.split()[0]), f"{login}@old-laptop.example"))
    return Person(
        key, name, login, _github_id(index), zone, tuple(addresses), tuple(jobs),
        tuple(skills), tuple(interests), note,
    )  # fmt: skip


def skills_of(stints: list[Stint], plans: dict[str, Plan]) -> tuple[str, ...]:
    """What the areas of somebody's work teach, the main area first."""
    found: list[str] = []
    for stint in stints:
        for area in sorted(stint.areas, key=stint.areas.__getitem__, reverse=True):
            found.extend(plans[stint.project].areas[area].skills)
    return tuple(dict.fromkeys(found))[:5]


def _affiliation(
    organisation: str, domain: str, since: float, until: float, ends_on: date
) -> Affiliation:
    def day(months: float) -> date:
        return ends_on - timedelta(days=round(months * DAYS_PER_MONTH))

    first = day(since) if since < 36 else None
    return Affiliation(organisation, domain, first, day(until) if until else None)


def _addresses(
    kind: str, name: str, login: str, index: int, jobs: list[Affiliation]
) -> list[Address]:
    """The addresses of one kind: one for each job, or a single one."""
    if kind == "w":
        handle = _handle(name)
        return [Address(name, f"{handle}@{job.domain}", job.since, job.until) for job in jobs]
    if kind == "p":
        return [Address(name, _personal(name, login, index))]
    signed = login if kind == "h" else name
    return [Address(signed, f"{_github_id(index)}+{login}@{NOREPLY}")]


def _github_id(index: int) -> int:
    return FIRST_GITHUB_ID + 7919 * index


def _handle(name: str) -> str:
    given, _, family = name.partition(" ")
    return plain(given)[0] + plain(family)


def _login(name: str, index: int) -> str:
    given, _, family = name.partition(" ")
    first, last = plain(given), plain(family)
    return (f"{first}{last}", f"{first[0]}{last}", f"{first}-{last[0]}", f"{last}{first[0]}")[
        index % 4
    ]


def _personal(name: str, login: str, index: int) -> str:
    given, _, family = name.partition(" ")
    local = login if index % 3 == 0 else f"{plain(given)}.{plain(family)}"
    return f"{local}@{PERSONAL_DOMAINS[index % len(PERSONAL_DOMAINS)]}"
