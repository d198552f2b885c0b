from django.urls import path

from mentorship import load_views, views

app_name = "mentorship"

urlpatterns = [
    path("mentors/", views.mentors, name="mentors"),
    path("mentors/ask/", views.ask, name="ask"),
    path("mentors/requests/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("mentors/seen/", views.seen, name="seen"),
    path("mentors/<int:pk>/asked/", views.asked, name="asked"),
    path("me/mentoring/<int:pk>/answer/", views.answer, name="answer"),
    path("me/mentoring/<int:pk>/finish/", views.finish, name="finish"),
    path("stewards/load/", load_views.load, name="load"),
    path("me/mentoring/", views.limits, name="limits"),
]
