"""Reviews were stored as what they were held to be; they are facts, and are kept as told.

What one review told twice makes of a profile is decided by who counts, so profiles that heard of
pull requests are rebuilt.
"""

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Subquery

TOLD = (
    ("commented", "review/", "reviewed"),
    ("commented", "review_comment/", "review_comment"),
    ("reviewed_again", "", "reviewed"),
)


def tell_as_told(apps, schema_editor):
    activities = apps.get_model("activity", "Activity").objects
    changes = apps.get_model("activity", "Change").objects
    for kind, noun, told in TOLD:
        held = activities.filter(kind=kind, external_id__startswith=noun)
        twins = activities.filter(
            kind=told,
            change=OuterRef("change"),
            identity=OuterRef("identity"),
            external_id=OuterRef("external_id"),
        )
        activities.filter(pk__in=held.filter(Exists(twins)).values("pk")).delete()
        held.update(kind=told)
    author = changes.filter(pk=OuterRef("change")).values("author")[:1]
    unknown = activities.filter(
        counterpart=None, change__author__isnull=False, change__kind__in=("pull_request", "issue")
    ).exclude(identity=F("change__author"))
    activities.filter(pk__in=unknown.values("pk")).update(counterpart=Subquery(author))


def rebuild_profiles(apps, schema_editor):
    reviews = apps.get_model("activity", "Activity").objects.filter(
        kind="reviewed", change__kind="pull_request"
    )
    projects = reviews.values_list("change__repository__project", flat=True).distinct()
    profiles = apps.get_model("people", "Profile").objects.filter(project__in=list(projects))
    stale = apps.get_model("people", "StaleProfile")
    stale.objects.bulk_create(
        [
            stale(person_id=person, project_id=project)
            for person, project in profiles.values_list("person", "project")
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0002_withdrawn_changes_index"),
        ("people", "0003_settled_identities_and_looks_by_project"),
    ]

    operations = [
        migrations.RunPython(tell_as_told, migrations.RunPython.noop),
        migrations.RunPython(rebuild_profiles, migrations.RunPython.noop),
    ]
