"""The parts that a mentor ranker is learned in: each by itself, in any order, on any worker.

Named here, apart from the learning, because the ledger must know them long before scikit-learn
is loaded. ``lesson.learn_part`` knows what each name stands for.
"""

DRAWS = 3
"""So many members learn, each from its own draw of regulars' changes and of wrong answers."""
SLICES = 4
"""So many runs share the one pass over the features that all draws are made in."""
SOURCES = "sources"
_DRAW = "draw-"


def part_names() -> tuple[str, ...]:
    """The choice of sources and the first draw stand together: they learn from the same pairs."""
    return (SOURCES, *(f"{_DRAW}{number}" for number in range(DRAWS)))


def slice_names() -> tuple[str, ...]:
    """The slices of that pass, each by itself as well."""
    return tuple(map(str, range(SLICES)))


def draw_of(name: str) -> int:
    """The number of the draw that a part learns from; ValueError if it is none."""
    return 0 if name == SOURCES else int(name.removeprefix(_DRAW))
