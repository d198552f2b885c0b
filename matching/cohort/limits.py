"""Which limits an option counts against, and how overlapping ones are made to nest."""

from dataclasses import dataclass

import numpy as np

from matching.cohort.assignment import Assignment, no_shares
from matching.cohort.problem import UNLIMITED, Problem


@dataclass(frozen=True)
class Limits:
    """Limits are numbered: projects, then mentors, then offers.

    ``of_offer`` is (O, K), the narrower limit first, -1 where there is none; ``caps`` is (P+M+O,).
    """

    of_offer: np.ndarray
    caps: np.ndarray

    def of_option(self, problem: Problem) -> list[tuple[int, ...]]:
        known = [tuple(limit for limit in row if limit >= 0) for row in self.of_offer.tolist()]
        return [known[offer] for offer in problem.offer.tolist()]


def all_limits(problem: Problem) -> Limits:
    """Project, mentor and co-mentors, as they are: they may overlap."""
    n_projects = len(problem.projects)
    counts = np.bincount(problem.co_offer, minlength=len(problem.offer_project))
    table = np.full((len(problem.offer_project), 2 + counts.max(initial=0)), -1, dtype=np.int64)
    table[:, 0] = problem.offer_project
    table[:, 1] = n_projects + problem.offer_mentor
    filled = np.full(len(table), 2)
    for offer, helper in zip(problem.co_offer, problem.co_mentor, strict=True):
        table[offer, filled[offer]] = n_projects + helper
        filled[offer] += 1
    return Limits(table, np.r_[problem.project_places, problem.mentor_places, no_shares(problem)])


def shared_projects(problem: Problem) -> np.ndarray:
    """(P,) Is the project's limit, or a co-mentor's, at odds with the limits of other projects?"""
    n_projects, n_mentors = len(problem.projects), len(problem.mentors)
    mentors = np.bincount(problem.offer_project, minlength=n_projects)
    elsewhere = np.bincount(problem.offer_mentor, minlength=n_mentors) > 1
    busy = np.bincount(problem.offer_project[elsewhere[problem.offer_mentor]], minlength=n_projects)
    shared = _is_short(problem) & (mentors > 1) & (busy > 0)
    shared[problem.offer_project[problem.co_offer]] = True
    return shared


def nested_limits(problem: Problem, shared: np.ndarray, shares: np.ndarray | None) -> Limits:
    """For each option a narrower limit within a wider one, so that a stable answer exists."""
    n_projects, n_mentors = len(problem.projects), len(problem.mentors)
    project, mentor = problem.offer_project, n_projects + problem.offer_mentor
    offer = n_projects + n_mentors + np.arange(len(project))
    has_several = (np.bincount(project, minlength=n_projects) > 1)[project]
    is_shared, is_short = shared[project], _is_short(problem)[project]
    narrow = np.where(is_shared, offer, np.where(is_short & ~has_several, project, mentor))
    wide = np.where(is_shared | ~has_several, mentor, project)
    wide = np.where(is_shared | is_short, wide, -1)
    shares = no_shares(problem) if shares is None else shares
    lead = problem.mentor_places - reserved(problem, shares)
    return Limits(np.stack([narrow, wide], 1), np.r_[problem.project_places, lead, shares])


def reserved(problem: Problem, shares: np.ndarray) -> np.ndarray:
    """(M,) The places that mentors keep for the offers they are co-mentors of."""
    held = np.bincount(
        problem.co_mentor, weights=shares[problem.co_offer], minlength=len(problem.mentors)
    )
    return np.minimum(held, UNLIMITED).astype(np.int64)


def share_out(problem: Problem, shared: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(O,) How many places each offer of a shared project gets.

    What a first round (its options: ``rows``) filled, and what it left open to whichever mentor
    of the project has most room.
    """
    taken = np.bincount(problem.offer[rows], minlength=len(problem.offer_project))
    shares = np.where(shared[problem.offer_project], taken, UNLIMITED)
    room = problem.mentor_places - np.bincount(
        problem.offer_mentor, weights=taken, minlength=len(problem.mentors)
    )
    room = (room - reserved(problem, taken)).astype(np.int64)
    for project in np.flatnonzero(shared):
        _share_rest(problem, project, shares, room)
    return shares


def _share_rest(problem: Problem, project: int, shares: np.ndarray, room: np.ndarray) -> None:
    """Give away the project's open places one by one; ``shares`` and ``room`` are changed.

    Room that mentors have left is counted down here only: they may still serve elsewhere instead.
    """
    offers = np.flatnonzero(problem.offer_project == project).tolist()
    helpers = {offer: problem.co_mentor[problem.co_offer == offer] for offer in offers}
    left = {offer: int(room[problem.offer_mentor[offer]]) for offer in offers}
    able_at_all = problem.mentor_places[problem.offer_mentor[offers]].sum()
    open_places = min(problem.project_places[project], able_at_all) - shares[offers].sum()
    for _ in range(int(open_places)):
        able = [offer for offer in offers if (room[helpers[offer]] > 0).all()]
        if not able:
            return
        best = max(able, key=lambda offer: (left[offer], -offer))
        shares[best] += 1
        left[best] -= 1
        room[helpers[best]] -= 1


def moved_shares(problem: Problem, shared: np.ndarray, found: Assignment) -> np.ndarray | None:
    """The shares with idle ones moved to offers that somebody would rather have; None: all fit."""
    rows = problem.rows_of(found.offer)
    load = np.bincount(found.offer[found.offer >= 0], minlength=len(found.shares))
    wanted = _wanted_beyond(problem, found, rows, load) & shared[problem.offer_project]
    spare = np.where(wanted, 0, found.shares - load)
    room = problem.mentor_places - np.bincount(
        problem.offer_mentor, weights=load, minlength=len(problem.mentors)
    )
    has_helpers = np.isin(np.arange(len(load)), problem.co_offer)
    shares, moved = found.shares.copy(), False
    for offer in np.flatnonzero(wanted & ~has_helpers):
        mates = np.flatnonzero(problem.offer_project == problem.offer_project[offer])
        giver = mates[np.argmax(spare[mates])]
        if spare[giver] > 0 and room[problem.offer_mentor[offer]] > 0:
            shares[[offer, giver]] += 1, -1
            spare[giver] -= 1
            moved = True
    return shares if moved else None


def _wanted_beyond(problem: Problem, found: Assignment, rows, load) -> np.ndarray:
    """(O,) Is there somebody who would rather have the offer, while its share is used up?"""
    rank = np.full(len(problem.mentees), UNLIMITED)
    rank[rows >= 0] = problem.wish_rank[rows[rows >= 0]]
    rather = problem.offer[problem.wish_rank < rank[problem.mentee]]
    wanted = np.bincount(rather, minlength=len(load)) > 0
    return wanted & (load >= found.shares)


def _is_short(problem: Problem) -> np.ndarray:
    """(P,) Could the project's mentors take more mentees than the project has places?"""
    able = np.bincount(
        problem.offer_project,
        weights=problem.mentor_places[problem.offer_mentor],
        minlength=len(problem.projects),
    )
    return problem.project_places < able
