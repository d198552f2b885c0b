"""What a leader model has to be better than: plain counts, put on the scale of a chance by what
was known before."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from matching.emerging.landmark_training import Training
from matching.emerging.landmarks import Landmarks
from matching.emerging.nearness import squeeze

COUNTS = (
    "changes_90d",
    "changes_365d",
    "active_weeks_180d",
    "active_weeks_365d",
    "days_since_activity",
    "tenure_days",
    "areas_365d",
    "reviews_given_365d",
    "reviews_received_180d",
    "newcomers_helped_365d",
    "project_active_people",
    "project_core_people",
)


def by_one_count(name: str, training: Training, asked: Landmarks) -> np.ndarray:
    """Return the chance that a single count gives each row; both outcomes were known."""
    return _logistic((name,), training, asked)


def by_counts(training: Training, asked: Landmarks) -> np.ndarray:
    """Return the chance that a logistic regression on `COUNTS` gives each row."""
    return _logistic(COUNTS, training, asked)


def _logistic(names: tuple[str, ...], training: Training, asked: Landmarks) -> np.ndarray:
    known = training.landmarks.take(np.flatnonzero(training.is_asked))
    told, put = (np.stack([rows.column(name) for name in names], axis=1) for rows in (known, asked))
    model = make_pipeline(FunctionTransformer(squeeze), StandardScaler(), LogisticRegression(C=1.0))
    return model.fit(told, known.core_later).predict_proba(put)[:, 1]
