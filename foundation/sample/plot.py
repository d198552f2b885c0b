"""Who does what when: turns careers into the changes of a project, in order of landing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from . import rhythm, words
from .careers import Calendar, Stint
from .cast import Address, Person
from .files import Tree
from .projects import Plan
from .reviewers import EARLY_CHANGES, ReviewDesk

ELSEWHERE = 0.08  # share of changes outside of the author's own areas
MERGED_SHARE = 0.06
AI_SHARE = 0.09  # share of changes of the last year that were written with an assistant


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
    merged: bool = False  # by a merge commit of its own, where others are squashed
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

    def play(self, stints: list[Stint]) -> list[Change]:
        """All changes of people, in the order in which they were written."""
        mine = [stint for stint in stints if stint.project == self.plan.slug]
        desk = ReviewDesk(mine, self.rng)
        drafts = sorted(self._drafts(mine), key=lambda draft: draft.authored_at)
        last_sweep = max((d.authored_at for d in drafts if d.stint.career == "sweep"), default=None)
        changes = [self._start(drafts[0])]
        for draft in drafts:
            if draft.stint.career == "sweep":
                changes.append(self._sweep(draft, desk, last=draft.authored_at == last_sweep))
            else:
                changes.append(self._change(draft, desk))
        return changes

    def _drafts(self, stints: list[Stint]) -> list[Draft]:
        return [
            Draft(stint, moment)
            for stint in stints
            for moment in rhythm.work_times(
                stint, self.cast[stint.person].zone, self.calendar, self.rng
            )
        ]

    def _start(self, first: Draft) -> Change:
        """The import that a project begins with, an hour before its first change."""
        before = first.authored_at - timedelta(hours=1)
        return self._written(first.stint.person, before, before, "start", "Initial import",
                             self.tree.start())  # fmt: skip

    def _sweep(self, draft: Draft, desk: ReviewDesk, *, last: bool) -> Change:
        """A mechanical change of many files; the last one of a project touches them all."""
        share = 1.0 if last else self.rng.choice((0.3, 0.6, 1.0))
        author, moment = draft.stint.person, draft.authored_at
        area = self.rng.choice(list(self.plan.areas))
        reviewers = desk.choose(author, area, self.calendar.months_left(moment), earlier=50)
        landed = rhythm.landing_time(moment, bool(reviewers), False, self.rng)
        subject = self.rng.choice(words.SWEEPS)
        change = self._written(author, moment, landed, "sweep", subject, self.tree.sweep(share))
        change.reviewers = reviewers
        return change

    def _change(self, draft: Draft, desk: ReviewDesk) -> Change:
        """A change of one area, with who reviewed it and what it says."""
        author, moment = draft.stint.person, draft.authored_at
        months_left, earlier = self.calendar.months_left(moment), self.earlier[author]
        early = earlier < EARLY_CHANGES
        area = self.plan.areas[self._area(draft.stint, months_left, early=early)]
        reviewers = desk.choose(author, area.slug, months_left, earlier=earlier)
        landed = rhythm.landing_time(moment, bool(reviewers), early, self.rng)
        stem, paths = self.tree.touch(area, author)
        kind, text = words.subject(self.plan, area, stem, first=earlier < 2, rng=self.rng)
        subject = words.dressed(self.plan, area, kind, text, self.rng)
        change = self._written(author, moment, landed, "change", subject, paths)
        change.area, change.reviewers = area.slug, reviewers
        change.body = words.paragraph(self.plan, area, self.rng)
        if reviewers and early and self.plan.habit == "trailers" and self.rng.random() < 0.5:
            change.mentor = reviewers[0]
        change.merged = self.plan.habit == "trailers" and self.rng.random() < MERGED_SHARE
        if months_left < 12 and self.rng.random() < AI_SHARE:
            change.assistant = self.rng.choice(words.ASSISTANTS)
        self.earlier[author] += 1
        return change

    def _area(self, stint: Stint, months_left: float, *, early: bool) -> str:
        if not early and self.rng.random() < ELSEWHERE:
            return self.rng.choice(list(self.plan.areas))
        weights = stint.area_weights(months_left)
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]

    def _written(
        self,
        author: str,
        moment: datetime,
        landed: datetime,
        kind: str,
        subject: str,
        paths: list[str],
    ) -> Change:
        signature = self.cast[author].signature(moment.date(), self.rng)
        return Change(author, signature, moment, landed.astimezone(UTC), kind, subject, paths)
