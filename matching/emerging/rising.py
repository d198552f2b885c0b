"""Who in a project seems to be growing into a leader, with the reasons."""

from dataclasses import dataclass

import numpy as np

from matching.arrays.history import History
from matching.community import Community
from matching.emerging.landmarks import Landmarks, build_landmarks
from matching.emerging.leaders import HORIZONS, REASON_GROUPS, LeaderModel, LeaderModels
from matching.ranking.threads import THREADS

# An invitation is worth making well above what is usual; and to a few, so that it is made.
TIMES_USUAL = 2.0
MOST = 10


@dataclass(frozen=True)
class Rising:
    """A person (primary key), the chance of being core in `horizon` years, and why.

    `base` and the contributions of all reasons add up to the log odds of the probability.
    """

    person: int
    horizon: int
    probability: float
    low: float
    high: float
    base: float
    reasons: list[dict]


def rising_in(slug: str, community: Community, models: LeaderModels) -> list[Rising]:
    """The people to invite and support, by primary key; nobody where the project is too quiet.

    Who stands out at one horizon is told of at each.
    """
    history = community.history
    if slug not in history.projects:
        return []
    project = history.projects.index(slug)
    here = build_landmarks(history, [community.seconds], [project], reviews=community.reviews)
    if not len(here):
        return []
    with THREADS.limit(limits=1):  # so few rows: waking threads costs more than their work
        return _told_of(here, history, models)


def _told_of(here: Landmarks, history: History, models: LeaderModels) -> list[Rising]:
    told = {years: model.predict_interval(here.X) for years, model in _by_years(models)}
    chosen = _chosen(models, {years: chance for years, (chance, _) in told.items()})
    if not len(chosen):
        return []
    found = []
    for years, model in _by_years(models):
        chance, interval = told[years]
        why = _reasons(model, here.take(chosen), np.median(here.X, axis=0))
        for row, (base, reasons) in zip(chosen.tolist(), why, strict=True):
            low, high = map(float, interval[row])
            person = history.people[here.person[row]]
            found.append(Rising(person, years, float(chance[row]), low, high, base, reasons))
    return sorted(found, key=lambda one: (one.person, one.horizon))


def _by_years(models: LeaderModels) -> list[tuple[int, LeaderModel]]:
    return [(years, model) for years in HORIZONS if (model := models.at(years)) is not None]


def _chosen(models: LeaderModels, chance: dict[int, np.ndarray]) -> np.ndarray:
    """Return the few rows whose chance is farthest above what is usual, at any horizon."""
    each = [chance[years] / model.base_rate_ for years, model in _by_years(models)]
    times = np.max(each, axis=0)
    chosen = np.flatnonzero(times >= TIMES_USUAL)
    return chosen[np.argsort(-times[chosen], kind="stable")][:MOST]


def _reasons(
    model: LeaderModel, rows: Landmarks, usual: np.ndarray
) -> list[tuple[float, list[dict]]]:
    """The base and all that speaks for or against each row, strongest first, compared with the
    usual person active in the project."""
    base, parts = model.explain(rows.X, usual, rows.names)
    return [
        (
            float(base[row]),
            [
                {
                    "feature": group,
                    "contribution": float(parts[group][row]),
                    "value": None,
                    "evidence": _facts(rows, row, group),
                }
                for group in sorted(parts, key=lambda name: -parts[name][row])
            ],
        )
        for row in range(len(rows))
    ]


def _facts(here: Landmarks, row: int, group: str) -> dict[str, float]:
    """The plain numbers behind a reason, by feature name."""
    return {name: round(float(here.column(name)[row]), 3) for name in REASON_GROUPS[group]}
