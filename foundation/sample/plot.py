"""Who does what when: turns careers into the changes of a project, in order of landing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from . import rhythm, words
from .careers import Calendar, Stint
from .cast import Address, Person
from .files import Tree
from .projects import Plan
from .reviewers import EARLY_CHANGES, ReviewDesk

ELSEWHERE = 0.08  # share of changes outside of the author's own areas
AI_SHARE = 0.09  # share of changes of the last year that were written with an assistant
FIRST_NUMBER = 40


@dataclass
class Change:
    """A change as it lands on the main line; ``author`` is the key of a person or bot."""

    author: str
    signature: Address
    authored_at: datetime
    landed_at: datetime
    kind: str  # change, sweep, bot or start
    subject: str
    paths: list[str]
    area: str = ""
    body: str = ""
    number: int = 0
    reviewers: list[str] = field(default_factory=list)
    mentor: str = ""
    assistant: str = ""
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Draft:
    """Work that somebody finished and that has not landed yet."""

    stint: Stint
    authored_at: datetime


class Plot:
    """Plays one project from its start to the end of the sample."""

    def __init__(self, plan: Plan, cast: dict[str, Person], calendar: Calendar, seed: str):
        self.plan = plan
        self.cast = cast
        self.calendar = calendar
        self.rng = Random(f"{seed}/{plan.slug}")
        self.tree = Tree(plan, self.rng)
        self.earlier: Counter[str] = Counter()
        self.number = FIRST_NUMBER

    def play(self, stints: list[Stint], bots: list[Draft] | None = None) -> list[Change]:
        """All changes of people, in order of landing; those that land too late are lost."""
        mine = [stint for stint in stints if stint.project == self.plan.slug]
        desk = ReviewDesk(mine, self.rng)
        drafts = [
            Draft(stint, moment)
            for stint in mine
            for moment in rhythm.work_times(
                stint, self.cast[stint.person].zone, self.calendar, self.rng
            )
        ]
        drafts.sort(key=lambda draft: draft.authored_at)
        changes = [self._start(drafts[0])]
        changes += [self._change(draft, desk) for draft in drafts]
        return changes
