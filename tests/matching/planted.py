"""Small histories whose right answers are known by construction."""

import random

from matching.arrays.history import DAY, History
from matching.arrays.history_builder import HistoryBuilder

START = 1_500_000_000
AREAS = ("engine", "docs", "network", "storage")


def mentor_of(area: str) -> str:
    """Return who reviews everything under an area of the planted community."""
    return f"mentor-{area}"


EVERY = 30 * 3600


def planted_history(
    changes: int = 600, seed: int = 7, until: int | None = None, shift: int = 0
) -> History:
    """Return a community where each area's changes are reviewed by the mentor of the area.

    Authors come and go after a few changes; mentors write outside their own area. A second
    project, "small", has five reviewed changes in all. With `until`, it ends with that change
    of "tree", whose review is not yet known; with `shift`, all begins so many seconds later.
    """
    rng = random.Random(seed)
    builder = HistoryBuilder()
    for number in range(changes):
        at = START + shift + number * EVERY
        area = rng.choice(AREAS)
        author = f"author-{rng.randint(number // 8, number // 8 + 12):04}"
        if number % 9 == 0:
            author = mentor_of(AREAS[(AREAS.index(area) + 1) % len(AREAS)])
        paths = [f"{area}/{rng.choice('abc')}/file{rng.randint(0, 9)}.py"]
        if until is not None and number > until:
            continue
        builder.add_change(number, "tree", author, at, paths, f"Improve {area} speed")
        if number != until and author != mentor_of(area):
            builder.add_review(number, mentor_of(area))
    for number in range(5):
        at = START + changes * EVERY // 8 * number
        if until is not None and at >= START + until * EVERY:
            continue
        builder.add_change(changes + number, "small", f"guest-{number}", at, ["x.py"], "Start")
        builder.add_review(changes + number, "host")
    return builder.build()


SWEEPER = "sweeper"
SWEEP_AT = START + (9 * 182 + 170) * DAY


def rising_history(
    projects: int = 4, years: int = 7, seed: int = 3, *, core_years: int = 1, sweep: int = 0
) -> History:
    """Return a community in which those who work steadily for half a year become core.

    Each half-year every project gets three steady people, who later do most of the work for
    `core_years`, and eight visitors with a few changes in one week. With `sweep`, somebody makes
    so many mechanical changes in "project-0" within an hour, at `SWEEP_AT`.
    """
    rng = random.Random(seed)
    builder, events, busy = HistoryBuilder(), [], 182 * core_years
    for project in range(projects):
        for half in range(2 * years):
            begin = START + half * 182 * DAY
            for steady in range(3):
                name = f"steady-{project}-{half:02}-{steady}"
                events += [(begin + week * 7 * DAY, project, name) for week in range(26)]
                events += [(begin + (182 + day * 2) * DAY, project, name) for day in range(busy)]
            for visitor in range(8):
                name = f"visitor-{project}-{half:02}-{visitor}"
                first = begin + rng.randint(0, 175) * DAY
                events += [(first + day * DAY, project, name) for day in range(rng.randint(1, 6))]
    events += [(SWEEP_AT + second, 0, SWEEPER) for second in range(sweep)]
    for number, (at, project, name) in enumerate(sorted(events)):
        builder.add_change(number, f"project-{project}", name, at, [f"src/{name[0]}.py"], "Work")
    return builder.build()
