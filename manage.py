#!/usr/bin/env python
import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from foundation.database import stop_if_away
from foundation.environment import stop_on

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "foundation.settings")
    if sys.argv[1:2] != ["check"]:  # which names the same problems in Django's own way
        stop_on(settings.CONFIGURATION_PROBLEMS)
    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        stop_if_away(error)
        raise
