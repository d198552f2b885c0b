"""When things happen by themselves. The rows may be changed in the admin; names stay."""

from django.db import migrations

# Beats that find no worker are of no use later: the next one does the same.
INTERVALS = [("Sweep the run ledger", "matching.sweep", 10)]
HOURLY = [
    ("Read repositories again", "matching.begin_ingest", "5"),
    ("Refresh profiles, matches and leaders", "matching.begin_refresh", "20"),
]
EXPIRES_SECONDS = 600


def write_schedule(apps, schema_editor):
    task = apps.get_model("django_celery_beat", "PeriodicTask").objects
    for name, target, seconds in INTERVALS:
        interval, _ = apps.get_model(
            "django_celery_beat", "IntervalSchedule"
        ).objects.get_or_create(every=seconds, period="seconds")
        defaults = {"task": target, "interval": interval, "expire_seconds": seconds}
        task.get_or_create(name=name, defaults=defaults)
    for name, target, minute in HOURLY:
        crontab, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
            minute=minute,
            hour="*",
            day_of_week="*",
            day_of_month="*",
            month_of_year="*",
            timezone="UTC",
        )
        defaults = {"task": target, "crontab": crontab, "expire_seconds": EXPIRES_SECONDS}
        task.get_or_create(name=name, defaults=defaults)


def remove_schedule(apps, schema_editor):
    names = [name for name, _, _ in INTERVALS + HOURLY]
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(write_schedule, remove_schedule)]
