"""The arrays of a model with one of them broken, in any of several ways."""

import numpy as np
from hypothesis import strategies as st

KINDS = ("?", "i1", "i4", ">i4", "i8", "f2", "f4", "f8", "c16", "U9", "O")
BEYOND = {
    **dict.fromkeys(("start", "feature", "left", "right"), (-1, 10**6)),
    **dict.fromkeys(("value", "baseline", "coef", "mean"), (np.inf, -np.inf)),
    **dict.fromkeys(("linear_share", "base_rate"), (-0.5, 1.5, np.inf)),
    "scale": (0, -1, 1e-44, np.inf),
}
"""By the last part of an array's name what none of its numbers can be."""


@st.composite
def with_one_broken(draw, arrays: dict[str, np.ndarray]) -> dict:
    """Return the arrays, one of them broken, or of another kind that says the same."""
    name = draw(st.sampled_from(sorted(arrays)))
    part, way = arrays[name], draw(st.sampled_from(sorted(WAYS)))
    if way == "missing":
        return {other: arrays[other] for other in arrays if other != name}
    return arrays | {name: WAYS[way](draw, name.rpartition("/")[2], part)}


def _with(draw, part: np.ndarray, number) -> np.ndarray:
    broken = part.copy()
    broken[draw(st.integers(0, len(part) - 1))] = number
    return broken


def _of_other_kind(draw, name: str, part: np.ndarray):
    with np.errstate(all="ignore"):  # what does not fit there is the point
        return part.astype(draw(st.sampled_from(KINDS)))


def _without_a_number(draw, name: str, part: np.ndarray):
    return _with(draw, part, np.nan) if part.dtype.kind == "f" else part.astype(float)


def _beyond(draw, name: str, part: np.ndarray):
    return _with(draw, part, draw(st.sampled_from(BEYOND[name]))) if name in BEYOND else None


WAYS = {
    "missing": None,
    "cut": lambda draw, name, part: part[: draw(st.integers(0, len(part) - 1))],
    "grown": lambda draw, name, part: np.append(part, part[: draw(st.integers(1, len(part)))]),
    "kind": _of_other_kind,
    "shape": lambda draw, name, part: part.reshape(draw(st.sampled_from([(-1, 1), (1, -1)]))),
    "list": lambda draw, name, part: part.tolist(),
    "single": lambda draw, name, part: part.ravel()[0],
    "no number": _without_a_number,
    "beyond": _beyond,
}
