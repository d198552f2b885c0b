"""Every address of the site. Upper floors are named as strings only."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The admin's own form has no rate limit; the account's has.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Relève"

handler500 = "foundation.web.views.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("mentorship.urls")),
    path("", include("foundation.web.urls")),
]
