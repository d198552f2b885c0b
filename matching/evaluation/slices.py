"""Which test queries belong to which slice of the mentors report."""

import numpy as np

from matching.arrays.history import NEWCOMER_BELOW, History, Ragged
from matching.arrays.history_builder import REVIEW_KINDS
from matching.pairing.pair_batch import ReviewEvents
from matching.pairing.shape import star_shaped

PROJECT = "project:"
NEW_MENTOR_BELOW = 5


def slices_of(
    history: History, changes: np.ndarray, as_of: int, test: np.ndarray
) -> dict[str, np.ndarray]:
    """Return positions in `test` by slice; beside `all`, each holds newcomers' queries only."""
    earlier = history.earlier_changes[test]
    newcomer = earlier < NEWCOMER_BELOW
    project = history.project[test]
    star = np.isin(project, star_shaped(history, as_of))
    found = {
        "all": earlier >= 0,
        "newcomers": newcomer,
        "first_change": earlier == 0,
        "under_3": earlier < 3,
        "new_mentors": newcomer & _has_new_mentors(history, test),
        "area_divided": newcomer & ~star,
        "star_shaped": newcomer & star,
    }
    for row in np.unique(project[newcomer]):
        found[f"{PROJECT}{history.projects[row]}"] = newcomer & (project == row)
    return {name: np.flatnonzero(chosen) for name, chosen in found.items()}


def _has_new_mentors(history: History, test: np.ndarray) -> np.ndarray:
    """Return where every true mentor had given fewer than five reviews before."""
    reviews = ReviewEvents.of(history)
    truth = history.reviewers.take(test)
    at = np.sort(reviews.reviewer.astype(np.int64) * 2**36 + reviews.at)
    key = truth.ids.astype(np.int64) * 2**36
    moment = history.at[test][truth.owners]
    given = np.searchsorted(at, key + moment) - np.searchsorted(at, key)
    most = np.zeros(len(test), np.int64)
    np.maximum.at(most, truth.owners, given)
    return most < NEW_MENTOR_BELOW


def mentors_named(history: History, changes: np.ndarray) -> tuple[np.ndarray, Ragged]:
    """Return the changes whose history names a mentor (`Mentored-by`), and who that was.

    These are pairs that somebody wrote down as mentoring, not read from reviews: the mentors, and
    nobody else, are the true answer. One row of the second a row of the first.
    """
    named = history.review_kind == REVIEW_KINDS.index("mentored")
    author = history.author[history.review_change]
    named &= np.isin(history.review_change, changes) & (history.review_person != author)
    pairs = np.unique(
        np.stack([history.review_change[named], history.review_person[named]], axis=1), axis=0
    )
    found, count = np.unique(pairs[:, 0], return_counts=True)
    return found, Ragged(np.append(0, np.cumsum(count)), pairs[:, 1].astype(np.int32))
