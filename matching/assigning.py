"""The step that assigns a cohort: rows in, the engine of ``matching.cohort``, rows out."""

from collections import defaultdict
from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.db.models import Q

from foundation.people.holding import hold_shown
from foundation.people.hours import usual_hours
from foundation.people.models import Person, Profile
from foundation.projects.models import Project
from foundation.runs import ledger
from foundation.runs.models import Run
from matching.cohort.answer import answer, assign
from matching.cohort.cast import Cast, Mentee, Mentor, Pair, Rules, Wish
from matching.cohort.cast import Project as Offered
from matching.cohort.problem import Infeasible, build
from matching.lists.wishes import Wishes, folded
from mentorship.models import Cohort, CohortPlacement, Match, MentorOffer, MentorRequest, PairRule

ONE_PLACE = 1  # of a mentor who said nothing


def assign_cohort(run: Run) -> dict:
    """Compute the cohort whose primary key is the run's scope; a published one stays as it is."""
    cohort = Cohort.objects.filter(pk=run.scope).first()
    if cohort is None or cohort.is_published:
        return {"cohort": None}
    try:
        problem = build(cast_of(cohort, run.as_of.date()))
    except Infeasible as error:
        faults = [asdict(fault) for fault in error.faults]
        _write(run, cohort, Cohort.State.INFEASIBLE, [], {}, faults)
        return {"faults": len(faults)}
    found = assign(problem, cohort.engine, cohort.objective, seed=cohort.seed)
    told = answer(problem, found)
    _write(run, cohort, Cohort.State.PREVIEW, told["placements"], told["summary"], [])
    return {key: told["summary"][key] for key in ("mentees", "matched", "blocking_pairs")}


def _write(run: Run, cohort: Cohort, state: str, placements, summary: dict, faults) -> None:
    projects = dict(Project.objects.values_list("slug", "pk"))
    rows = [_placement(cohort, projects, one) for one in placements]
    people = {person for row in rows for person in (row.mentee_id, row.mentor_id)} - {None}
    with transaction.atomic():
        ledger.hold(run)
        shown = hold_shown(people) | {None}
        rows = [row for row in rows if {row.mentee_id, row.mentor_id} <= shown]
        mine = Cohort.objects.unpublished().filter(pk=cohort.pk)
        if mine.update(state=state, summary=summary, faults=faults, as_of=run.as_of):
            CohortPlacement.objects.filter(cohort=cohort).delete()
            CohortPlacement.objects.bulk_create(rows, batch_size=500)


def _placement(cohort: Cohort, projects: dict[str, int], told: dict) -> CohortPlacement:
    return CohortPlacement(
        cohort=cohort,
        mentee_id=int(told["mentee"]),
        mentor_id=None if told["mentor"] is None else int(told["mentor"]),
        project_id=projects.get(told["project"]),
        rank=told["rank"],
        score=told["score"],
        why_not=told["why_not"],
        would_help=told["would_help"],
    )


def cast_of(cohort: Cohort, on: date) -> Cast:
    """Everybody who asks, the mentors suggested to them, and the rules; keys are primary keys."""
    requests = list(
        MentorRequest.objects.open()
        .filter(person__is_hidden=False, person__erased_at=None)
        .select_related("person__user", "project")
    )
    asking = {str(request.person_id) for request in requests}
    rules = [
        rule
        for rule in PairRule.objects.filter(Q(cohort=cohort) | Q(cohort=None)).select_related(
            "project"
        )
        if str(rule.mentee_id) in asking
    ]
    suggested = _suggested(requests)
    ranks = _fit_ranks(suggested)
    helpers = _co_mentors(cohort)
    mentors = ranks.keys() | {rule.mentor_id for rule in rules} | set().union(*helpers.values())
    return Cast(
        mentees=_mentees(requests, suggested),
        mentors=_mentors(mentors, ranks, cohort, on),
        projects=_projects(requests, suggested, rules, cohort, helpers),
        rules=_rules(rules, cohort),
    )


def _suggested(requests) -> dict[tuple[int, int], list[tuple[int, float]]]:
    """(person, project) → the mentors suggested there, with their scores."""
    asked = {(request.person_id, request.project_id) for request in requests}
    matches = Match.objects.filter(mentee__in={person for person, _ in asked})
    found = defaultdict(list)
    for mentee, project, mentor, score in matches.values_list(
        "mentee", "project", "mentor", "score"
    ):
        if (mentee, project) in asked:
            found[mentee, project].append((mentor, min(max(score, 0.0), 1.0)))
    return found


def _fit_ranks(suggested) -> dict[int, dict[str, int]]:
    """Mentor → mentees by how well they fit, 1 first; nobody asks mentors for a ranking."""
    fit: dict[int, dict[str, float]] = defaultdict(dict)
    for (mentee, _project), found in suggested.items():
        for mentor, score in found:
            fit[mentor][str(mentee)] = max(score, fit[mentor].get(str(mentee), 0.0))
    return {mentor: _ranked(scores) for mentor, scores in fit.items()}


def _ranked(scores: dict[str, float]) -> dict[str, int]:
    place = {score: n for n, score in enumerate(sorted(set(scores.values()), reverse=True), 1)}
    return {mentee: place[score] for mentee, score in scores.items()}


def _worth(fit: float, rank: int) -> float:
    """Half how well the two fit, half how dear the wish is."""
    return (fit + 1 / max(rank, 1)) / 2


def _mentees(requests, suggested) -> tuple[Mentee, ...]:
    wishes, hours, languages = defaultdict(list), defaultdict(set), defaultdict(set)
    for request in requests:
        key, said = str(request.person_id), Wishes.of(request)
        hours[key] |= said.hours
        languages[key] |= said.languages
        wishes[key] += [
            Wish(request.project.slug, request.rank, str(mentor), _worth(fit, request.rank))
            for mentor, fit in suggested.get((request.person_id, request.project_id), [])
        ]
    return tuple(
        Mentee(key, tuple(wishes[key]), frozenset(hours[key]), frozenset(languages[key]))
        for key in hours
    )


def _mentors(people: set[int], ranks, cohort: Cohort, on: date) -> tuple[Mentor, ...]:
    offers = {offer.person_id: offer for offer in MentorOffer.objects.filter(person__in=people)}
    gone = set(
        Person.objects.filter(pk__in=people)
        .exclude(is_hidden=False, erased_at=None)
        .values_list("pk", flat=True)
    )
    more = cohort.more_places.get("mentors", {})
    clocks = _clocks(people)

    def places(person: int) -> int:
        offer = offers.get(person)
        if person in gone or (offer is not None and not offer.is_open(on)):
            return 0
        return (offer.places if offer else ONE_PLACE) + more.get(str(person), 0)

    return tuple(
        Mentor(
            str(person),
            places(person),
            ranks.get(person, {}),
            hours=usual_hours(clocks.get(person, [])),
            languages=folded(offers[person].languages) if person in offers else frozenset(),
        )
        for person in people
    )


def _clocks(people: set[int]) -> dict[int, list[int]]:
    clocks: dict[int, list[int]] = {}
    profiles = Profile.objects.filter(person__in=people)
    for person, hours in profiles.values_list("person", "hours_utc"):
        known = clocks.get(person, [0] * 24)
        clocks[person] = [a + b for a, b in zip(known, hours, strict=False)]
    return clocks


def _projects(requests, suggested, rules, cohort: Cohort, helpers) -> tuple[Offered, ...]:
    """The projects that are asked for, and those that somebody is pinned in."""
    teams: dict[str, set[str]] = {request.project.slug: set() for request in requests}
    for request in requests:
        found = suggested.get((request.person_id, request.project_id), [])
        teams[request.project.slug] |= {str(mentor) for mentor, _ in found}
    for rule in rules:
        if rule.kind == PairRule.Kind.PIN:
            teams.setdefault(rule.project.slug, set()).add(str(rule.mentor_id))
    more = cohort.more_places.get("projects", {})
    most = cohort.places_a_project
    return tuple(
        Offered(
            slug,
            tuple(sorted(team)),
            None if most is None else most + more.get(slug, 0),
            tuple(sorted(map(str, helpers.get(slug, ())))),
        )
        for slug, team in teams.items()
    )


def _co_mentors(cohort: Cohort) -> dict[str, set[int]]:
    """Project → who helps there with every mentee, in this cohort."""
    found: dict[str, set[int]] = defaultdict(set)
    for slug, mentor in cohort.co_mentors.values_list("project__slug", "mentor"):
        found[slug].add(mentor)
    return found


def _rules(rules, cohort: Cohort) -> Rules:
    def pairs(kind: str) -> tuple[Pair, ...]:
        return tuple(
            Pair(str(r.mentee_id), str(r.mentor_id), r.project.slug if r.project else None)
            for r in rules
            if r.kind == kind
        )

    return Rules(
        min_hours=cohort.min_hours,
        common_language=cohort.common_language,
        pins=pairs(PairRule.Kind.PIN),
        forbidden=pairs(PairRule.Kind.FORBIDDEN),
        conflicts=pairs(PairRule.Kind.CONFLICT),
    )
