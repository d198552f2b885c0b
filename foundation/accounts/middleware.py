import zoneinfo

from django.utils import timezone


class TimeZoneMiddleware:
    """Show every moment in the viewer's own time zone; strangers see UTC."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = getattr(request.user, "time_zone", "UTC") or "UTC"
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return self.get_response(request)
