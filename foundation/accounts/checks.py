"""System checks: a wrong configuration is one sentence at start, not a traceback later."""

import os

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def check_secret_key(app_configs, **kwargs):
    if settings.SECRET_KEY_GIVEN:
        return []
    return [
        checks.Warning(
            "SECRET_KEY is not set, so every process makes up its own and no login survives it.",
            hint="Run `make setup`, which writes a .env with a key, or set SECRET_KEY.",
            id="releve.W001",
        )
    ]


@checks.register
def check_var_dir(app_configs, **kwargs):
    if os.access(settings.VAR_DIR, os.W_OK):
        return []
    return [
        checks.Error(
            f"VAR_DIR ({settings.VAR_DIR}) cannot be written.",
            hint="Point VAR_DIR at a folder that this user may write to.",
            id="releve.E001",
        )
    ]


@checks.register
def check_broker(app_configs, **kwargs):
    known = ("filesystem://", "redis://", "rediss://", "memory://")
    if settings.CELERY_BROKER_URL.startswith(known):
        return []
    return [
        checks.Error(
            "CELERY_BROKER_URL names a broker that is not supported.",
            hint="Leave it unset for the file system, or set REDIS_URL to redis://host:6379/0.",
            id="releve.E002",
        )
    ]


@checks.register
def check_github_login(app_configs, **kwargs):
    if not settings.GITHUB_CLIENT_ID or os.environ.get("GITHUB_CLIENT_SECRET"):
        return []
    return [
        checks.Error(
            "GITHUB_CLIENT_ID is set but GITHUB_CLIENT_SECRET is not.",
            hint="Set both from the GitHub OAuth application, or neither.",
            id="releve.E003",
        )
    ]


@checks.register
def check_run_lease(app_configs, **kwargs):
    if settings.RUN_LEASE_SECONDS >= 1 and settings.RUN_MAX_ATTEMPTS >= 1:
        return []
    return [
        checks.Error(
            "RUN_LEASE_SECONDS and RUN_MAX_ATTEMPTS must be at least 1.",
            hint="Leave them unset for 120 seconds and 5 attempts.",
            id="releve.E004",
        )
    ]
