"""Taking in: records of a source become facts. Taking the same thing in twice changes nothing.

A history is written in batches, each one transaction, by one intake at a time. The cursor
(``Repository.head``) moves only after the last batch, so an intake that was killed goes on by
asking which commits it has.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from foundation.activity.accounts import has_pull_requests, learn_accounts
from foundation.activity.event_intake import settle_merges
from foundation.activity.mirrors import told_elsewhere
from foundation.activity.models import Activity, Change
from foundation.activity.register import IdentityRegister
from foundation.activity.sightings import note_sightings
from foundation.activity.sources.git_repository import GitRepository
from foundation.activity.sources.record import ChangeRecord, Who
from foundation.activity.standing import (
    additions,
    in_batches,
    missing_changes,
    take_out_known,
)
from foundation.activity.turns import hold_projects, turn_of
from foundation.bulk import moment, reserve_ids, tidy_up, write_rows, write_soon
from foundation.people.models import Identity, Sighting
from foundation.projects.models import Repository

BATCH = 4_000
MANY = 500  # so many new changes are worth tidying up after

CHANGE_FIELDS = (
    "id",
    "repository",
    "kind",
    "external_id",
    "author",
    "committer",
    "authored_at",
    "author_offset",
    "landed_at",
    "committer_offset",
    "subject",
    "paths",
    "path_count",
    "is_merge",
    "is_import",
    "is_merged",
    "pull_request",
    "differential",
    "ai_assistants",
    "oddities",
)
ACTIVITY_FIELDS = ("id", "change", "identity", "kind", "at", "counterpart", "external_id")


@dataclass
class Intake:
    """What an intake did, for the summary line and the run ledger."""

    changes: int = 0
    activities: int = 0
    identities: int = 0
    withdrawn: int = 0
    returned: int = 0
    elsewhere: int = 0  # known from another repository of the project, and left there
    oddities: Counter = field(default_factory=Counter)

    def as_result(self) -> dict:
        return {**vars(self), "oddities": dict(sorted(self.oddities.items()))}


def take_in_git(
    repository: Repository,
    source: GitRepository,
    *,
    progress: Callable[[int], object] = lambda count: None,
    on_wait: Callable[[], object] = lambda: None,
) -> Intake:
    """Read what is new in the default branch of ``source`` into ``repository``.

    ``on_wait`` is called when another intake of the same repository has to end first.

    Raises
    ------
    SourceError
        When git fails half-way: what was written stays, the cursor does not move.
    """
    if _is_up_to_date(repository, source):
        Repository.objects.filter(pk=repository.pk).update(read_at=timezone.now())
        return Intake()
    with turn_of(repository, on_wait=on_wait):
        # Whoever had the turn before may have moved the cursor.
        repository.refresh_from_db()
        return _take_in(repository, source, progress)


def _is_up_to_date(repository: Repository, source: GitRepository) -> bool:
    # What lay before the edge of a shallow clone may be there now.
    return source.require_head() == repository.head and not repository.is_shallow


def _take_in(repository: Repository, source: GitRepository, progress) -> Intake:
    # Closed whatever happens, so that no git is left waiting for a reader.
    with additions(repository, source, BATCH) as batches:
        if batches is not None:
            return _write(repository, source, batches, Intake(), progress, may_be_known=True)
    source.look_again()  # the head we saw may lie behind what another intake has read since
    intake = Intake()
    if _is_up_to_date(repository, source):
        return intake
    with closing(missing_changes(repository, source, source.require_head(), intake)) as records:
        return _write(repository, source, in_batches(records, BATCH), intake, progress)


def _write(
    repository: Repository, source, batches, intake: Intake, progress, *, may_be_known=False
) -> Intake:
    """Write the batches up to the source's head, and then move the cursor there."""
    register, is_done = IdentityRegister(), False
    for batch in batches:
        with transaction.atomic():
            write_soon()
            hold_projects([repository.project_id])
            fresh = take_out_known(repository, batch, intake) if may_be_known else batch
            write_batch(repository, fresh, register, intake)
            _await_mailmap(repository)
            # Nothing is to be learned where no pull request is known: all in one transaction then.
            is_done = len(batch) < BATCH and not has_pull_requests(repository)
            if is_done:
                _move_cursor(repository, source)
        progress(len(batch))
    intake.identities = register.made
    if intake.changes >= MANY:
        tidy_up(Change, Activity, Identity, Sighting)
    if not is_done:
        _learn_and_move_cursor(repository, source)
    return intake


def _learn_and_move_cursor(repository: Repository, source: GitRepository) -> None:
    learn_accounts(repository)  # a long look at much: outside the transaction
    with transaction.atomic():
        write_soon()
        hold_projects([repository.project_id])
        settle_merges(repository)
        _move_cursor(repository, source)


def _move_cursor(repository: Repository, source: GitRepository) -> None:
    """In a transaction, after all that nobody would repeat once the cursor has moved."""
    repository.branch, repository.is_shallow = source.branch, source.is_shallow
    repository.read_at = timezone.now()
    seen = {name: getattr(repository, name) for name in ("branch", "is_shallow", "read_at")}
    row = Repository.objects.filter(pk=repository.pk)
    # Emptied meanwhile, it stays so: a sibling has lost what was left to it (``mirrors``).
    if row.filter(head=repository.head).update(head=source.head, **seen):
        repository.head = source.require_head()
    else:
        row.update(**seen)


def _await_mailmap(repository: Repository) -> None:
    """Whom its .mailmap names may have come in, so people must be resolved with it once more."""
    if repository.mailmap:
        repository.mailmap = Repository.MAILMAP_AWAITED
        repository.save(update_fields=["mailmap"])


def write_batch(repository, batch, register: IdentityRegister, intake: Intake) -> None:
    """Write changes that are not there yet, their activities and who was seen. In a transaction."""
    # In the order that git tells: rows are numbered the same whenever they are taken in.
    register.learn(dict.fromkeys(each for record in batch for each in _spellings(record)))
    change_ids = list(reserve_ids(Change, len(batch)))
    elsewhere = told_elsewhere(repository, [record.external_id for record in batch])
    changes, activities, seen = [], [], {}
    for change_id, record in zip(change_ids, batch, strict=True):
        space = _space(record)
        author = register[record.author, space]
        deeds = list(_deeds(change_id, record, author, register))
        for deed in deeds:
            _see(seen, deed[1], record.committed_at or record.authored_at)
        if record.external_id in elsewhere:
            continue
        changes.append(_change_row(change_id, repository.pk, record, author, register))
        activities += deeds
        if record.oddities:
            intake.oddities.update(record.oddities)
    write_rows(Change, CHANGE_FIELDS, changes)
    ids = reserve_ids(Activity, len(activities))
    write_rows(
        Activity, ACTIVITY_FIELDS, [(pk, *row) for pk, row in zip(ids, activities, strict=True)]
    )
    note_sightings(repository, seen)
    intake.elsewhere += len(elsewhere)
    intake.changes += len(changes)
    intake.activities += len(activities)


def _space(record: ChangeRecord) -> str:
    """Where bare handles of this change belong: the review tool it came from, or GitHub."""
    return "handle" if record.is_import else "github"


def _spellings(record: ChangeRecord) -> Iterator[tuple[Who, str]]:
    space = _space(record)
    yield record.author, space
    if record.committer:
        yield record.committer, space
    for deed in record.deeds:
        yield deed.who, space


def _change_row(change_id, repository_id, record: ChangeRecord, author, register) -> tuple:
    committer = record.committer
    return (
        change_id,
        repository_id,
        record.kind,
        record.external_id,
        author,
        register[committer, _space(record)] if committer else None,
        moment(record.authored_at),
        record.author_offset,
        moment(record.committed_at if record.committed_at is not None else record.authored_at),
        record.committer_offset,
        record.subject,
        _one_a_line(record) if record.paths else "",
        record.path_count if record.paths is not None else None,
        record.is_merge,
        record.is_import,
        record.is_merged,
        record.pull_request,
        record.differential,
        ",".join(record.ai_assistants)[:200],
        ",".join(record.oddities)[:200],
    )


def _one_a_line(record: ChangeRecord) -> str:
    """The paths of a change; a line break within one is spelled as git spells it."""
    if "newline-in-path" in record.oddities:
        return "\n".join(path.replace("\n", "\\n") for path in record.paths)
    return "\n".join(record.paths)


def _deeds(change_id, record: ChangeRecord, author: int, register) -> Iterator[tuple]:
    """Rows of the activities of one change: what its author did, then what others did for it."""
    landed = record.committed_at if record.committed_at is not None else record.authored_at
    written = record.authored_at if record.authored_at is not None else landed
    yield change_id, author, "merged" if record.is_merge else "authored", moment(written), None, ""
    told = set()
    for deed in record.deeds:
        who = register[deed.who, _space(record)]
        # Two spellings of a trailer may be one identity; an author is not their own helper.
        if who == author or (who, deed.kind, deed.external_id) in told:
            continue
        told.add((who, deed.kind, deed.external_id))
        at = moment(deed.at if deed.at is not None else landed)
        yield change_id, who, deed.kind, at, author, deed.external_id


def _see(seen: dict[int, tuple[int, int]], identity: int, at: int | None) -> None:
    if at is None:
        return
    first, last = seen.get(identity, (at, at))
    seen[identity] = (min(first, at), max(last, at))
