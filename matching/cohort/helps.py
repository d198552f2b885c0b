"""What would help whoever has no place: one change at a time, told only where it was tried.

The cohort is assigned again as if the change had been made, in the same way and with the same
seed. A change is told to whom it gives a place; whoever else waits for the same is told that it
would go to somebody else first. What most wait for is tried first, as far as the tries go.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from matching.cohort.assignment import Assignment
from matching.cohort.cast import Cast, Mentee
from matching.cohort.problem import Infeasible, Problem, build
from matching.cohort.room import Room

HELPS_SHOWN = 3
FEW_WISHES = 3
MOST_TRIED = 200
OPTIONS_TRIED = 1_000_000  # in all tries together
SINGLE_RULES = ("hours", "language", "conflict", "forbidden")


@dataclass(frozen=True)
class Help:
    """One change by which an unmatched mentee would have a place.

    Codes: ``place_mentor``, ``place_project``, ``place_both``, ``place_co_mentor`` (one place
    more), ``hours``, ``language``, ``conflict``, ``forbidden`` (the constraint alone stands
    between), each of these with ``co_`` where it is about a co-mentor. Where no change gives them a
    place: ``others_first_project`` and ``others_first_mentor`` (the next place there goes to
    somebody else who waits), ``more_wishes``, ``no_mentor`` (nobody mentors where they wish to
    be), ``nothing_alone``.
    """

    code: str
    project: str = ""
    mentor: str = ""


@dataclass(frozen=True)
class Change:
    """What is tried: the help it would be, and for constraints of whom, since they are theirs."""

    help_: Help
    mentee: int = -1


def would_help(problem: Problem, found: Assignment) -> dict[int, list[Help]]:
    """For each mentee without a place (by row) what would give one, the dearest wish first."""
    unmatched = np.flatnonzero(found.offer < 0).tolist()
    room = _Open(problem, Room.of(problem, found))
    wanted = {mentee: list(dict.fromkeys(room.changes(mentee))) for mentee in unmatched}
    placed = _tried(problem, found, wanted)
    helps = {}
    for mentee, changes in wanted.items():
        good = _least([c.help_ for c in changes if mentee in placed.get(c, ())])[:HELPS_SHOWN]
        late = [c.help_ for c in changes if c.help_.code.startswith("place_") and placed.get(c)]
        first = [_others_first(late[0])] if late and not good else []
        helps[mentee] = [*good, *first, *room.otherwise(mentee)] or [Help("nothing_alone")]
    return helps


def _least(good: list[Help]) -> list[Help]:
    """Without two places where the one in the project is enough."""
    enough = {help_.project for help_ in good if help_.code == "place_project"}
    return [help_ for help_ in good if help_.code != "place_both" or help_.project not in enough]


def _others_first(help_: Help) -> Help:
    what = "project" if help_.code == "place_project" else "mentor"
    return replace(help_, code=f"others_first_{what}")


def _tried(problem: Problem, found: Assignment, wanted) -> dict[Change, set[int]]:
    """For each change that was tried, who has a place by it and had none."""
    waiting = defaultdict(int)
    for changes in wanted.values():
        for place, change in enumerate(changes):
            waiting[change] += 1 if place else len(wanted)  # everybody's dearest come first
    order = sorted(waiting, key=lambda c: (-waiting[c], c.mentee, c.help_.project, c.help_.mentor))
    tries = min(MOST_TRIED, OPTIONS_TRIED // max(len(problem.mentee), 1))
    placed = {}
    for change in order[:tries] if found.again else ():
        try:
            after = found.again(_changed(problem, change))
        except Infeasible:
            continue
        placed[change] = set(np.flatnonzero((after.offer >= 0) & (found.offer < 0)).tolist())
    return placed


class _Open:
    """What is open as things stand, and what stands between a mentee and an offer."""

    def __init__(self, problem: Problem, room: Room):
        self.problem = problem
        self.in_project = room.project_load < problem.project_places
        self.with_mentor = room.mentor_load < problem.mentor_places
        self.helpers = defaultdict(list)
        for offer, helper in zip(problem.co_offer, problem.co_mentor, strict=True):
            self.helpers[int(offer)].append(int(helper))
        offers = enumerate(problem.offer_project.tolist())
        self.open = {project for offer, project in offers if self._is_open(offer)}
        rows = np.arange(len(problem.mentees) + 1)
        self.starts = np.searchsorted(problem.mentee, rows)
        barred = problem.excluded.mentee
        self.barred = np.argsort(barred, kind="stable")
        self.barred_starts = np.searchsorted(barred[self.barred], rows)

    def changes(self, mentee: int) -> Iterator[Change]:
        """Single changes, the dearest wish first; those of two places at once come last."""
        problem, barred = self.problem, self.problem.excluded
        options = [(int(problem.wish_rank[row]), True, row) for row in self._options(mentee)]
        options += [(int(barred.wish_rank[row]), False, row) for row in self._barred(mentee)]
        found = []
        for rank, is_option, row in sorted(options):
            if is_option:
                help_ = self._more_room(int(problem.offer[row]))
                change = help_ and Change(help_)
            else:
                help_ = self._without_rule(int(barred.offer[row]), barred.words(row))
                change = help_ and Change(help_, mentee)
            if change:
                found.append((change.help_.code == "place_both", rank, len(found), change))
        return (change for *_, change in sorted(found, key=lambda one: one[:3]))

    def otherwise(self, mentee: int) -> list[Help]:
        options, barred = self._options(mentee), self._barred(mentee)
        if not len(options) and not len(barred):
            return [Help("no_mentor")]
        wished = set(self.problem.project[options].tolist())
        asked = wished | set(
            self.problem.offer_project[self.problem.excluded.offer[barred]].tolist()
        )
        return [Help("more_wishes")] if len(wished) < FEW_WISHES and self.open - asked else []

    def _options(self, mentee: int) -> np.ndarray:
        return np.arange(self.starts[mentee], self.starts[mentee + 1])

    def _barred(self, mentee: int) -> np.ndarray:
        return self.barred[self.barred_starts[mentee] : self.barred_starts[mentee + 1]]

    def _is_open(self, offer: int) -> bool:
        staff = [self.problem.offer_mentor[offer], *self.helpers[offer]]
        project = self.problem.offer_project[offer]
        return bool(self.in_project[project] and self.with_mentor[staff].all())

    def _more_room(self, offer: int) -> Help | None:
        """The place or the two whose lack keeps the offer closed; whoever takes nobody is left."""
        problem = self.problem
        project, mentor = problem.offer_project[offer], problem.offer_mentor[offer]
        busy = [h for h in self.helpers[offer] if not self.with_mentor[h]]
        lacking = (not self.in_project[project], not self.with_mentor[mentor], len(busy))
        code = {
            (True, False, 0): "place_project",
            (False, True, 0): "place_mentor",
            (True, True, 0): "place_both",
            (False, False, 1): "place_co_mentor",
        }.get(lacking)
        if code == "place_project":  # whoever mentors there then
            return Help(code, problem.projects[project])
        who = busy[0] if code == "place_co_mentor" else mentor
        if code is None or not problem.mentor_places[who]:
            return None
        return Help(code, problem.projects[project], problem.mentors[who])

    def _without_rule(self, offer: int, rule: str) -> Help | None:
        if not self._is_open(offer) or rule.removeprefix("co_") not in SINGLE_RULES:
            return None
        problem = self.problem
        project, mentor = problem.offer_project[offer], problem.offer_mentor[offer]
        return Help(rule, problem.projects[project], problem.mentors[mentor])


def _changed(problem: Problem, change: Change) -> Problem:
    help_ = change.help_
    if not help_.code.startswith("place_"):
        return build(_without(problem.cast, help_, problem.mentees[change.mentee]))
    project_places, mentor_places = problem.project_places.copy(), problem.mentor_places.copy()
    if help_.code in ("place_project", "place_both"):
        project_places[problem.projects.index(help_.project)] += 1
    if help_.code != "place_project":
        mentor_places[problem.mentors.index(help_.mentor)] += 1
    return replace(problem, project_places=project_places, mentor_places=mentor_places)


def _without(cast: Cast, help_: Help, mentee: str) -> Cast:
    """The cast without what stands between a mentee and those they would work with."""
    code = help_.code.removeprefix("co_")
    there = next(project for project in cast.projects if project.key == help_.project)
    staff = {help_.mentor} if code == help_.code else set(there.co_mentors)
    if code in ("conflict", "forbidden"):
        field = {"conflict": "conflicts", "forbidden": "forbidden"}[code]
        kept = tuple(
            pair
            for pair in getattr(cast.rules, field)
            if pair.mentee != mentee or pair.mentor not in staff
        )
        return replace(cast, rules=replace(cast.rules, **{field: kept}))
    field = {"hours": "hours", "language": "languages"}[code]
    more = frozenset().union(*(getattr(one, field) for one in cast.mentors if one.key in staff))

    def said(one: Mentee) -> Mentee:
        return replace(one, **{field: getattr(one, field) | more}) if one.key == mentee else one

    return replace(cast, mentees=tuple(map(said, cast.mentees)))
