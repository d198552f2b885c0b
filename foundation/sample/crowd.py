"""The rest of the sample's people: regulars, casual contributors, and some who fade away."""

import tomllib
from pathlib import Path
from random import Random

from .careers import Stint
from .cast import Person, hire, skills_of
from .projects import Plan

MAILS = ("np", "n", "hp", "np", "h", "np", "n", "hp")
CAREERS = ("regular", "casual", "casual", "fading", "regular", "casual", "casual", "regular")
BOTH_SHARE = 0.45  # of the crowd are at home in two projects
LATEST_MONTHS = 5.2  # casual people are gone by the last 90 days: newcomers are planted


def gather(
    count: int, first_index: int, plans: dict[str, Plan], rng: Random
) -> tuple[list[Person], list[Stint]]:
    """So many more people, with names that differ, and what they do."""
    names = _names(rng)
    people, stints = [], []
    for index in range(first_index, first_index + count):
        name, zone = next(names)
        key = f"crowd-{index}"
        own = _stints(key, CAREERS[index % len(CAREERS)], plans, rng)
        people.append(
            hire(
                key,
                index,
                name=name,
                zone=zone,
                mail=MAILS[index % len(MAILS)],
                skills=skills_of(own, plans),
            )
        )
        stints.extend(own)
    return people, stints


def _names(rng: Random):
    """Yield (name, zone) from all regions in turn, none twice, until all are used."""
    text = Path(__file__).with_name("crowd.toml").read_text(encoding="utf-8")
    regions = tomllib.loads(text)["regions"]
    pools = [[(g, f) for g in region["given"] for f in region["family"]] for region in regions]
    for pool in pools:
        rng.shuffle(pool)
    turn = 0
    while any(pools):
        place = turn % len(regions)
        if pools[place]:
            yield " ".join(pools[place].pop()), rng.choice(regions[place]["zones"])
        turn += 1


def _stints(key: str, career: str, plans: dict[str, Plan], rng: Random) -> list[Stint]:
    homes = [plan for plan in plans.values() if plan.shape != "young"]
    count = 2 if rng.random() < BOTH_SHARE else 1
    return [_stint(key, career, plan, rng) for plan in rng.sample(homes, count)]


def _stint(key: str, career: str, plan: Plan, rng: Random) -> Stint:
    chosen = rng.sample(list(plan.areas), 2)
    areas = {chosen[0]: 3.0, chosen[1]: 1.0}
    share = 0.5 if plan.shape == "star" else 1.0
    if career == "casual":
        since = rng.uniform(LATEST_MONTHS, 35)
        until = since - rng.uniform(0.4, 2.0)
        return Stint(key, plan.slug, "regular", share * rng.uniform(0.4, 0.9), since, until, areas)
    if career == "fading":
        since = rng.uniform(12, 33)
        return Stint(key, plan.slug, career, share * rng.uniform(0.8, 1.3), since, since - 9, areas)
    since = rng.uniform(8, 34)
    until = rng.choice((0.0, 0.0, since * rng.uniform(0.1, 0.5)))
    reviews = {chosen[0]: rng.choice((0.0, 3.0, 6.0))}
    return Stint(
        key, plan.slug, career, share * rng.uniform(0.15, 0.45), since, until, areas, {}, reviews
    )
