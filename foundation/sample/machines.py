"""The programs of the sample that commit: updaters, formatters, mergers, version stamps."""

from datetime import datetime, timedelta
from random import Random

from .careers import Calendar
from .cast import Address, Bot, Person
from .plot import Change
from .projects import Plan
from .rhythm import poisson

PACKAGES = ("numpy", "ruff", "setuptools", "serde", "actions/checkout", "pillow", "tokio")


def make_bots(people: dict[str, Person]) -> dict[str, Bot]:
    """All bots by key; the relay bot uses the company address of a person."""
    lender = people["adaeze"]
    bots = (
        Bot(
            "dependabot",
            "dependabot[bot]",
            "49699333+dependabot[bot]@users.noreply.github.com",
            "dependabot[bot]",
            49699333,
        ),
        Bot(
            "actions",
            "github-actions[bot]",
            "41898282+github-actions[bot]@users.noreply.github.com",
            "github-actions[bot]",
            41898282,
        ),
        Bot("halyardbot", "halyardbot", "tools+bot@halyard.example", "halyardbot", 979000003),
        Bot("mergebot", "halyard-mergebot", "merge@halyard.example", "halyard-mergebot", 979000002),
        Bot("relaybot", "relaybot", lender.email, "relaybot", borrowed_from=lender.key),
    )
    return {bot.key: bot for bot in bots}


# project -> (bot, changes a week, subject, paths)
CHORES = {
    "keel": (
        ("halyardbot", 0.7, "Update the pinned sextant commit", (".github/pins/sextant.txt",)),
        ("dependabot", 0.3, "Bump {package} from {old} to {new}", ("requirements-ci.txt",)),
        ("relaybot", 0.12, "Sync the version from release/{new}", ("version.txt",)),
    ),
    "sextant": (("dependabot", 0.4, "Bump {package} from {old} to {new}", ("Cargo.lock",)),),
    "tidewater": (("dependabot", 0.3, "Bump {package} from {old} to {new}", ("Cargo.lock",)),),
    "gangway": (("dependabot", 0.6, "Bump {package} from {old} to {new}", ("requirements.txt",)),),
    "logbook": (
        ("actions", 0.9, "Update the generated API index", ("data/api/index.yml",)),
        ("dependabot", 0.2, "Bump {package} from {old} to {new}", ("package-lock.json",)),
    ),
    "foghorn": (("dependabot", 0.2, "Bump {package} from {old} to {new}", ("requirements.txt",)),),
}


def chores(plan: Plan, bots: dict[str, Bot], calendar: Calendar, rng: Random) -> list[Change]:
    """The changes of all bots in a project, at any hour of any day."""
    changes: list[Change] = []
    for key, rate, subject, paths in CHORES[plan.slug]:
        bot = bots[key]
        for moment in _moments(rate, plan, calendar, rng):
            text = subject.format(package=rng.choice(PACKAGES), **_versions(rng))
            signature = Address(bot.name, bot.email)
            changes.append(Change(key, signature, moment, moment, "bot", text, list(paths)))
    return changes


def _moments(rate: float, plan: Plan, calendar: Calendar, rng: Random) -> list[datetime]:
    """Moments at that rate a week, from a day after the project began."""
    moments = []
    week = calendar.at(plan.months) + timedelta(days=1)
    while week < calendar.ends_at:
        hours = [rng.uniform(0, 7 * 24) for _ in range(poisson(rate, rng))]
        moments += [week + timedelta(seconds=int(hour * 3600)) for hour in hours]
        week += timedelta(days=7)
    return moments


def _versions(rng: Random) -> dict[str, str]:
    major, minor = rng.randrange(1, 9), rng.randrange(30)
    return {"old": f"{major}.{minor}.0", "new": f"{major}.{minor + 1}.0"}
