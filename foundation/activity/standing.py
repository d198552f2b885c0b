"""Which commits of a history are still to be read, and which facts it no longer tells.

The cursor (``Repository.head``) says where the last whole intake ended. It says nothing of one that
was killed since, or of commits that a forced push took away and a merge brought back.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import chain, islice

from django.db import transaction
from django.utils import timezone

from foundation.activity.mirrors import compare_siblings_whole, told_elsewhere
from foundation.activity.models import Activity, Change
from foundation.activity.sources.errors import SourceError
from foundation.activity.sources.git_log import Reach
from foundation.activity.sources.git_repository import GitRepository
from foundation.activity.sources.record import ChangeRecord
from foundation.activity.turns import hold_projects
from foundation.people.merging import mark_stale
from foundation.projects.models import Repository

IN_BATCH = 500


@contextmanager
def additions(
    repository: Repository, source: GitRepository, size: int
) -> Iterator[Iterator[list[ChangeRecord]] | None]:
    """Yield, in batches, what the source's head adds to what was taken in up to the cursor.

    Yields None where it does not only add: what lay before the edge of a shallow clone may be there
    now, and after a force-push no new commit need follow the cursor's. The new commits themselves
    tell that, so git is asked only where there are more than one batch holds.
    """
    if not repository.head or repository.is_shallow:
        yield None
        return
    head, reach = source.require_head(), Reach(repository.head)
    with closing(source.changes(head, since=repository.head, reach=reach)) as records:
        batches = in_batches(records, size)
        first = _first(batches, lambda: source.is_ancestor(repository.head, head))
        only_adds = reach.is_met or (
            len(first) == size and source.is_ancestor(repository.head, head)
        )
        yield chain([first], batches) if only_adds else None


def _first(batches: Iterator[list[ChangeRecord]], is_there: Callable[[], bool]):
    """The first batch; an empty one where git failed since the cursor's commit is gone."""
    try:
        return next(batches, [])
    except SourceError:
        if is_there():
            raise
        return []


def in_batches(records: Iterator[ChangeRecord], size: int) -> Iterator[list[ChangeRecord]]:
    """Lists of so many records; the last one is shorter, unless they come out even."""
    while batch := list(islice(records, size)):
        yield batch


def take_out_known(repository, batch: list[ChangeRecord], intake) -> list[ChangeRecord]:
    """Those of a batch that are no facts yet; facts among them that were withdrawn return.

    One that another repository of the project tells by now stays withdrawn.
    In a transaction of the intake whose turn it is.
    """
    known = _known(repository, [record.external_id for record in batch])
    back = _not_told_elsewhere(repository, [key for key, at in known.items() if at])
    _set_withdrawn(repository, back, None)
    intake.returned += len(back)
    return [record for record in batch if record.external_id not in known]


def missing_changes(repository, source, head, intake) -> Iterator[ChangeRecord]:
    """Compare the whole history with the facts: after a kill, a force-push, or at first.

    A shallow clone does not tell what left the history: only that it reaches no further.
    """
    known = _known(repository)
    if not known:
        return source.changes(head)
    standing = source.hashes(head)
    for commit in _take_back_edge(repository, source, known.keys() & set(standing)):
        del known[commit]
    lost = () if source.is_shallow else known.keys() - set(standing)
    _withdraw(repository, known, set(lost), set(standing), intake)
    missing = [commit for commit in standing if commit not in known]
    return source.changes(head, only=missing)


def _known(repository, among: Collection[str] | None = None) -> dict[str, datetime | None]:
    """The commits that are facts, and since when each is withdrawn."""
    commits = Change.objects.filter(repository=repository, kind="commit")
    if among is None:
        return dict(commits.values_list("external_id", "withdrawn_at"))
    known = {}
    for some in _parts(list(among)):
        rows = commits.filter(external_id__in=some)
        known.update(rows.values_list("external_id", "withdrawn_at"))
    return known


@transaction.atomic
def _take_back_edge(repository, source, standing) -> list[str]:
    """Forget what was read at the edge of a shallow clone where the clone has grown beyond it.

    Without its parents a commit does not tell its paths, so such a fact is none: it is read anew,
    as a new row, since everything that follows the facts looks for new rows.
    """
    if not repository.is_shallow:
        return []
    at_edge = Change.objects.filter(
        repository=repository, kind="commit", oddities__contains="shallow-edge"
    )
    told = at_edge.values_list("external_id", flat=True)
    grown = [key for key in told if key in standing and key not in source.shallow_edge]
    for some in _parts(grown):
        rows = at_edge.filter(external_id__in=some)
        _mark_people_stale(rows)
        rows.delete()
    return grown


@transaction.atomic
def _withdraw(repository, known, lost, standing, intake) -> None:
    """Mark the facts that left the history, and unmark those that came back."""
    hold_projects([repository.project_id])
    gone = [key for key, withdrawn in known.items() if not withdrawn and key in lost]
    back = [key for key, withdrawn in known.items() if withdrawn and key in standing]
    back = _not_told_elsewhere(repository, back)
    _set_withdrawn(repository, gone, timezone.now())
    _set_withdrawn(repository, back, None)
    if gone:
        compare_siblings_whole(repository)
    intake.withdrawn, intake.returned = len(gone), len(back)


def _not_told_elsewhere(repository, keys: list[str]) -> list[str]:
    told = told_elsewhere(repository, keys)
    return [key for key in keys if key not in told]


def _set_withdrawn(repository, keys: list[str], at: datetime | None) -> None:
    for some in _parts(keys):
        rows = Change.objects.filter(repository=repository, external_id__in=some)
        # Their people's profiles no longer say what the facts say.
        _mark_people_stale(rows)
        rows.update(withdrawn_at=at)


def _mark_people_stale(changes) -> None:
    from_facts = Activity.objects.filter(change__in=changes)
    identities = set(from_facts.values_list("identity", flat=True))
    identities |= set(from_facts.values_list("counterpart", flat=True))
    mark_stale(identities - {None})


def _parts(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + IN_BATCH] for start in range(0, len(keys), IN_BATCH))
