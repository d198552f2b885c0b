"""Features that speak of the same: what a reason tells, and what a model looks up together."""

from functools import lru_cache

import numpy as np

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "areas_reviewed": ("path_reviews_365d", ("path_reviews_", "file_reviews_")),
    "familiarity": ("affinity_ever", ("affinity_", "days_since_affinity", "was_last", "reverse_")),
    "newcomers_helped": (
        "newcomers_met_365d",
        ("newcomer", "first_change_", "days_since_newcomer_review"),
    ),
    "reviews_here": (
        "reviews_365d",
        (
            "reviews_2d",
            "reviews_7d",
            "reviews_30d",
            "reviews_90d",
            "reviews_365d",
            "reviews_decayed",
            "reviews_ever",
            "review_days",
            "days_since_review",
            "days_since_first_review",
        ),
    ),
    "areas_written": ("path_commits_365d", ("path_commits_", "file_commits_")),
    "topics": (
        "word_reviews_365d",
        ("word_", "path_word_", "text_"),
    ),
    "shared_work": ("links_730d", ("links_",)),
    "reviews_elsewhere": (
        "reviews_anywhere_90d",
        ("reviews_anywhere", "days_since_review_anywhere"),
    ),
    "activity": ("commits_365d", ("commits_", "days_since_commit")),
    "organisation": ("organisation_reviews_365d", ("organisation_", "same_organisation")),
    "hours": ("hours_apart", ("hours_apart",)),
}
"""Reason code -> its headline feature, and how the names of its features begin."""


@lru_cache(maxsize=16)
def groups_of(names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return the columns of each reason code; the longest matching beginning decides."""
    columns: dict[str, list[int]] = {code: [] for code in GROUPS}
    for place, name in enumerate(names):
        fits = [
            (len(start), code)
            for code, (_, starts) in GROUPS.items()
            for start in starts
            if name.startswith(start)
        ]
        if fits:
            columns[max(fits)[1]].append(place)
    return {code: np.array(places, np.int64) for code, places in columns.items()}


@lru_cache(maxsize=16)
def bundles_of(names: tuple[str, ...]) -> tuple[np.ndarray, ...]:
    """Return the columns of each reason code, and last those of no reason: every column once."""
    groups = tuple(groups_of(names).values())
    rest = np.setdiff1d(np.arange(len(names)), np.concatenate(groups))
    return (*groups, rest)


@lru_cache(maxsize=16)
def headlines_of(names: tuple[str, ...]) -> dict[str, int]:
    """Return the column of each reason code's headline feature."""
    return {code: names.index(headline) for code, (headline, _) in GROUPS.items()}
