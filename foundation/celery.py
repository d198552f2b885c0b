"""The Celery application. Messages are wake-ups only; the truth is ``foundation.runs.Run``."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init
from django.conf import settings

from foundation.environment import stop_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "foundation.settings")

app = Celery("releve")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["matching"])


@beat_init.connect
@celeryd_init.connect
def stop_on_a_bad_environment(**kwargs):
    stop_on(settings.CONFIGURATION_PROBLEMS)
