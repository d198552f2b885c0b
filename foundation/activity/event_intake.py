"""Taking in GitHub events: pull requests and issues become changes, deeds become activities.

A push is a hint only (since October 2025 its payload tells no commits): authorship comes from git.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from django.db import transaction

from foundation.activity.accounts import learn_accounts, note_account
from foundation.activity.models import Activity, Change
from foundation.activity.register import IdentityRegister
from foundation.activity.reviews import KINDS as REVIEWS
from foundation.activity.sightings import note_sightings
from foundation.activity.sources.record import BadLine, EventRecord, SkippedEvent, Who
from foundation.activity.threads import Told
from foundation.activity.turns import hold_projects
from foundation.people.merging import mark_stale
from foundation.people.models import Identity
from foundation.people.persons import make_nobody
from foundation.projects.models import Project, Repository

BATCH = 2_000
SHOWN_BAD_LINES = 20
SPACE = "github"


@dataclass
class EventIntake:
    """What an intake of events did; ``unknown`` counts events of repositories not cared for."""

    events: int = 0
    activities: int = 0
    bad: int = 0
    bad_lines: list[tuple[int, str]] = field(default_factory=list)
    skipped: Counter = field(default_factory=Counter)
    unknown: Counter = field(default_factory=Counter)

    def as_result(self) -> dict:
        return {
            **vars(self),
            "skipped": dict(self.skipped.most_common(20)),
            "unknown": dict(self.unknown.most_common(20)),
        }


def take_in_events(
    outcomes: Iterable, *, project: Project | None = None, progress=lambda count: None
) -> EventIntake:
    """Write what the events tell. Repositories that are not known join ``project``, if given."""
    intake, register = EventIntake(), IdentityRegister()
    repositories: dict[str, Repository | None] = {}
    outcomes = iter(outcomes)
    while batch := list(islice(outcomes, BATCH)):
        told = [event for event in batch if _is_told(event, intake)]
        for name in dict.fromkeys(event.repository for event in told):
            if name not in repositories:
                repositories[name] = find_repository(name, project)
        with transaction.atomic():
            # What was told of a change is read, added to and written: by one intake at a time.
            found = (repositories[event.repository] for event in told)
            hold_projects({repository.project_id for repository in found if repository})
            _write(told, repositories, register, intake)
        progress(len(batch))
    for repository in filter(None, repositories.values()):
        settle_merges(repository)
        learn_accounts(repository)
    return intake


def _is_told(event, intake: EventIntake) -> bool:
    if isinstance(event, BadLine):
        intake.bad += 1
        if len(intake.bad_lines) < SHOWN_BAD_LINES:
            intake.bad_lines.append((event.number, event.reason))
    elif isinstance(event, SkippedEvent):
        intake.skipped[event.type] += 1
    elif not event.change:
        intake.skipped[event.kind] += 1
    else:
        return True
    return False


def find_repository(name: str, project: Project | None) -> Repository | None:
    """The repository that GitHub calls ``owner/name``, or None.

    A name alone proves nothing, since forks share it: only in the ``project`` that was named for
    repositories to join is a namesake that has no name on GitHub yet held to be the one.
    """
    known = Repository.objects.filter(github__iexact=name).select_related("project").first()
    if known or project is None:
        return known
    short = name.rpartition("/")[2]
    namesake = project.repositories.filter(name__iexact=short).order_by("pk").first()
    if namesake is None:
        return project.repositories.create(name=short, github=name)
    if namesake.github:
        return project.repositories.create(name=name, github=name)
    namesake.github = name
    namesake.save(update_fields=["github"])
    return namesake


def _write(events: list[EventRecord], repositories, register, intake: EventIntake) -> None:
    wanted = []
    for event in events:
        if repositories[event.repository]:
            wanted.append(event)
        else:
            intake.unknown[event.repository] += 1
    people = [who for event in wanted for who in (event.actor, event.author) if who]
    register.learn(dict.fromkeys((who, SPACE) for who in people if _is_named(who)))
    _mark_bots(wanted, register)
    by_repository: dict[Repository, list[EventRecord]] = {}
    for event in wanted:
        by_repository.setdefault(repositories[event.repository], []).append(event)
    for repository, group in by_repository.items():
        changes = _changes(repository, group, register)
        _activities(repository, group, changes, register, intake)
        _learn_accounts(repository, group)
    intake.events += len(wanted)


def _is_named(who: Who | None) -> bool:
    return who is not None and any((who.name, who.email, who.login))


def _mark_bots(events, register) -> None:
    """What GitHub itself calls a bot is one, unless a human decided otherwise."""
    bots = {register[e.actor, SPACE] for e in events if e.actor_is_bot and _is_named(e.actor)}
    bots |= {register[e.author, SPACE] for e in events if e.author_is_bot and _is_named(e.author)}
    held = Identity.objects.filter(pk__in=bots, is_locked=False).exclude(kind=Identity.Kind.BOT)
    turned = list(held.values_list("pk", flat=True))
    make_nobody(turned)  # whoever they were held to be did not do what they did
    Identity.objects.filter(pk__in=turned).update(
        kind=Identity.Kind.BOT, kind_reason="github-type", is_settled=False
    )


def _changes(repository, events, register) -> dict[str, Change]:
    """The pull requests, issues and releases of events, as the latest event left them."""
    names = {event.change for event in events}
    known = {
        change.external_id: change
        for change in Change.objects.filter(repository=repository, external_id__in=names)
    }
    before = {name: (change.author_id, change.subject) for name, change in known.items()}
    fresh: dict[str, Change] = {}
    for event in sorted(events, key=lambda e: e.at):
        change = known.get(event.change) or fresh.get(event.change)
        if change is None:
            change = fresh[event.change] = Change(
                repository=repository, external_id=event.change, kind=_kind(event.change)
            )
        _learn(change, event, register, repository.project.merged_by_label)
    Change.objects.bulk_create(fresh.values(), batch_size=500)
    Change.objects.bulk_update(
        known.values(),
        ["author", "authored_at", "landed_at", "subject", "is_merged", "told"],
        batch_size=200,
    )
    for name, change in known.items():
        if (change.author_id, change.subject) != before[name]:
            _correct_activities(change, before[name][0])
    return known | fresh


def _correct_activities(change: Change, author: int | None) -> None:
    """What came in before a change's author was known was done for that author as well."""
    told = Activity.objects.filter(change=change)
    if change.author_id != author:
        told.exclude(identity=change.author_id).update(counterpart=change.author_id)
    # What a review says of its reviewer hangs on the title, and on whose work it was.
    mark_stale(told.filter(kind__in=REVIEWS).values_list("identity", flat=True))


def _kind(change: str) -> str:
    word = change.partition("/")[0]
    return "pull_request" if word == "pull" else word


def _learn(change: Change, event: EventRecord, register, merged_by_label: bool) -> None:
    if event.change.startswith("pull/"):
        change.pull_request = event.number
    opened = event.kind.startswith("opened")
    author = event.author or (event.actor if opened else None)
    if change.author_id is None and _is_named(author):
        change.author_id = register[author, SPACE]
    began = event.opened_at or (event.at if opened else None)
    if began and (change.authored_at is None or _aware(began) < change.authored_at):
        change.authored_at = _aware(began)
    told = _told(change)
    told.learn(event)
    change.told, change.subject = told.as_json(), told.title
    if event.change.startswith("pull/"):
        change.is_merged = told.is_merged(by_label=merged_by_label)
        landed = told.landed_at(by_label=merged_by_label)
        change.landed_at = None if landed is None else _aware(landed)
    elif event.kind == "released":
        change.landed_at = min(filter(None, (change.landed_at, _aware(event.at))))


def _told(change: Change) -> Told:
    """What is known of a change; of one that came in before that was kept, what it says itself."""
    if change.told is not None:
        return Told(**change.told)
    told = Told(title=change.subject)
    if change.is_merged and change.landed_at:
        told.merged_at = int(change.landed_at.timestamp())
    elif change.is_merged is False:
        told.closed_at = told.unmerged_at = 0
    return told


def _aware(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _activities(repository, events, changes, register, intake: EventIntake) -> None:
    """What was done, as it was told: what a review of one's own work is, or a second one, depends
    on what else is known and is decided by whoever counts (``foundation.activity.reviews``)."""
    known = set(
        Activity.objects.filter(change__in=[c.pk for c in changes.values()]).values_list(
            "change", "identity", "kind", "external_id"
        )
    )
    rows, seen = {}, {}
    for event in events:
        if not _is_named(event.actor):
            continue
        who, change = register[event.actor, SPACE], changes[event.change]
        counterpart = change.author_id if who != change.author_id else None
        key = (change.pk, who, event.kind, event.external_id)
        rows[key] = Activity(
            change=change,
            identity_id=who,
            kind=event.kind,
            at=_aware(event.at),
            counterpart_id=counterpart,
            external_id=event.external_id,
        )
        first, last = seen.get(who, (event.at, event.at))
        seen[who] = (min(first, event.at), max(last, event.at))
    fresh = [row for key, row in rows.items() if key not in known]
    Activity.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    note_sightings(repository, seen)
    intake.activities += len(fresh)


def _learn_accounts(repository, events) -> None:
    """The author of a pull request is the author of the commit it became, by GitHub's own word."""
    account_of = {
        event.commit: event.author.github_id
        for event in events
        if event.is_merged and event.commit and event.author and event.author.github_id
    }
    landed = Change.objects.filter(
        repository=repository, kind="commit", external_id__in=account_of, is_merge=False
    )
    for change in landed.select_related("author"):
        identity = change.author
        # Numbers that contradict each other prove nothing; the first one stays.
        if identity and identity.api_github_id is None and identity.github_id is None:
            note_account(identity.pk, account_of[change.external_id])


def settle_merges(repository: Repository) -> int:
    """Where a bot lands changes, a commit that names a pull request says that it was merged."""
    if not repository.project.merged_by_label:
        return 0
    landing = Change.objects.standing().filter(
        repository=repository, kind="commit", pull_request__isnull=False
    )
    pulls = Change.objects.filter(
        repository=repository, kind="pull_request", pull_request__in=landing.values("pull_request")
    )
    return pulls.exclude(is_merged=True).update(is_merged=True)
