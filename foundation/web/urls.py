from django.urls import include, path

from foundation.web import views

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("foundation.people.urls")),
    path("", include("foundation.runs.urls")),
]
