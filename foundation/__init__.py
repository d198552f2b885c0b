"""The neutral home: the Django project, and what is true without any program."""

from foundation.celery import app as celery_app

__all__ = ["celery_app"]
