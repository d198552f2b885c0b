"""What marks the facts that a refresh rests on."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from foundation.activity.models import Activity, Change
from foundation.activity.turns import hold_projects
from foundation.people.models import Identity
from foundation.projects.models import Repository
from matching import community, pipeline
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


@transaction.atomic
def tell(project, before_commit=lambda: None) -> None:
    """An intake writes one fact of a project, whose keys are taken before it is committed."""
    hold_projects([project.pk])
    repository = Repository.objects.create(project=project, name=project.slug)
    change = Change.objects.create(repository=repository, kind="commit", external_id="1")
    Activity.objects.create(change=change, identity=Identity.objects.get(), kind="reviewed")
    before_commit()


def someone_waits() -> bool:
    """Whether another session waits for this one's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time.")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("noted")
def test_a_refresh_begins_with_all_facts_below_its_mark(projects):
    Identity.objects.create(key="ada")
    is_written, is_begun = Event(), Event()

    def take_long():
        is_written.set()
        while not (is_begun.wait(timeout=0.05) or someone_waits()):
            pass

    def slow_intake():
        try:
            tell(projects[0], take_long)
        finally:
            connection.close()

    intake = Thread(target=slow_intake)
    intake.start()
    is_written.wait(10)
    try:
        tell(projects[1])  # its keys are higher, and it is committed first
        pipeline.begin_refresh(timezone.now())
        told = Activity.objects.order_by("pk").values_list("change__repository__name", flat=True)
        assert list(told) == ["aurora", "borealis"]
    finally:
        is_begun.set()
        intake.join()
