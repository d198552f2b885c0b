"""A fork or a mirror beside the original: a commit is one fact of a project, wherever it lies."""

from collections.abc import Sequence

from foundation.activity.models import Change
from foundation.activity.sources.record import ChangeRecord
from foundation.projects.models import Repository

IN_BATCH = 500


def told_elsewhere(repository: Repository, batch: Sequence[ChangeRecord]) -> set[str]:
    """The ids of those commits that another repository of the project has told already."""
    others = Repository.objects.filter(project=repository.project_id).exclude(pk=repository.pk)
    others = list(others.values_list("pk", flat=True))
    ids, told = [record.external_id for record in batch], set()
    for start in range(0, len(ids) if others else 0, IN_BATCH):
        known = Change.objects.standing().filter(
            repository__in=others, external_id__in=ids[start : start + IN_BATCH], kind="commit"
        )
        told.update(known.values_list("external_id", flat=True))
    return told
