"""When things happen by themselves."""

from importlib import import_module

import pytest
from django.apps import apps
from django_celery_beat.models import PeriodicTask

from foundation.celery import app

migration = import_module("foundation.runs.migrations.0002_schedule")

SCHEDULE = {
    ("matching.sweep", "every 10 seconds", 10),
    ("matching.begin_ingest", "5 * * * *", 600),
    ("matching.begin_refresh", "20 * * * *", 600),
}


def schedule():
    return {
        (
            row.task,
            str(row.interval or " ".join(str(row.crontab).split()[:5])),
            row.expire_seconds,
        )
        for row in PeriodicTask.objects.filter(task__startswith="matching.")
    }


@pytest.mark.django_db
def test_the_schedule_is_written_once_and_can_be_taken_back():
    migration.remove_schedule(apps, None)
    assert schedule() == set()
    migration.write_schedule(apps, None)
    migration.write_schedule(apps, None)
    assert schedule() == SCHEDULE
    assert PeriodicTask.objects.filter(task__startswith="matching.").count() == len(SCHEDULE)


@pytest.mark.django_db
def test_what_a_steward_changed_stays():
    migration.write_schedule(apps, None)
    PeriodicTask.objects.filter(task="matching.begin_refresh").update(enabled=False)
    migration.write_schedule(apps, None)
    assert not PeriodicTask.objects.get(task="matching.begin_refresh").enabled


def test_every_scheduled_task_is_one_the_worker_knows():
    app.loader.import_default_modules()
    assert {task for task, _, _ in SCHEDULE} | {"matching.work"} <= set(app.tasks)
