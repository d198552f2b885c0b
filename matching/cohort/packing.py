"""Choosing options of the greatest weight within all limits: a linear programme by columns.

Where limits overlap, the linear programme may leave a few mentees in fractions. They go to branch
and bound with the places that are left; small inputs go there whole, so that the optimum is
proven. Else the distance to the bound of the linear programme is what can be said.

Only few of the options ever matter: the programme begins with the best of each mentee and takes
in those whose weight exceeds the prices of the places they would use, until none does. What is
then found is the optimum over all options.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from matching.cohort.limits import all_limits
from matching.cohort.problem import UNLIMITED, Problem

AT_FIRST, EACH_TIME = 8, 6  # options a mentee
ROUNDS = 60
EXACT_UP_TO = 2_000  # options that branch and bound goes through to prove an optimum
NODES = 2_000
EASE = 1e-6  # of the greatest weight: what counts as no better
NEAR = 0.05  # of the greatest weight: what a mentee left in fractions may choose from


@dataclass(frozen=True)
class Solution:
    """``rows`` are options; no choice weighs more than ``bound``; ``columns`` were looked at."""

    rows: np.ndarray
    bound: int
    columns: np.ndarray

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Packing:
    """The limits of everybody who is not pinned.

    ``fixed`` are the pinned options. ``use`` lists, option by option, the limits (rows of the
    programme) it counts against, -1 for none; ``caps`` is what those hold.
    """

    use: np.ndarray  # (R, K)
    caps: np.ndarray
    mentee: np.ndarray  # (R,)
    is_open: np.ndarray  # (R,)
    fixed: np.ndarray
    lot: np.ndarray  # (R,) the seed's order among equals

    @classmethod
    def of(cls, problem: Problem, seed: int) -> "Packing":
        limits = all_limits(problem)
        of_offer, caps = _without_idle(limits.of_offer, limits.caps)
        n = len(problem.mentees)
        use = np.c_[problem.mentee, np.where(of_offer < 0, -1, of_offer + n)[problem.offer]]
        is_pinned = problem.pinned[problem.mentee] >= 0
        fixed = np.flatnonzero(is_pinned)
        caps = np.r_[np.ones(n, dtype=np.int64), caps]
        taken = use[fixed].ravel()
        caps = caps - np.bincount(taken[taken >= 0], minlength=len(caps))
        lot = np.random.default_rng(seed).permutation(len(problem.offer))
        return cls(use, caps, problem.mentee, ~is_pinned, fixed, lot)

    def only(self, which: np.ndarray) -> "Packing":
        return replace(self, is_open=self.is_open & which)

    def solve(
        self, weight: np.ndarray, *, at_least: int | None = None, start: np.ndarray | None = None
    ) -> Solution | None:
        """The choice of greatest weight (whole numbers, above 0).

        ``at_least``: give up, with None, once it is certain that not so much can be reached.
        ``start``: the columns of a solution to something alike.
        """
        if not self.is_open.any():
            return Solution(np.zeros(0, dtype=np.int64), 0, np.zeros(0, dtype=np.int64))
        columns = self._best(weight.astype(float), AT_FIRST if start is None else 1)
        if start is not None:
            columns = np.union1d(columns, start[self.is_open[start]])
        for turn in range(ROUNDS):
            chosen, price, value = self._programme(columns, weight)
            gain = self._gain(weight, price)
            more = self._best(np.where(gain > EASE * weight.max(), gain, -np.inf), EACH_TIME)
            fresh = np.setdiff1d(more, columns)
            if at_least is not None and self._ceiling(gain, price) < at_least - 0.5:
                return None
            if not len(fresh):
                break
            # After the first turn most of its columns are known to be too dear.
            kept = columns if turn else columns[chosen > 0]
            near = fresh if turn else self._best(gain, EACH_TIME)
            columns = np.union1d(np.union1d(kept, near), fresh)
        return self._whole(columns, chosen, weight, self._gain(weight, price), value)

    def _best(self, worth: np.ndarray, count: int) -> np.ndarray:
        """The ``count`` options a mentee that are worth most, without those worth -inf."""
        able = np.flatnonzero(self.is_open & (worth > -np.inf))
        order = able[np.lexsort((self.lot[able], -worth[able], self.mentee[able]))]
        who = self.mentee[order]
        place = np.arange(len(order)) - np.searchsorted(who, who)
        return np.sort(order[place < count])

    def _matrix(self, columns: np.ndarray) -> csc_array:
        used = self.use[columns]
        there = used >= 0
        where = np.broadcast_to(np.arange(len(columns))[:, None], used.shape)
        ones = np.ones(there.sum())
        return csc_array((ones, (used[there], where[there])), shape=(len(self.caps), len(columns)))

    def _programme(self, columns: np.ndarray, weight: np.ndarray):
        """(share of each column, price of each limit, value) of the linear programme."""
        order = np.argsort(self.lot[columns])
        scale = float(weight.max())
        found = linprog(
            -weight[columns[order]] / scale,
            A_ub=self._matrix(columns[order]),
            b_ub=self.caps,
            bounds=(0, None),
            method="highs-ds",
        )
        chosen = np.empty(len(columns))
        chosen[order] = found.x
        return chosen, -found.ineqlin.marginals * scale, -found.fun * scale

    def _gain(self, weight: np.ndarray, price: np.ndarray) -> np.ndarray:
        """What each option is worth beyond the price of the places it would take."""
        priced = np.r_[price, 0.0]  # limit -1 costs nothing
        return weight - priced[self.use].sum(axis=1)

    def _ceiling(self, gain: np.ndarray, price: np.ndarray) -> float:
        """What no choice can exceed, whatever options are still to be taken in."""
        best = np.zeros(len(self.caps))
        np.maximum.at(best, self.mentee[self.is_open], gain[self.is_open])
        return float(price @ self.caps + best.sum())

    def _whole(self, columns, chosen, weight, gain, value) -> Solution:
        """A choice without fractions, and how good one could be at all."""
        bound = int(np.floor(value + 0.01 + 1e-12 * abs(value)))
        sure = columns[chosen > 1 - 1e-6]
        torn = np.unique(self.mentee[columns[(chosen > 1e-6) & (chosen < 1 - 1e-6)]])
        if not len(torn):
            return Solution(sure, int(weight[sure].sum()), columns)
        rest = self._without(sure)
        rows = np.r_[sure, rest._branch(self._near_best(gain, weight, torn), weight)]
        reached = int(weight[rows].sum())
        better = np.flatnonzero(self.is_open & (gain >= reached - bound - 1))
        if reached < bound and len(better) <= EXACT_UP_TO:
            exact = self._branch(better, weight)
            bound, rows = int(weight[exact].sum()), exact
        return Solution(rows, max(bound, int(weight[rows].sum())), columns)

    def _without(self, rows: np.ndarray) -> "Packing":
        taken = self.use[rows].ravel()
        used = np.bincount(taken[taken >= 0], minlength=len(self.caps))
        return replace(self, caps=self.caps - used)

    def _near_best(self, gain: np.ndarray, weight: np.ndarray, mentees: np.ndarray) -> np.ndarray:
        """The options of some mentees that cost little against the prices."""
        near = self.is_open & (gain >= -NEAR * weight.max())
        return np.flatnonzero(near & np.isin(self.mentee, mentees))

    def _branch(self, columns: np.ndarray, weight: np.ndarray) -> np.ndarray:
        order = columns[np.argsort(self.lot[columns])]
        found = milp(
            -weight[order] / float(weight.max()),
            constraints=LinearConstraint(self._matrix(order), -np.inf, self.caps),
            integrality=np.ones(len(order)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0, "node_limit": NODES},
        )
        chosen = np.zeros(len(order)) if found.x is None else found.x
        return np.sort(order[chosen > 0.5])


def _without_idle(of_offer: np.ndarray, caps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Only the limits that may bind, numbered anew."""
    real = np.flatnonzero(caps < UNLIMITED)
    number = np.full(len(caps) + 1, -1, dtype=np.int64)
    number[real] = np.arange(len(real))
    return number[of_offer], caps[real]
