"""Who in a project seems to be growing into a leader now, with the reasons."""

from dataclasses import dataclass

import numpy as np

from matching.community import Community
from matching.landmarks import Landmarks, build_landmarks
from matching.leaders import REASON_GROUPS, LeaderModel

# An invitation is worth making well above what is usual; and to a few, so that it is made.
TIMES_USUAL = 2.0
MOST = 10
REASONS_SHOWN = 5


@dataclass(frozen=True)
class Rising:
    """A person (primary key), the probability of being core in a year, and why."""

    person: int
    probability: float
    low: float
    high: float
    reasons: list[dict]


def rising_in(slug: str, community: Community, model: LeaderModel) -> list[Rising]:
    """The people to invite and support, by primary key; nobody where the project is too quiet."""
    history = community.history
    if slug not in history.projects:
        return []
    project = history.projects.index(slug)
    here = build_landmarks(history, [community.seconds], [project])
    if not len(here):
        return []
    probability = model.predict_proba(here.X)
    chosen = np.flatnonzero(probability >= TIMES_USUAL * model.base_rate_)
    chosen = chosen[np.argsort(-probability[chosen], kind="stable")][:MOST]
    interval = model.predict_interval(here.X[chosen]) if len(chosen) else np.zeros((0, 2))
    reasons = _reasons(model, here, chosen)
    found = [
        Rising(
            history.people[here.person[row]],
            float(probability[row]),
            *map(float, interval[place]),
            reasons[place],
        )
        for place, row in enumerate(chosen)
    ]
    return sorted(found, key=lambda one: one.person)


def _reasons(model: LeaderModel, here: Landmarks, chosen: np.ndarray) -> list[list[dict]]:
    """What speaks for each of the chosen, compared with the usual person active here."""
    if not len(chosen):
        return []
    _, parts = model.explain(here.X[chosen], np.median(here.X, axis=0), here.names)
    return [
        [
            {
                "feature": group,
                "contribution": round(float(parts[group][place]), 4),
                "value": None,
                "evidence": _facts(here, row, group),
            }
            for group in sorted(parts, key=lambda name: -parts[name][place])[:REASONS_SHOWN]
            if parts[group][place] > 0 and group != "project"
        ]
        for place, row in enumerate(chosen)
    ]


def _facts(here: Landmarks, row: int, group: str) -> dict[str, float]:
    """The plain numbers behind a reason, by feature name."""
    return {name: round(float(here.column(name)[row]), 3) for name in REASON_GROUPS[group]}
