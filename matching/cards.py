"""The card of a model: what it is, what it was learned from, and with what."""

import sklearn

from matching.history import History
from matching.landmarks import Landmarks
from matching.leaders import LeaderModel
from matching.serving import Served


def mentors(history: History, served: Served) -> dict:
    """The card of a mentor ranker."""
    return {
        **_common(history),
        "task": "mentors",
        "learned": served.ranker is not None,
        "sources": {slug: served.source_for(slug) for slug in history.projects},
        "reviewed_changes": int(len(history.reviewed_changes())),
    }


def leaders(history: History, landmarks: Landmarks, model: LeaderModel) -> dict:
    """The card of a leader model."""
    return {
        **_common(history),
        "task": "leaders",
        "features": list(landmarks.names),
        "person_dates": len(landmarks),
        "became_core": int(landmarks.core_later.sum()),
        "base_rate": round(model.base_rate_, 4),
    }


def _common(history: History) -> dict:
    return {
        "data_hash": history.data_hash,
        "projects": list(history.projects),
        "changes": history.n_changes,
        "people": history.n_people,
        "scikit_learn": sklearn.__version__,
    }
