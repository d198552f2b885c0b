from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    verbose_name = _("Users")

    def ready(self):
        from foundation.accounts import checks  # noqa: F401, PLC0415  registers the checks
