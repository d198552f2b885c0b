"""The house with steps that write real rows slowly: settings of the processes in test_kill."""

from foundation.settings import *  # noqa: F403

RUN_STEPS = "tests.matching.slow_steps.STEPS"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
