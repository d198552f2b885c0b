"""From rows to a cast: who asks, who mentors within today's limits, and the rules."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from foundation.people.hours import usual_hours
from foundation.people.models import Profile
from matching.cohort.cast import Cast, Mentee, Mentor, Pair, Project, Rules, Wish
from matching.lists.wishes import Wishes, folded
from mentorship.models import (
    Cohort,
    CohortPlacement,
    Exposure,
    Match,
    MentorOffer,
    MentorRequest,
    PairRule,
)
from mentorship.places import room

Teams = Mapping[str, set[int]]  # project → who mentors there


def cast_of(cohort: Cohort, now: datetime) -> Cast:
    """Everybody who asks, the mentors suggested to them, and the rules; keys are primary keys.

    Whoever works with a mentor already is left out, and open mentorships take their places.
    """
    requests = _requests()
    rules = _rules_about(cohort, requests)
    suggested = _suggested(requests)
    teams: dict[str, set[int]] = {request.project.slug: set() for request in requests}
    wishes = defaultdict(list)
    for request in requests:
        slug = request.project.slug
        for mentor, fit in suggested[request.person_id, request.project_id]:
            teams[slug].add(mentor)
            worth = _worth(fit, request.rank)
            wishes[request.person_id].append(Wish(slug, request.rank, str(mentor), worth))
    for rule in rules:
        if rule.kind == PairRule.Kind.PIN:
            teams.setdefault(rule.project.slug, set()).add(rule.mentor_id)
    helpers = _co_mentors(cohort)
    people = _everybody(teams, helpers, rules)
    more = cohort.more_places.get("mentors", {})
    return Cast(
        mentees=_mentees(requests, wishes),
        mentors=_mentors(people, _fit_ranks(suggested), more, now),
        projects=_projects(teams, cohort, helpers),
        rules=_rules(rules, cohort),
    )


def cast_as_placed(cohort: Cohort, placed: Iterable[CohortPlacement], now: datetime) -> Cast:
    """Whoever is placed and still asks, the place their only wish, under today's limits and rules.

    Places that a what-if only assumed of a mentor do not count: they are the mentor's to give.
    """
    wishes = {
        row.mentee_id: [Wish(row.project.slug, 1, str(row.mentor_id), row.score)] for row in placed
    }
    requests = [request for request in _requests() if request.person_id in wishes]
    rules = [rule for rule in _rules_about(cohort, requests) if rule.kind != PairRule.Kind.PIN]
    teams = defaultdict(set)
    for (wish,) in wishes.values():
        teams[wish.project].add(int(wish.mentor))
    helpers = _co_mentors(cohort)
    people = _everybody(teams, helpers, rules)
    return Cast(
        mentees=_mentees(requests, wishes),
        mentors=_mentors(people, {}, {}, now),
        projects=_projects(teams, cohort, helpers),
        rules=_rules(rules, cohort),
    )


def _requests() -> list[MentorRequest]:
    return list(MentorRequest.objects.to_be_met().select_related("person__user", "project"))


def _rules_about(cohort: Cohort, requests: Iterable[MentorRequest]) -> list[PairRule]:
    asking = {request.person_id for request in requests}
    rules = PairRule.objects.filter(Q(cohort=cohort) | Q(cohort=None)).select_related("project")
    return [rule for rule in rules if rule.mentee_id in asking]


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


def _everybody(teams: Teams, helpers: Teams, rules: Iterable[PairRule]) -> set[int]:
    teams = [*teams.values(), *helpers.values()]
    return set().union(*teams, (rule.mentor_id for rule in rules))


def _mentees(requests, wishes: Mapping[int, list[Wish]]) -> tuple[Mentee, ...]:
    hours, languages = defaultdict(set), defaultdict(set)
    for request in requests:
        said = Wishes.of(request)
        hours[request.person_id] |= said.hours
        languages[request.person_id] |= said.languages
    return tuple(
        Mentee(str(key), tuple(wishes.get(key, ())), frozenset(said), frozenset(languages[key]))
        for key, said in hours.items()
    )


def _mentors(people: set[int], ranks, more: Mapping[str, int], now: datetime):
    places, clocks = room(people, now), _clocks(people)
    spoken = dict(MentorOffer.objects.filter(person__in=people).values_list("person", "languages"))

    def given(person: int) -> int:
        return max(places[person] + more.get(str(person), 0), 0) if person in places else 0

    return tuple(
        Mentor(
            str(person),
            given(person),
            ranks.get(person, {}),
            hours=usual_hours(clocks.get(person, [])),
            languages=folded(spoken.get(person, "")),
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


def _projects(teams: Teams, cohort: Cohort, helpers: Teams) -> tuple[Project, ...]:
    """The projects that are asked for, and those that somebody is pinned in."""
    more = cohort.more_places.get("projects", {})
    most = cohort.places_a_project
    return tuple(
        Project(
            slug,
            tuple(sorted(map(str, team))),
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


def left_out() -> list[dict]:
    """Who asks but works with a mentor already: one of their mentorships each, by keys."""
    asking = MentorRequest.objects.open().filter(person=OuterRef("mentee"))
    mentorships = Exposure.objects.open_mentorships().filter(
        Exists(asking), mentee__is_hidden=False, mentee__erased_at=None
    )
    rows = mentorships.order_by("mentee__name", "mentee", "pk")
    found = {
        mentee: {"mentee": mentee, "mentor": mentor, "project": slug}
        for mentee, mentor, slug in rows.values_list("mentee", "mentor", "project__slug")
    }
    return list(found.values())


def rests_on(cast: Cast, now: datetime) -> dict[str, str]:
    """Digests of what a cohort's settings and rules do not say: where two differ, the world has
    changed between their computing, whatever else was asked of them."""
    wishes = [(one.key, wish) for one in cast.mentees for wish in one.wishes]
    suggested = {wish.mentor for _, wish in wishes}
    limits = room({int(mentor) for mentor in suggested}, now)
    parts = {
        "asking": [
            (one.key, sorted(one.hours), sorted(one.languages), _ranks(one)) for one in cast.mentees
        ],
        "suggestions": [(key, wish.project, wish.mentor, wish.score) for key, wish in wishes],
        "limits": [
            (one.key, limits.get(int(one.key)), sorted(one.hours), sorted(one.languages))
            for one in cast.mentors
            if one.key in suggested
        ],
        "conflicts": [(pair.mentee, pair.mentor) for pair in cast.rules.conflicts],
    }
    return {name: _digest(rows) for name, rows in parts.items()}


def _ranks(mentee: Mentee) -> list[tuple[str, int]]:
    return sorted({(wish.project, wish.rank) for wish in mentee.wishes})


def _digest(rows: list[tuple]) -> str:
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:16]
