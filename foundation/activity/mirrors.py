"""A fork or a mirror beside the original: a commit is one fact of a project, wherever it lies.

Whoever is read second leaves what is told to the first, and its cursor moves past it. So when the
first one loses a commit, the others are compared whole at their next intake: one may still have it.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver

from foundation.activity.models import Change
from foundation.projects.models import Repository

IN_BATCH = 500


def siblings(repository: Repository) -> QuerySet[Repository]:
    """The other repositories of its project."""
    return Repository.objects.filter(project=repository.project_id).exclude(pk=repository.pk)


def told_elsewhere(repository: Repository, ids: Sequence[str]) -> set[str]:
    """Those of the ids of commits that another repository of the project tells already."""
    others = list(siblings(repository).values_list("pk", flat=True)) if ids else []
    told = set()
    for start in range(0, len(ids) if others else 0, IN_BATCH):
        known = Change.objects.standing().filter(
            repository__in=others, external_id__in=ids[start : start + IN_BATCH], kind="commit"
        )
        told.update(known.values_list("external_id", flat=True))
    return told


@transaction.atomic
def compare_siblings_whole(repository: Repository) -> None:
    """Empty the cursors of the others: what this one tells no longer may be theirs to tell."""
    rows = siblings(repository)
    list(rows.select_for_update(no_key=True))  # in the order in which profiles move their cursors
    rows.update(head="")


@receiver(post_delete, sender=Repository)
def _when_deleted(sender, instance: Repository, **kwargs) -> None:
    """The facts of a repository go with it."""
    compare_siblings_whole(instance)
