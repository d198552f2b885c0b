from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "foundation.activity"
    verbose_name = _("Activity")

    def ready(self):
        from foundation.activity import mirrors  # noqa: F401, PLC0415  registers its receiver
