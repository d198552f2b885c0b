"""The steps of a refresh: facts → profiles → models → rows. Each may be done again, or killed.

A step computes first and then writes all of its rows in one transaction that begins by holding
the run, so a worker that lost its run writes nothing, and then asks who is still there: what was
computed of somebody who hid meanwhile, or was erased, is not written.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
from django.conf import settings
from django.db import transaction

from foundation.activity.reading import ingest_git, open_source
from foundation.people.holding import hold_shown
from foundation.people.invitations import left_out, note_invitations, readable
from foundation.people.leader_counts import Counting
from foundation.people.models import LeaderSignal, Person
from foundation.profiles.build import update_profiles
from foundation.projects.models import Project, Repository
from foundation.runs import ledger
from foundation.runs.models import Run
from foundation.runs.work import Step
from matching import parts
from matching.assigning import assign_cohort
from matching.backtest import backtest_step
from matching.care.lulls import lulls
from matching.community import SEED, Community, community_at
from matching.emerging.landmark_training import training_of
from matching.emerging.leaders import HORIZONS, LeaderModels
from matching.emerging.rising import Rising, rising_in
from matching.lists.limits import Limits, bounds_of
from matching.lists.match_rows import match_rows, offers_in, still_offered, write_matches
from matching.lists.reach import nearer
from matching.lists.suggest import (
    Mentee,
    Suggested,
    mentees_of,
    requests_in,
    suggest,
    suggest_each,
)
from matching.ranking.serving import Served
from matching.registry import cards, shelf
from matching.registry.champion import leaders_exam, mentors_exam
from matching.touched import BASIS, basis_of, before, standing_matches
from mentorship.exposure import note_joint_work, note_offers
from mentorship.models import Match, MentorOffer, MentorRequest

SIGNAL_LASTS = timedelta(days=90)
TOLD_AS = "counted as on the pages"  # rows that were told otherwise are written anew


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


def draw_pairs(run: Run) -> dict:
    """Draw pairs to learn from, of a slice of what is asked; ``scope`` is its number."""
    return parts.draw(run, community_at(run.as_of))


def train_part(run: Run) -> dict:
    """Learn one part of the mentor ranker; ``scope`` is its name."""
    return parts.learn(run, community_at(run.as_of))


def train_mentors(run: Run) -> dict:
    """Put the parts together: who reviewed or mentored whom; too little history teaches nothing."""
    community = community_at(run.as_of)
    served = parts.assemble(run, community)
    exam = mentors_exam(community.lesson.features, served.trial) if served.trial else None
    shelved = shelf.put(run, served.ranker, cards.mentors(community, served), exam)
    parts.forget(run)
    return {"learned": served.ranker is not None} | shelved.as_result()


def train_leaders(run: Run) -> dict:
    """Learn who of those active, not core yet, was core a year later, or two."""
    community = community_at(run.as_of)
    trainings = {
        years: training_of(community.history, community.seconds, horizon=years)
        for years in HORIZONS
    }
    elsewhere = shelf.leaders_elsewhere(community.history)
    try:
        models = LeaderModels(random_state=SEED).fit(
            trainings, elsewhere.known_before(community.seconds)
        )
    except ValueError as error:
        return {"version": None, "learned": False, "why": str(error)}
    exam = leaders_exam(community.history, trainings[1], SEED, elsewhere)
    about = cards.leaders(community, trainings, models, elsewhere)
    return {"learned": models.is_taught} | shelf.put(run, models, about, exam).as_result()


def matches(run: Run) -> dict:
    """Write mentors for everybody who asks in a project, and for its newcomers.

    Newcomers of whom nothing is new keep what was written for them within the last day.
    """
    project = Project.objects.get(slug=run.scope)
    requests = requests_in(project)
    asking = [request.person_id for request in requests]
    community = community_at(run.as_of).around(project.slug, asking)
    model, served = shelf.serving_mentors(community)
    mentees = mentees_of(project, community, requests)
    limits = bounds_of(project, community)
    basis = _basis_of_matches(requests, model, limits)
    former = before(run, basis)
    standing = standing_matches(project, former, run.as_of) if former else set()
    kept = {mentee.person for mentee in mentees} & standing
    anew = [mentee for mentee in mentees if mentee.person not in kept]
    answers = answers_in(project, community, served, anew, limits)
    rows = list(match_rows(project, model, run, answers))
    with transaction.atomic():
        ledger.hold(run)
        rows = still_offered(rows, run.as_of)
        # First the lists, then the log: an erasure goes the same way.
        Match.objects.filter(project=project).exclude(mentee__in=kept).delete()
        write_matches(rows)
        note_joint_work(project, now=run.as_of)
        note_offers(project, offers_in(rows, model), now=run.as_of, kept=kept)
    return {"mentees": len(anew), "matches": len(rows), "kept": len(kept), BASIS: basis}


def _basis_of_matches(requests: list[MentorRequest], model, limits: Limits) -> str:
    """What lists rest on besides facts: model, limits, words of both sides, hidden lines, settings.

    Each list is made beside the others, so a new word of anybody asks for all of them anew.
    """
    hidden = sorted((person, sorted(map(repr, lines))) for person, lines in limits.hidden.items())
    version = model.version if model else ""
    fields = [field.attname for field in MentorRequest._meta.concrete_fields]
    said = [tuple(getattr(request, name) for name in fields) for request in requests]
    said += MentorOffer.objects.order_by("pk").values_list()
    shares = (limits.load_weight, limits.unflagged_share)
    return basis_of(version, said, sorted(limits.unavailable), hidden, shares)


def answers_in(
    project: Project,
    community: Community,
    served: Served,
    mentees: list[Mentee],
    limits: Limits,
) -> Iterator[tuple[Mentee, list[Suggested]]]:
    """The lists of some mentees, one after the other: each sees whom the others burden."""
    if not mentees:
        return
    people = [mentee.person for mentee in mentees]
    limits = limits.with_load_of(project, people, community.as_of)
    asked = [mentee for mentee in mentees if mentee.kind == Match.Kind.ASKED]
    for mentee in asked:
        found = suggest(mentee, project.slug, community, served, limits=limits)
        found = nearer(mentee, project.slug, community, served, found, limits=limits)
        if found:
            limits.bear(found[0].mentor)
        yield mentee, found
    others = [mentee for mentee in mentees if mentee.kind != Match.Kind.ASKED]
    yield from suggest_each(others, project.slug, community, served, limits=limits)


def leaders(run: Run) -> dict:
    """Write the invitations of a project; who declined stays declined."""
    project = Project.objects.get(slug=run.scope)
    row, models = shelf.serving_leaders()
    hidden = set(
        Person.objects.exclude(is_hidden=False, erased_at=None).values_list("pk", flat=True)
    )
    # With the day, so that hourly refreshes of a quiet project renew its signals before they end.
    version, share = row.version if row else "", settings.UNFLAGGED_LEADERS
    basis = basis_of(version, sorted(hidden), TOLD_AS, share, run.as_of.date())
    former = before(run, basis)
    if former and not former.touched(project):
        return {"kept": _kept(project, run), BASIS: basis}
    found = rising_in(project.slug, community_at(run.as_of), models) if models else []
    told = _told(project, [one for one in found if one.person not in hidden], run)
    with transaction.atomic():
        ledger.hold(run)
        shown = hold_shown({one.person for one in found})
        former = LeaderSignal.objects.filter(project=project)
        declined = set(former.filter(is_declined=True).values_list("person", flat=True))
        apart = left_out(project, shown, run.as_of)
        former.delete()
        signals = [
            _signal(
                project,
                row,
                run,
                one,
                is_declined=one.person in declined,
                is_unflagged=one.person in apart,
            )
            for one in told
            if one.person in shown
        ]
        LeaderSignal.objects.bulk_create(signals)
        note_invitations(project, now=run.as_of)
        # Stewards read what came of a run: more than they see would tell whom the lot took.
        return {"signals": readable(project).count(), BASIS: basis}


@transaction.atomic
def _kept(project: Project, run: Run) -> int:
    """Let the signals stand; who declined or agreed since is noted. How many stewards may read."""
    ledger.hold(run)
    signals = LeaderSignal.objects.filter(project=project)
    hold_shown(set(signals.values_list("person", flat=True)))
    note_invitations(project, now=run.as_of)
    return readable(project).count()


def _told(project: Project, found: list[Rising], run: Run) -> list[Rising]:
    """The same with what the pages of their reasons list; both horizons of a person together."""
    people = Person.objects.in_bulk({one.person for one in found})
    counting = {key: Counting(person, project, run.as_of) for key, person in people.items()}
    return [
        replace(one, reasons=[counting[one.person].with_count(each) for each in one.reasons])
        for one in found
        if one.person in people
    ]


def _signal(project, model, run: Run, one: Rising, **told: bool) -> LeaderSignal:
    low, probability, high = np.sort([one.low, one.probability, one.high])
    return LeaderSignal(
        project=project,
        person_id=one.person,
        horizon=one.horizon,
        probability=float(probability),
        low=float(low),
        high=float(high),
        base=one.base,
        reasons=one.reasons,
        model=model,
        as_of=run.as_of,
        expires_at=run.as_of + SIGNAL_LASTS,
        **told,
    )


STEPS: dict[str, Step] = {
    "ingest": ingest,
    "profiles": profiles,
    "draw_pairs": draw_pairs,
    "train_part": train_part,
    "train_mentors": train_mentors,
    "train_leaders": train_leaders,
    "lulls": lulls,
    "matches": matches,
    "leaders": leaders,
    "backtest": backtest_step,
    "assign": assign_cohort,
}
