"""The steps of a refresh: facts → profiles → models → rows. Each may be done again, or killed.

A step computes first and then writes all of its rows in one transaction that begins by holding
the run, so a worker that lost its run writes nothing.
"""

from datetime import timedelta

import numpy as np
from django.db import transaction

from foundation.activity.reading import ingest_git, open_source
from foundation.people.models import LeaderSignal, Person
from foundation.profiles.build import update_profiles
from foundation.projects.models import Project, Repository
from foundation.runs import ledger
from foundation.runs.models import Run
from foundation.runs.work import Step
from matching import cards, parts, shelf
from matching.community import SEED, community_at
from matching.leaders import LeaderModel
from matching.leaders_protocol import training_landmarks
from matching.rising import Rising, rising_in
from matching.suggest import Mentee, Suggested, mentees_of, suggest, unavailable_mentors
from matching.touched import BASIS, basis_of, before, standing_matches
from mentorship.models import Match

SIGNAL_LASTS = timedelta(days=90)


def ingest(run: Run) -> dict:
    """Read what is new in a repository; ``scope`` is its primary key."""
    repository = Repository.objects.select_related("project").get(pk=run.scope)
    intake, _ = ingest_git(repository, open_source(repository.location))
    return intake.as_result()


def profiles(run: Run) -> dict:
    """Bring the profiles of a project up to its facts."""
    with transaction.atomic():
        ledger.hold(run)
        return update_profiles(Project.objects.get(slug=run.scope))


def train_part(run: Run) -> dict:
    """Learn one part of the mentor ranker; ``scope`` is its name."""
    return parts.learn(run, community_at(run.as_of))


def train_mentors(run: Run) -> dict:
    """Put the parts together: who reviewed or mentored whom; too little history teaches nothing."""
    community = community_at(run.as_of)
    served = parts.assemble(run, community)
    row = shelf.put(run, served.ranker, cards.mentors(community, served))
    parts.forget_before(run.period)
    return {"version": row.version, "learned": served.ranker is not None}


def train_leaders(run: Run) -> dict:
    """Learn who of those active, not core yet, was core a year later."""
    community = community_at(run.as_of)
    landmarks = training_landmarks(community.history, community.seconds)
    try:
        model = LeaderModel(random_state=SEED).fit(
            landmarks.X, landmarks.core_later, landmarks.person, landmarks.later_ratio
        )
    except ValueError as error:
        return {"version": None, "learned": False, "why": str(error)}
    row = shelf.put(run, model, cards.leaders(community, landmarks, model))
    return {"version": row.version, "learned": True}


def matches(run: Run) -> dict:
    """Write mentors for everybody who asks in a project, and for its newcomers.

    Newcomers of whom nothing is new keep what was written for them within the last day.
    """
    project = Project.objects.get(slug=run.scope)
    community = community_at(run.as_of)
    model, served = shelf.serving_mentors(community)
    closed = unavailable_mentors(run.as_of.date())
    basis = basis_of(model.version if model else "", sorted(closed))
    former = before(run, basis)
    standing = standing_matches(project, former, run.as_of) if former else set()
    mentees = mentees_of(project, community)
    kept = {m.person for m in mentees if m.kind == Match.Kind.SUGGESTED} & standing
    answers = [
        (mentee, suggest(mentee, project.slug, community, served, unavailable=closed))
        for mentee in mentees
        if mentee.person not in kept
    ]
    rows = [_match(project, model, run, mentee, one) for mentee, found in answers for one in found]
    with transaction.atomic():
        ledger.hold(run)
        Match.objects.filter(project=project).exclude(mentee__in=kept).delete()
        Match.objects.bulk_create(rows, batch_size=500)
    return {"mentees": len(answers), "matches": len(rows), "kept": len(kept), BASIS: basis}


def _match(project, model, run: Run, mentee: Mentee, one: Suggested) -> Match:
    return Match(
        mentee_id=mentee.person,
        mentor_id=one.mentor,
        project=project,
        kind=mentee.kind,
        rank=one.rank,
        score=one.score,
        reasons=one.reasons,
        method=one.method,
        model=model if one.method == "model" else None,
        as_of=run.as_of,
    )


def leaders(run: Run) -> dict:
    """Write the invitations of a project; who declined stays declined."""
    project = Project.objects.get(slug=run.scope)
    row, model = shelf.serving_leaders()
    hidden = set(
        Person.objects.exclude(is_hidden=False, erased_at=None).values_list("pk", flat=True)
    )
    basis = basis_of(row.version if row else "", sorted(hidden))
    former = before(run, basis)
    if former and not former.touched(project):
        return {"kept": LeaderSignal.objects.filter(project=project).count(), BASIS: basis}
    found = rising_in(project.slug, community_at(run.as_of), model) if model else []
    with transaction.atomic():
        ledger.hold(run)
        former = LeaderSignal.objects.filter(project=project)
        declined = set(former.filter(is_declined=True).values_list("person", flat=True))
        former.delete()
        signals = [
            _signal(project, row, run, one, is_declined=one.person in declined)
            for one in found
            if one.person not in hidden
        ]
        LeaderSignal.objects.bulk_create(signals)
    return {"signals": len(signals), BASIS: basis}


def _signal(project, model, run: Run, one: Rising, *, is_declined: bool) -> LeaderSignal:
    low, probability, high = np.sort([one.low, one.probability, one.high])
    return LeaderSignal(
        project=project,
        person_id=one.person,
        probability=float(probability),
        low=float(low),
        high=float(high),
        reasons=one.reasons,
        model=model,
        as_of=run.as_of,
        expires_at=run.as_of + SIGNAL_LASTS,
        is_declined=is_declined,
    )


STEPS: dict[str, Step] = {
    "ingest": ingest,
    "profiles": profiles,
    "train_part": train_part,
    "train_mentors": train_mentors,
    "train_leaders": train_leaders,
    "matches": matches,
    "leaders": leaders,
}
