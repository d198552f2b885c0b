"""Arrays that a model was written down as, taken one by one and refused where they are unfit.

Whoever asks a model does not look again: what is too short there breaks in the middle of a list,
and what is of another kind gives other scores without a word.
"""

from collections.abc import Mapping

import numpy as np

from foundation.said import Told

Kinds = Mapping[str, tuple[type[np.generic], ...]]


class UnfitModel(Told, ValueError):
    """A model that cannot be written down, read again or asked; ``str()`` says why."""


def taken(arrays: Mapping[str, np.ndarray], prefix: str, kinds: Kinds) -> dict[str, np.ndarray]:
    """Return the arrays that are called `prefix` and a name of `kinds`, by that name.

    UnfitModel if one is missing, is not a single row of numbers of its kind, or holds a NaN.
    """
    if not all(prefix + name in arrays for name in kinds):
        raise UnfitModel("The model is not whole.")
    found = {name: arrays[prefix + name] for name in kinds}
    for name, part in found.items():
        is_row = isinstance(part, np.ndarray) and part.ndim == 1
        require(is_row and part.dtype.type in kinds[name] and not np.isnan(part).any(), name)
    return found


def require(is_sound: bool, name: str) -> None:
    """Raise UnfitModel unless the array of this name is sound."""
    if not is_sound:
        raise UnfitModel("The array “%(name)s” of the model is broken.", name=name)
