"""How many different newcomers each person helped, over the whole of a project."""

import numpy as np

from foundation.activity.models import Activity, Change
from foundation.columns import columns
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
    change, author = columns(changes.order_by("landed_at", "pk"), "pk", "author__person")
    helps = Activity.objects.filter(
        identity__person__isnull=False, change__repository__project=project, kind__in=HELP
    )
    helper, about = columns(helps, "identity__person", "change")
    row, is_there = _rows_of(about, change)
    if not is_there.any():
        return {}
    return helped_newcomers(author, np.arange(len(author)), helper[is_there], row[is_there])


def _rows_of(wanted: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In which row of ``keys`` each of those wanted is, and whether it is there at all."""
    order = np.argsort(keys)
    if not len(order):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    row = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(order) - 1)]
    return row, keys[row] == wanted
