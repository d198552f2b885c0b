"""The parts that a mentor ranker is learned in: each by itself, in any order, on any worker.

Named here, apart from the learning, because the ledger must know them long before scikit-learn
is loaded. ``lesson.learn_part`` knows what each name stands for.
"""

DRAWS = 3
"""So many members learn, each from its own draw of regulars' changes and of wrong answers."""
SOURCES = "sources"
_DRAW = "draw-"


def part_names() -> tuple[str, ...]:
    """The choice of sources and the first draw stand together: they learn from the same pairs."""
    return (SOURCES, *(f"{_DRAW}{number}" for number in range(DRAWS)))


def number_of(name: str) -> int:
    """The number of a draw from its name; ValueError if it is none."""
    return int(name.removeprefix(_DRAW))
