"""Signs of a machine in how an identity behaves: hints for a steward, never a verdict."""

from collections.abc import Sequence

MIN_EVENTS = 200  # fewer say nothing about a daily rhythm
NIGHT_HOURS = 6  # people are quiet for six hours on end, whenever they sleep
FLAT_NIGHT = 0.15  # an even spread would put 6/24 = 25 % there
MAX_COMMENTS_A_DAY = 200
SAME_TEXT = 0.1  # median edit distance between its comments, as a share of their length
MIN_UNREVIEWED = 50  # changes


def suspicious_rhythm(
    hour_histogram: Sequence[int],
    *,
    most_comments_in_a_day: int = 0,
    median_edit_distance: float | None = None,
    changes: int = 0,
    reviews_received: int | None = None,
) -> tuple[str, ...]:
    """Return the codes of what looks like a machine; empty for ordinary behaviour.

    Parameters
    ----------
    hour_histogram : 24 counts of deeds by hour of the day, on any one clock
    median_edit_distance : 0 (all comments alike) to 1, None when unknown
    reviews_received : None when unknown; no review of many changes counts only beside another
        sign, because the maintainers of small projects are not reviewed either

    Raises
    ------
    ValueError : if the histogram has not 24 counts
    """
    if len(hour_histogram) != 24:
        raise ValueError(f"A day has 24 hours, not {len(hour_histogram)}.")
    signs = []
    if sum(hour_histogram) >= MIN_EVENTS and _night_share(hour_histogram) >= FLAT_NIGHT:
        signs.append("never-sleeps")
    if most_comments_in_a_day > MAX_COMMENTS_A_DAY:
        signs.append("too-many-comments")
    if median_edit_distance is not None and median_edit_distance < SAME_TEXT:
        signs.append("repeats-itself")
    if signs and reviews_received == 0 and changes >= MIN_UNREVIEWED:
        signs.append("never-reviewed")
    return tuple(signs)


def _night_share(hour_histogram: Sequence[int]) -> float:
    """Return the share of all deeds in the quietest six hours on end, over midnight too."""
    round_the_clock = [*hour_histogram, *hour_histogram]
    nights = (sum(round_the_clock[start : start + NIGHT_HOURS]) for start in range(24))
    return min(nights) / sum(hour_histogram)
