import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from foundation.environment import stop_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "foundation.settings")
stop_on(settings.CONFIGURATION_PROBLEMS)
application = get_asgi_application()
