"""The checker's reading of the hard constraints: from the cast itself, pair by pair.

It shares no code with ``admission``, which ruled pairs out before an engine saw them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matching.cohort.cast import Mentee, Mentor, Rules
from matching.cohort.problem import Problem


class Breach(NamedTuple):
    """The rule, who is about, what is there and what would be allowed."""

    code: str
    pair: str
    count: int
    limit: int


def against_the_rules(problem: Problem, offer: np.ndarray) -> Iterator[Breach]:
    """Every rule against a mentee and somebody they are to work with, co-mentors included."""
    cast = problem.cast
    mentees = {one.key: one for one in cast.mentees}
    mentors = {one.key: one for one in cast.mentors}
    helpers = {one.key: one.co_mentors for one in cast.projects}
    conflicts = {(pair.mentee, pair.mentor) for pair in cast.rules.conflicts}
    forbidden = {(pair.mentee, pair.mentor, pair.project) for pair in cast.rules.forbidden}
    for row in np.flatnonzero(offer >= 0):
        mentee = mentees[problem.mentees[row]]
        project = problem.projects[problem.offer_project[offer[row]]]
        lead = problem.mentors[problem.offer_mentor[offer[row]]]
        for key in dict.fromkeys((lead, *helpers[project])):
            pair = f"{mentee.key}, {key}"
            if mentee.key == key:
                yield Breach("self", pair, 1, 0)
            if (mentee.key, key) in conflicts:
                yield Breach("conflict", pair, 1, 0)
            if {(mentee.key, key, None), (mentee.key, key, project)} & forbidden:
                yield Breach("forbidden", pair, 1, 0)
            yield from _too_little_in_common(cast.rules, mentee, mentors[key], pair)


def _too_little_in_common(rules: Rules, mentee: Mentee, mentor: Mentor, pair: str):
    hours = len(mentee.hours & mentor.hours)
    if mentee.hours and mentor.hours and hours < rules.min_hours:
        yield Breach("hours", pair, hours, rules.min_hours)
    tongues = len(mentee.languages & mentor.languages)
    if rules.common_language and mentee.languages and mentor.languages and not tongues:
        yield Breach("language", pair, 0, 1)
