"""From explanations to the rows that pages read: plain JSON that adds up to the score.

Every suggestion is told as `base + contributions = score`, a share of the pool between 0 and 1,
whatever ranked: what adds to the log odds of a model is spread over the share in the same
proportions, what adds to a simple ranking is divided by the pool's total.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from matching.lists.nudges import Nudge, Nudged
from matching.lists.reasons import Explanation, Reason
from matching.ranking.baselines import SIMPLE


@dataclass(frozen=True)
class Told:
    """One suggestion: base + contributions of the reasons = score."""

    score: float
    base: float
    reasons: list[dict]


def tell(
    why: Sequence[Explanation],
    nudged: Nudged,
    order: Sequence[int],
    change_keys: Sequence[Hashable],
) -> list[Told]:
    """Tell the suggestions at some places of a list; `why` explains them in the same order."""
    unit = _unit(why, nudged, order)
    return [
        _told(one, nudged, place, unit, change_keys) for one, place in zip(why, order, strict=True)
    ]


def _unit(why: Sequence[Explanation], nudged: Nudged, order: Sequence[int]) -> float:
    """What one point of a simple ranking is as a share of the pool."""
    found = [(one.score, nudged.chances[place]) for one, place in zip(why, order, strict=True)]
    score, chance = max(found, default=(0.0, 0.0))
    return float(chance / score) if score > 0 else 0.0


def _told(
    one: Explanation, nudged: Nudged, place: int, unit: float, change_keys: Sequence[Hashable]
) -> Told:
    is_log = one.source not in SIMPLE
    parts = [reason.contribution * (1.0 if is_log else unit) for reason in one.reasons]
    shares = nudged.shares(place, parts, is_log=is_log)
    reasons = [
        _of_work(reason, part, change_keys)
        for reason, part in zip(one.reasons, shares.parts, strict=True)
    ]
    reasons += [
        _of_nudge(nudge, part)
        for nudge, part in zip(nudged.nudges[place], shares.nudges, strict=True)
    ]
    return Told(shares.score, shares.base, reasons)


def _of_work(reason: Reason, contribution: float, change_keys: Sequence[Hashable]) -> dict:
    """A reason as plain JSON; changes are named by their primary keys."""
    return {
        "feature": reason.code,
        "contribution": contribution,
        "value": round(reason.value, 4),
        "evidence": [
            {
                "name": fact.name,
                "count": fact.count,
                "first_at": fact.first_at,
                "last_at": fact.last_at,
                "changes": [change_keys[row] for row in fact.changes],
            }
            for fact in reason.evidence
        ],
    }


def _of_nudge(nudge: Nudge, contribution: float) -> dict:
    return {
        "feature": nudge.code,
        "contribution": contribution,
        "value": nudge.value,
        "evidence": nudge.evidence,
    }
