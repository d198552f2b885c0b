"""How reviewing is divided in a project: by area among many, or among one or two people."""

import numpy as np

from matching.arrays.history import DAY, History
from matching.pairing.pair_batch import ReviewEvents

STAR_REVIEWERS = 2
"""A project is star-shaped if so few people gave half of a year's reviews."""


def star_shaped(history: History, as_of: int) -> np.ndarray:
    """Return the projects where one or two people gave half of the last year's reviews."""
    reviews = ReviewEvents.of(history)
    lately = (reviews.at < as_of) & (reviews.at >= as_of - 365 * DAY)
    found = []
    for row in np.unique(reviews.project[lately]):
        counts = np.bincount(reviews.reviewer[lately & (reviews.project == row)])
        if np.sort(counts)[::-1][:STAR_REVIEWERS].sum() >= counts.sum() / 2:
            found.append(row)
    return np.array(found, np.int64)
