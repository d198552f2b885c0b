"""A what-if beside what it was made from: what was changed, what else has, whose place differs."""

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.people.models import Person
from mentorship.cohort_pages import Names, placements_of
from mentorship.cohort_words import OWN, WORLD, change_words
from mentorship.models import Cohort, CohortPlacement


def with_changes(cohorts: Iterable[Cohort]) -> list[Cohort]:
    """The cohorts, each with ``changed``: what was changed in a what-if as a sentence, or ""."""
    rows = list(cohorts)
    names = Names(row.change.get(role) for row in rows for role in ("mentee", "mentor"))
    for row in rows:
        row.changed = change_words(row, names.all_in(row.change)) if row.change else ""
    return rows


def changed_between(before: Cohort, after: Cohort) -> list[str]:
    """What else has changed between the computing of two cohorts, in words."""
    if Cohort.State.WAITING in (before.state, after.state):
        return []
    then, now = (one.summary.get("rests_on", {}) for one in (before, after))
    world = [str(said) for name, said in WORLD.items() if then.get(name) != now.get(name)]
    own = zip(OWN, _own(before, after), _own(after, after), strict=True)
    return world + [str(said) for said, one, other in own if one != other]


def _own(cohort: Cohort, tried: Cohort) -> tuple[set, set]:
    """A cohort's rules, without the one that is tried, and its co-mentors."""
    pair = tuple(tried.change.get(name) for name in ("code", "mentee", "mentor"))
    rules = cohort.rules.values_list("kind", "mentee", "mentor", "project")
    co_mentors = cohort.co_mentors.values_list("project", "mentor")
    return {rule for rule in rules if rule[:3] != pair}, set(co_mentors)


@dataclass(frozen=True)
class Move:
    """A mentee whose place differs between two previews; None: no place."""

    mentee: Person
    before: CohortPlacement | None
    after: CohortPlacement | None


def moves(before: Cohort, after: Cohort) -> list[Move]:
    rows = [
        {row.mentee_id: row for row in placements_of(cohort) if row.mentor_id is not None}
        for cohort in (before, after)
    ]
    pairs = [(rows[0].get(key), rows[1].get(key)) for key in {**rows[0], **rows[1]}]
    changed = [(old, new) for old, new in pairs if _place(old) != _place(new)]
    found = [Move((old or new).mentee, old, new) for old, new in changed]
    return sorted(found, key=lambda move: (move.mentee.name, move.mentee.pk))


def _place(row: CohortPlacement | None) -> tuple:
    return (None, None) if row is None else (row.project_id, row.mentor_id)
