"""The administration, which is not there for whoever may not open it."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404


class House(AdminSite):
    """Every page of it is missing for others, its own login too: people sign in at the account's,
    whose form has a rate limit."""

    site_header = site_title = "Relève"

    def admin_view(self, view, cacheable=False):
        opened = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not self.has_permission(request):
                raise Http404
            return opened(request, *args, **kwargs)

        return guarded

    def login(self, request, extra_context=None):
        return self.admin_view(super().login)(request, extra_context)


class HouseConfig(AdminConfig):
    default_site = "foundation.web.administration.House"
