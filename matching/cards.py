"""The card of a model: what it is, what it was learned from, and with what."""

from datetime import datetime

from matching.community import Community
from matching.landmarks import Landmarks
from matching.leaders import LeaderModel
from matching.model_store import Card, card
from matching.serving import Served


def mentors(community: Community, served: Served) -> Card:
    """The card of a mentor ranker; ``sources`` says who ranks in which project."""
    history = community.history
    return card(
        "mentors",
        _version("mentors", community),
        community.feature_names,
        metrics={
            "changes": history.n_changes,
            "people": history.n_people,
            "reviewed_changes": int(len(history.reviewed_changes())),
        },
        data_hash=history.data_hash,
        trained_at=_moment(community.as_of),
        sources={slug: served.source_for(slug) for slug in history.projects},
    )


def leaders(community: Community, landmarks: Landmarks, model: LeaderModel) -> Card:
    """The card of a leader model."""
    return card(
        "leaders",
        _version("leaders", community),
        landmarks.names,
        metrics={
            "person_dates": len(landmarks),
            "became_core": int(landmarks.core_later.sum()),
            "base_rate": round(model.base_rate_, 4),
        },
        data_hash=community.history.data_hash,
        trained_at=_moment(community.as_of),
    )


def _version(task: str, community: Community) -> str:
    return f"{task}-{community.as_of:%Y%m%dT%H%M%S}-{community.history.data_hash[:8]}"


def _moment(as_of: datetime) -> str:
    return as_of.isoformat(timespec="seconds")
