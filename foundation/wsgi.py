import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from foundation.environment import stop_on

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "foundation.settings")
stop_on(settings.CONFIGURATION_PROBLEMS)
application = get_wsgi_application()
