"""A cohort as people write it down: mentees with wishes, mentors with limits, projects, rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wish:
    """One wish of a mentee. Equal ranks are a tie; rank 1 is the dearest.

    Parameters
    ----------
    mentor : only with this mentor; None: with whoever mentors in the project
    score : how well the two fit, 0 to 1; None: to be derived from the ranks of both sides
    """

    project: str
    rank: int
    mentor: str | None = None
    score: float | None = None


@dataclass(frozen=True)
class Mentee:
    """``hours`` are hours of the day in UTC; empty hours or languages mean: not said."""

    key: str
    wishes: tuple[Wish, ...]
    hours: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mentor:
    """``ranks`` orders mentees, 1 first, ties allowed; whoever is not named comes last."""

    key: str
    places: int
    ranks: Mapping[str, int] = field(default_factory=dict)
    hours: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Project:
    """``places`` None: as many as its mentors have.

    A co-mentor helps with every mentee of the project: each takes a place of theirs as well.
    """

    key: str
    mentors: tuple[str, ...]
    places: int | None = None
    co_mentors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """A mentee and a mentor whom a rule is about; ``project`` None: in every project."""

    mentee: str
    mentor: str
    project: str | None = None


@dataclass(frozen=True)
class Rules:
    """The hard constraints. A pin names its project and stands against every wish."""

    min_hours: int = 0
    common_language: bool = False
    pins: tuple[Pair, ...] = ()
    forbidden: tuple[Pair, ...] = ()
    conflicts: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Cast:
    """Everybody and every rule; every key that is named must exist."""

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    projects: tuple[Project, ...]
    rules: Rules = Rules()
