"""Pinned pairs, and every constraint that stands against them."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from matching.cohort.admission import REASONS, Admission
from matching.cohort.cast import Cast


@dataclass(frozen=True)
class Fault:
    """A constraint that cannot be met: its code, who it is about, and the numbers at odds.

    Codes: ``pin_not_offered``, ``pin_self``, ``pin_conflict``, ``pin_forbidden``, ``pin_hours``,
    ``pin_language``, the last five with ``pin_co_`` where it is about a co-mentor,
    ``pinned_twice``, ``mentor_over_pinned``, ``project_over_pinned``.
    """

    code: str
    mentee: str = ""
    mentor: str = ""
    project: str = ""
    count: int = 0
    limit: int = 0


@dataclass(frozen=True)
class Pins:
    """For each mentee the pinned offer, or -1; nothing of it may be used while there are faults."""

    offer: np.ndarray
    faults: list[Fault]

    @classmethod
    def of(cls, cast: Cast, mentees, projects, mentors, offers, admission: Admission) -> "Pins":
        wanted, faults = defaultdict(set), []
        for pin in sorted(cast.rules.pins, key=lambda p: (p.mentee, p.project, p.mentor)):
            pair = projects.place[pin.project], mentors.place[pin.mentor]
            if pair not in offers.place:
                faults.append(Fault("pin_not_offered", pin.mentee, pin.mentor, pin.project))
            else:
                wanted[mentees.place[pin.mentee]].add(offers.place[pair])
        pinned = np.full(len(mentees.keys), -1, dtype=np.int64)
        for mentee, places in wanted.items():
            pinned[mentee] = min(places)
            if len(places) > 1:
                faults.append(Fault("pinned_twice", mentees.keys[mentee], count=len(places)))
        faults += _ruled_out(wanted, mentees, mentors, projects, offers, admission)
        faults += _too_many(cast, wanted, projects, mentors, offers)
        return cls(pinned, faults)


def _ruled_out(wanted, mentees, mentors, projects, offers, admission) -> list[Fault]:
    pairs = [(mentee, offer) for mentee in sorted(wanted) for offer in sorted(wanted[mentee])]
    who, what = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return [
        Fault(
            f"pin_{REASONS[reason]}",
            mentees.keys[mentee],
            mentors.keys[offers.mentor[offer]],
            projects.keys[offers.project[offer]],
        )
        for mentee, offer, reason in zip(who, what, admission.reasons(who, what), strict=True)
        if reason
    ]


def _too_many(cast: Cast, wanted, projects, mentors, offers) -> list[Fault]:
    in_project, with_mentor = Counter(), Counter()
    helpers = defaultdict(list)
    for offer, helper in zip(offers.co_offer, offers.co_mentor, strict=True):
        helpers[int(offer)].append(int(helper))
    for places in wanted.values():
        for offer in places:
            in_project[projects.keys[offers.project[offer]]] += 1
            for mentor in (int(offers.mentor[offer]), *helpers[offer]):
                with_mentor[mentors.keys[mentor]] += 1
    over = [
        Fault("mentor_over_pinned", mentor=one.key, count=with_mentor[one.key], limit=one.places)
        for one in sorted(cast.mentors, key=lambda one: one.key)
        if with_mentor[one.key] > one.places
    ]
    return over + [
        Fault("project_over_pinned", project=one.key, count=in_project[one.key], limit=one.places)
        for one in sorted(cast.projects, key=lambda one: one.key)
        if one.places is not None and in_project[one.key] > one.places
    ]
