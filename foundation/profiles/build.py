"""Profiles and expertise from the facts: added to when facts arrive, rebuilt where they are stale.

Both ways give the same rows. Counts and decayed weights are sums, spans are minima and maxima, so
the order in which facts come does not matter; what does depend on order (who was a newcomer when)
is computed over the whole project at the end, in one pass. Where new facts tell an old review once
more and better, those who gave it are rebuilt (``foundation.activity.reviews``).
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from foundation.activity.models import Activity
from foundation.people.holding import hold_known
from foundation.people.merging import resolution_is_due, resolve_people
from foundation.people.models import Expertise, Person, Profile, StaleProfile
from foundation.profiles.affiliations import update_affiliations
from foundation.profiles.deeds import read_deeds
from foundation.profiles.newcomers import newcomers_helped
from foundation.profiles.reviews import ReviewsOf
from foundation.profiles.rows import groups, write
from foundation.profiles.sums import Sums
from foundation.projects.models import Project, Repository


@transaction.atomic
def update_profiles(project: Project, *, rebuild: bool = False) -> dict:
    """Bring the profiles of a project up to its facts.

    Returns the numbers of facts read and of people touched. With ``rebuild`` everything is read
    again; what people hid stays hidden.
    """
    if resolution_is_due():
        resolve_people()
    stale = _take_marks(project)
    if rebuild:
        _forget(Q(project=project))
        project.repositories.update(profiled_up_to=0)
    people = set() if rebuild else set(stale)
    spans = _unread(project)
    if not (stale or spans):
        return {"facts": 0, "people": 0}
    reviews = ReviewsOf.project(project)
    people |= reviews.people_told_otherwise_by([span.activities for span in spans.values()])
    sums, facts = Sums(reviews.told_again), 0
    for group in groups(people):
        facts += _read_again(project, group, sums)
    for span in spans.values():
        facts += _add(span.activities, sums)
    touched = set(sums.tallies.people.tolist())
    counts = {"newcomers_helped": newcomers_helped(project), "reviews_received": reviews.received()}
    write(project, sums.tallies, sums.lines, counts)
    _move_cursors(spans)
    update_affiliations(stale | touched)
    _drop_nobodies(stale)
    return {"facts": facts, "people": len(touched)}


def _take_marks(project: Project) -> set[int]:
    """Whose profiles are to be rebuilt; who is marked from now on is so the next time.

    Before anybody is held: an erasure takes the marks and the person in this order.
    """
    marks = dict(StaleProfile.objects.filter(project=project).values_list("pk", "person"))
    for group in groups(marks):
        StaleProfile.objects.filter(pk__in=group).delete()
    return set(marks.values())


def _drop_nobodies(people: Collection[int]) -> None:
    """Of these, whoever turned out to be a machine: nothing is left that speaks of a person."""
    for group in groups(people):
        empty = Person.objects.filter(pk__in=group, user=None, erased_at=None, identities=None)
        empty.filter(stale_profiles=None).delete()


class Span(NamedTuple):
    """The activities of a repository that the profiles do not hold yet, and the key of the last."""

    activities: QuerySet[Activity]
    top: int


def _unread(project: Project) -> dict[int, Span]:
    """By repository, what the profiles do not hold yet, if there is anything."""
    spans = {}
    for repository in project.repositories.all():
        fresh = Activity.objects.filter(
            change__repository=repository, pk__gt=repository.profiled_up_to
        )
        top = fresh.aggregate(top=Max("pk"))["top"]
        if top is not None:
            spans[repository.pk] = Span(fresh.filter(pk__lte=top), top)
    return spans


def _move_cursors(spans: Mapping[int, Span]) -> None:
    for repository, span in spans.items():
        Repository.objects.filter(pk=repository).update(profiled_up_to=span.top)


def _read_again(project: Project, people: set[int], sums: Sums) -> int:
    """Forget what is known of these people here and add up their old facts again.

    The other side of these facts keeps what it has.
    """
    _forget(Q(project=project, person__in=people))
    read = Q(pk__lte=F("change__repository__profiled_up_to"))
    about = Q(identity__person__in=people) | Q(counterpart__person__in=people)
    old = Activity.objects.filter(read, about, change__repository__project=project)
    return _add(old, sums, only=np.array(sorted(people), np.int64))


def _forget(whose: Q) -> None:
    # Held before their rows are: an erasure takes the two in this order.
    hold_known(set(Profile.objects.filter(whose).values_list("person", flat=True)))
    Profile.objects.filter(whose).delete()
    lines = Expertise.objects.filter(whose)
    lines.filter(is_hidden=False).delete()
    lines.update(authored=0, reviewed=0, changes=0, reviews=0, last_at=None)


def _add(activities: QuerySet[Activity], sums: Sums, *, only: np.ndarray | None = None) -> int:
    """Add activities up; how many there are."""
    count = 0
    for deeds in read_deeds(activities):
        sums.add(deeds, only=only)
        count += len(deeds.key)
    return count
