"""Who ranks in a project: the community's own model, the shipped one, or a simple ranking.

Decided on past data only. A learned model is preferred; a simple ranking serves where it did
better by more than chance. The shipped model serves where there is no own one yet, and goes on
until the own one does at least as well in the same backtest.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

MODEL = "model"
SHIPPED = "shipped"
LEARNED = (MODEL, SHIPPED)
THIN_BASELINE = "recency"
RIVALS = ("recency", "affinity", "path_overlap", "hybrid")
FEWEST_CHANGES = 30
"""Below so many reviewed changes (or answers of a backtest) nothing is judged by them."""


def choose(
    projects: Sequence[str],
    counts: np.ndarray,
    asked: np.ndarray,
    lead: Mapping[str, np.ndarray],
    taught: Collection[int] = (),
) -> dict[str, str]:
    """Return the source of each project with enough past; the others have no say in it.

    `counts` are the reviewed changes of each project, `asked` the project of each query of a
    backtest, `lead` the reciprocal ranks there by source: `RIVALS` and one or both of `LEARNED`.
    In the projects `taught` the shipped model has seen the answers: it is not judged there.
    """
    fair = ~np.isin(asked, list(taught))
    everywhere = {name: values[fair] for name, values in lead.items()}
    chosen = {}
    for row in np.flatnonzero(counts >= FEWEST_CHANGES):
        here = {name: values[asked == row] for name, values in lead.items()}
        learned = MODEL
        if MODEL not in lead:
            learned = SHIPPED
        elif SHIPPED in lead and row not in taught:
            learned = _better_learned(here, everywhere)
        unfair = learned == SHIPPED and row in taught
        chosen[projects[row]] = learned if unfair else _preferred(here, learned)
    return chosen


def _better_learned(here: dict[str, np.ndarray], everywhere: dict[str, np.ndarray]) -> str:
    """Return the own model once it is no worse than the shipped one, here or else everywhere."""
    judged = here if len(here[MODEL]) >= FEWEST_CHANGES else everywhere
    if len(judged[MODEL]) and judged[SHIPPED].mean() > judged[MODEL].mean():
        return SHIPPED
    return MODEL


def _preferred(found: dict[str, np.ndarray], learned: str) -> str:
    """Return the rival that beats the learned one by more than a standard error, else that."""
    best = max(RIVALS, key=lambda name: found[name].mean() if len(found[name]) else 0.0)
    gap = found[best] - found[learned]
    if len(gap) < FEWEST_CHANGES or gap.mean() <= gap.std() / np.sqrt(len(gap)):
        return learned
    return best
