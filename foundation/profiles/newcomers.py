"""How many different newcomers each person helped, over the whole of a project."""

import numpy as np
from django.db.models import Q

from foundation.activity.models import Activity, Change
from foundation.projects.models import Project

NEWCOMER_CHANGES = 10  # somebody with fewer earlier changes in the project is a newcomer
HELP = ("reviewed", "acked", "mentored", "helped", "tested", "suggested")


def helped_newcomers(
    authors: np.ndarray, order: np.ndarray, helpers: np.ndarray, of_change: np.ndarray
) -> dict[int, int]:
    """Distinct newcomers helped, by helper.

    Parameters
    ----------
    authors, order : author and time of every change, shape (n_changes,)
    helpers, of_change : who helped, and the row of the change it was about, shape (n_helps,)
    """
    by_time = np.lexsort((np.arange(len(order)), order, authors))
    ordered = authors[by_time]
    starts = np.r_[0, np.flatnonzero(np.diff(ordered)) + 1] if len(ordered) else np.array([0])
    lengths = np.diff(np.r_[starts, len(ordered)])
    earlier = np.empty(len(ordered), dtype=np.int64)
    earlier[by_time] = np.arange(len(ordered)) - np.repeat(starts, lengths)
    new = earlier[of_change] < NEWCOMER_CHANGES
    pairs = np.unique(np.c_[helpers[new], authors[of_change[new]]], axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    people, counts = np.unique(pairs[:, 0], return_counts=True)
    return dict(zip(people.tolist(), counts.tolist(), strict=True))


def newcomers_helped(project: Project) -> dict[int, int]:
    """How many newcomers each person helped, over the whole of a project."""
    changes = Change.objects.standing().filter(
        repository__project=project,
        is_merge=False,
        kind__in=("commit", "pull_request"),
        author__person__isnull=False,
        landed_at__isnull=False,
    )
    # In the order of landing, and without the times: reading those would take longest.
    rows = list(changes.order_by("landed_at", "pk").values_list("pk", "author__person"))
    row_of = {pk: row for row, (pk, _) in enumerate(rows)}
    helps = Activity.objects.filter(
        Q(identity__person__isnull=False),
        change__repository__project=project,
        kind__in=HELP,
    ).values_list("identity__person", "change")
    known = [(person, row_of[change]) for person, change in helps if change in row_of]
    if not (rows and known):
        return {}
    return helped_newcomers(
        np.array([author for _, author in rows], dtype=np.int64),
        np.arange(len(rows)),
        np.array([person for person, _ in known], dtype=np.int64),
        np.array([row for _, row in known], dtype=np.int64),
    )
