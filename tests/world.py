"""The cast: small functions that make a foundation, its people, and what they did.

Everything is made around ``NOW``; tests that read a page travel there first (``at_now``).
"""

from datetime import UTC, datetime, timedelta
from itertools import count

import time_machine
from allauth.account.models import EmailAddress

from foundation.accounts.models import User
from foundation.activity.models import Activity, Change
from foundation.people.models import (
    Consent,
    Identity,
    IdentityLink,
    LeaderSignal,
    Lull,
    Person,
    Sighting,
)
from foundation.profiles.build import update_profiles
from foundation.projects.models import Foundation, Project, Repository
from foundation.runs.models import BacktestReport, Run, TrainedModel
from mentorship.models import Cohort, CohortPlacement, CoMentor, Exposure, Match, MentorRequest

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
_numbers = count(1)


def at_now():
    """Travel to the moment around which the cast lives; time stands still there."""
    return time_machine.travel(NOW, tick=False)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


# -- accounts ----------------------------------------------------------------------------------


def user(email: str, *, verified: bool = True, **fields) -> User:
    account = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=account, email=email, verified=verified, primary=True)
    return account


def steward(email: str = "stella@foundation.example") -> User:
    return user(email, is_steward=True)


# -- projects ----------------------------------------------------------------------------------


def project(slug: str = "keel", name: str = "") -> Project:
    foundation, _ = Foundation.objects.get_or_create(name="Halyard Foundation")
    return Project.objects.create(foundation=foundation, slug=slug, name=name or slug.capitalize())


def repository(of: Project, name: str = "", **fields) -> Repository:
    return Repository.objects.create(
        project=of, name=name or of.slug, github=f"halyard/{name or of.slug}", **fields
    )


# -- people ------------------------------------------------------------------------------------


def person(name: str, email: str = "", *, account: User | None = None) -> Person:
    """Somebody with one identity; the address is made of the name when none is given."""
    somebody = Person.objects.create(name=name, user=account)
    identity(somebody, email or f"{name.split()[0].lower()}@halyard.example")
    return somebody


def identity(of: Person | None, email: str, *, name: str = "", kind: str = "human") -> Identity:
    name = name or (of.name if of else email.partition("@")[0])
    return Identity.objects.create(
        key=f"git:{name}<{email}>", source="git", name=name, email=email, person=of, kind=kind
    )


def link(one: Identity, other: Identity, *, rule: str = "mailmap", state: str = "applied"):
    left, right = sorted((one, other), key=lambda identity: identity.pk)
    return IdentityLink.objects.create(left=left, right=right, rule=rule, state=state)


def own_identity(of: Person) -> Identity:
    return of.identities.order_by("pk").first()


# -- facts -------------------------------------------------------------------------------------


def change(
    repo: Repository,
    author: Person | Identity,
    *,
    at: datetime,
    subject: str = "Fix the tensor view",
    paths: tuple[str, ...] = ("keel/core/view.py",),
    **fields,
) -> Change:
    """A commit, with its author's activity and where the author was seen."""
    who = author if isinstance(author, Identity) else own_identity(author)
    made = Change.objects.create(
        repository=repo,
        kind="commit",
        external_id=f"{next(_numbers):040x}",
        author=who,
        authored_at=at,
        landed_at=at,
        author_offset=0,
        subject=subject,
        paths="\n".join(paths),
        path_count=len(paths),
        **fields,
    )
    Activity.objects.create(change=made, identity=who, kind="authored", at=at)
    _see(who, repo, at)
    return made


def pull(repo: Repository, author: Person | Identity, number: int, **fields) -> Change:
    """A pull request, as events tell of it."""
    who = author if isinstance(author, Identity) else own_identity(author)
    return Change.objects.create(
        repository=repo,
        kind="pull_request",
        external_id=f"pull/{number}",
        pull_request=number,
        author=who,
        subject=f"Pull {number}",
        **fields,
    )


def deed(
    of: Change,
    by: Person | Identity,
    kind: str = "reviewed",
    *,
    at: datetime | None = None,
    external_id: str = "",
) -> Activity:
    """Somebody did something about a change: reviewed it, unless said otherwise."""
    who = by if isinstance(by, Identity) else own_identity(by)
    at = at or of.landed_at
    _see(who, of.repository, at)
    return Activity.objects.create(
        change=of,
        identity=who,
        kind=kind,
        at=at,
        counterpart=of.author if of.author != who else None,
        external_id=external_id,
    )


def _see(who: Identity, repo: Repository, at: datetime) -> None:
    seen, made = Sighting.objects.get_or_create(
        identity=who, repository=repo, defaults={"first_at": at, "last_at": at}
    )
    if not made:
        seen.first_at, seen.last_at = min(seen.first_at, at), max(seen.last_at, at)
        seen.save(update_fields=["first_at", "last_at"])


def profiles(*projects: Project) -> None:
    """Derive profiles and expertise from the facts, as the service does."""
    for each in projects:
        update_profiles(each)


# -- computed rows -----------------------------------------------------------------------------


def model(task: str = "mentors", version: str = "") -> TrainedModel:
    return TrainedModel.objects.create(
        task=task, version=version or f"{task}-2026-03-01", as_of=days_ago(1)
    )


REASONS = [
    {"feature": "unknown-a", "contribution": 1.0, "value": 3.0, "evidence": {}},
]


def request(by: Person, on: Project, **fields) -> MentorRequest:
    return MentorRequest.objects.create(person=by, project=on, **fields)


def match(mentee: Person, mentor: Person, on: Project, *, rank: int = 1, **fields) -> Match:
    fields = {
        "kind": Match.Kind.ASKED,
        "score": 1 / rank,
        "reasons": REASONS,
        "method": "recency",
        "as_of": days_ago(1),
    } | fields
    return Match.objects.create(mentee=mentee, mentor=mentor, project=on, rank=rank, **fields)


def cohort(*, mentors: dict | None = None, projects: dict | None = None, **fields) -> Cohort:
    """A computed preview of two mentees, one of them placed; loads by key as [load, limit]."""
    summary = {
        "mentees": 2,
        "matched": fields.pop("matched", 1),
        "ranks": [1],
        "worst_rank": 1,
        "total": 0.8,
        "bound": None,
        "mentors": {str(key): load for key, load in (mentors or {}).items()},
        "projects": projects or {},
    }
    of_then = dict.fromkeys(("made_at", "as_of", "computed_at"), days_ago(1))
    fields = {"name": "Spring", "state": "preview"} | of_then | fields
    return Cohort.objects.create(summary=summary, **fields)


def placement(of: Cohort, mentee: Person, mentor=None, on=None, **fields) -> CohortPlacement:
    """Where somebody is placed, at their first wish; nowhere without a mentor."""
    fields = {"rank": 1 if mentor else None, "score": 0.8 if mentor else None} | fields
    return CohortPlacement.objects.create(
        cohort=of, mentee=mentee, mentor=mentor, project=on, **fields
    )


def place(mentee: Person, mentor: Person, on: Project, *, at: datetime) -> CohortPlacement:
    """Where a published cohort has placed somebody; its mentorship is yet to begin."""
    return placement(cohort(state="published", published_at=at), mentee, mentor, on)


def co_mentor(of: Cohort, mentor: Person, on: Project) -> CoMentor:
    return CoMentor.objects.create(cohort=of, mentor=mentor, project=on, made_at=days_ago(1))


def exposure(mentee: Person, mentor: Person, on: Project, *, rank: int = 1, **fields) -> Exposure:
    fields = {"method": "recency", "offered_at": days_ago(20)} | fields
    return Exposure.objects.create(mentee=mentee, mentor=mentor, project=on, rank=rank, **fields)


def mentorship(mentee: Person, mentor: Person, on: Project, **fields) -> Exposure:
    """Two who work together since five days ago."""
    said = {"asked_at": days_ago(6), "answer": "accepted", "answered_at": days_ago(5)}
    return exposure(mentee, mentor, on, **said | fields)


def signal(of: Person, on: Project, **fields) -> LeaderSignal:
    made_by = TrainedModel.objects.filter(task="leaders").first() or model("leaders")
    fields = {
        "probability": 0.34,
        "low": 0.21,
        "high": 0.5,
        "base": -1.66,
        "reasons": REASONS,
        "model": made_by,
        "as_of": days_ago(1),
        "expires_at": NOW + timedelta(days=60),
    } | fields
    return LeaderSignal.objects.create(person=of, project=on, **fields)


def fresh() -> dict:
    """When a computed row was made, and how long it holds."""
    return {"as_of": days_ago(1), "expires_at": NOW + timedelta(days=30)}


def lull(of: Person, **fields) -> Lull:
    fields = {"last_on": days_ago(64).date(), "days": 64, "usual_days": 9, "chance": 0.01} | fields
    fields = fresh() | {"told_since": days_ago(1)} | fields
    return Lull.objects.create(person=of, **fields)


def consent(of: Person) -> Consent:
    return Consent.objects.create(
        person=of, purpose=Consent.Purpose.LEADER_NUMBER, granted_at=days_ago(2)
    )


def backtest(task: str = "mentors") -> BacktestReport:
    """A report of a community in which nothing could be asked."""
    report = {"task": task, "projects": ["keel"], "data_hash": "0" * 64, "methods": {}}
    return BacktestReport.objects.create(
        task=task,
        period=f"p{next(_numbers)}",
        data_hash=report["data_hash"],
        as_of=days_ago(1),
        report=report,
    )


def run(task: str = "profiles", scope: str = "keel", *, state: str = "done", **fields) -> Run:
    fields = {
        "period": f"p{next(_numbers)}",
        "as_of": days_ago(1),
        "queued_at": days_ago(0.5),
        "started_at": days_ago(0.5),
        "finished_at": days_ago(0.5) + timedelta(seconds=4),
        "attempts": 1,
    } | fields
    return Run.objects.create(task=task, scope=scope, state=state, **fields)
