"""Every address of the site. Upper floors are named as strings only."""

from django.contrib import admin
from django.urls import include, path

handler500 = "foundation.web.views.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("mentorship.urls")),
    path("", include("foundation.web.urls")),
]
