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
    if not settings.VAR_DIR.is_dir() or os.access(settings.VAR_DIR, os.W_OK):
        return []
    return [
        checks.Error(
            f"VAR_DIR ({settings.VAR_DIR}) cannot be written.",
            hint="Point VAR_DIR at a folder that this user may write to.",
            id="releve.E001",
        )
    ]


@checks.register
def check_environment(app_configs, **kwargs):
    """Values that could not be read; the defaults that stand in are only good for this check."""
    return [
        checks.Error(problem.sentence, hint=problem.hint, id=problem.id)
        for problem in settings.CONFIGURATION_PROBLEMS
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
