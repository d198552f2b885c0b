"""The simple rankings that a learned one has to beat: one score a pair, more is better."""

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from matching.pairing.pairs import PairTable

FULL_TRUST_CHANGES = 3
"""The hybrid believes in affinity fully from so many earlier reviews of the author on."""

LOGISTIC_FEATURES = (
    "reviews_decayed_90d:share",
    "reviews_30d:share",
    "reviews_ever",
    "days_since_review",
    "days_since_commit",
    "commits_90d:share",
    "review_days_180d:share",
    "newcomer_reviews_180d:share",
    "newcomers_met_365d",
    "affinity_decayed_180d:share",
    "affinity_ever:share",
    "path_reviews_90d",
    "path_reviews_365d",
    "path_commits_365d",
)


def random(table: PairTable) -> np.ndarray:
    """Everybody alike: the expectation over random order."""
    return np.zeros(len(table.pairs))


def review_count(table: PairTable) -> np.ndarray:
    """All reviews ever given in the project."""
    return table.column("reviews_ever")


def recency(table: PairTable) -> np.ndarray:
    """Reviews given in the project, with a half-life of 90 days."""
    return table.column("reviews_decayed_90d")


def affinity(table: PairTable) -> np.ndarray:
    """Earlier reviews of this author; where there are none, recency."""
    return table.column("affinity_ever") + 0.999 * table.column("reviews_decayed_90d:share")


def path_overlap(table: PairTable) -> np.ndarray:
    """Share of the decayed reviews of the same path prefixes, rare ones first."""
    return table.column("path_reviews_365d")


def hybrid(table: PairTable) -> np.ndarray:
    """Path overlap + 0.3 recency + 0.7 affinity, affinity damped for unknown authors.

    All three as shares; untuned on purpose.
    """
    trust = np.minimum(np.expm1(table.column("author_reviews")) / FULL_TRUST_CHANGES, 1)
    return (
        table.column("path_reviews_90d")
        + 0.3 * table.column("reviews_decayed_90d:share")
        + 0.7 * trust * table.column("affinity_ever:share")
    )


SIMPLE: dict[str, Callable[[PairTable], np.ndarray]] = {
    "random": random,
    "review_count": review_count,
    "recency": recency,
    "affinity": affinity,
    "path_overlap": path_overlap,
    "hybrid": hybrid,
}


def logistic() -> object:
    """Return the pointwise logistic regression, for the columns of `LOGISTIC_FEATURES`."""
    model = LogisticRegression(C=1.0, max_iter=200)
    return make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), model)
