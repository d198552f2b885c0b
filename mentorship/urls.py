from django.urls import path

from mentorship import views

app_name = "mentorship"

urlpatterns = [
    path("mentors/", views.mentors, name="mentors"),
    path("mentors/ask/", views.ask, name="ask"),
    path("mentors/requests/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("me/mentoring/", views.limits, name="limits"),
]
