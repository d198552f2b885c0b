"""The card of a model: what it is, what it was learned from, and with what."""

from datetime import datetime

from matching.community import Community
from matching.emerging.landmark_training import Training
from matching.emerging.leaders import LeaderModels
from matching.ranking.serving import Served
from matching.registry.model_store import Card, card
from matching.registry.shipped_leaders import NOTHING, Elsewhere


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


def leaders(
    community: Community,
    trainings: dict[int, Training],
    models: LeaderModels,
    elsewhere: Elsewhere = NOTHING,
) -> Card:
    """The card of the leader models; the metrics of each horizon under its years.

    ``sources`` names the model of other communities that has a say, if one has, and whether
    anything was learned here, at all and for each horizon.
    """
    return card(
        "leaders",
        _version("leaders", community),
        trainings[1].landmarks.names,
        metrics={
            years: {
                "person_dates": int(trainings[int(years)].is_asked.sum()),
                "person_dates_of_nearness_only": int((~trainings[int(years)].is_asked).sum()),
                "became_core": trainings[int(years)].became_core,
                "base_rate": round(model.base_rate_, 4),
            }
            for years, model in models.models_.items()
        },
        data_hash=community.history.data_hash,
        trained_at=_moment(community.as_of),
        sources={
            "own": _learned(models.is_taught),
            **{
                f"own_{years}": _learned(model.is_taught) for years, model in models.models_.items()
            },
            "elsewhere": elsewhere.version if models.hears_others else "",
        },
    )


def _learned(is_taught: bool) -> str:
    return "learned" if is_taught else "too_little"


def _version(task: str, community: Community) -> str:
    return f"{task}-{community.as_of:%Y%m%dT%H%M%S}-{community.history.data_hash[:8]}"


def _moment(as_of: datetime) -> str:
    return as_of.isoformat(timespec="seconds")
