"""What marks the facts that a refresh rests on."""

import pytest
from django.utils import timezone

from foundation.activity.models import Change
from foundation.projects.models import Repository
from matching import community
from matching.touched import basis_of

pytestmark = pytest.mark.django_db


def test_a_force_push_is_noticed_that_takes_as_many_changes_as_it_brings_back(projects):
    repository = Repository.objects.create(project=projects[0], name="aurora")
    rows = [
        Change.objects.create(
            repository=repository,
            kind="commit",
            external_id=str(number),
            withdrawn_at=timezone.now() if is_gone else None,
        )
        # As many, and even the sum of their keys is the same.
        for number, is_gone in enumerate([True, False, False, True])
    ]
    marks = [(basis_of("v"), community.facts_mark())]
    for row in rows:
        row.withdrawn_at = None if row.withdrawn_at else timezone.now()
        row.save()
    marks.append((basis_of("v"), community.facts_mark()))
    assert [one == other for one, other in zip(*marks, strict=True)] == [False, False]
