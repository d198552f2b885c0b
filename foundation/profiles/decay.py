"""Weights that halve every 180 days, stored so that adding never reads and order never matters.

A deed at time t weighs 2^((t − LANDMARK) / HALF_LIFE) on the stored scale: later deeds weigh more
instead of earlier ones less. Dividing by the weight of "now" gives the decayed value that people
see. With doubles the scale holds for five centuries from the landmark (forward decay, Cormode,
Shkapenyuk, Srivastava and Xu 2009).
"""

from datetime import UTC, datetime

HALF_LIFE_SECONDS = 180 * 86_400
LANDMARK = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())


def stored_weight(at: int) -> float:
    """Weight on the stored scale of a deed at ``at`` (seconds UTC)."""
    return 2.0 ** ((at - LANDMARK) / HALF_LIFE_SECONDS)


def decayed(weight: float, now: int) -> float:
    """What a stored weight is worth at ``now``: 1.0 is one whole deed of this moment."""
    return weight / stored_weight(now)
