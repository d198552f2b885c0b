"""The Celery application. Messages are wake-ups only; the truth is ``foundation.runs.Run``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "foundation.settings")

app = Celery("releve")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["matching"])
