from django.urls import path

from mentorship import (
    cohort_mentee_views,
    cohort_views,
    load_views,
    placement_views,
    views,
    what_if_views,
)

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
    path("me/place/", placement_views.placement, name="placement"),
    path("me/place/<int:pk>/end/", placement_views.placement_end, name="placement-end"),
    # Assigning a cohort; for stewards.
    path("cohorts/", cohort_views.cohort_list, name="cohorts"),
    path("cohorts/<int:pk>/", cohort_views.cohort, name="cohort"),
    path("cohorts/<int:pk>/compare/", what_if_views.cohort_compare, name="cohort-compare"),
    path("cohorts/<int:pk>/what-if/", what_if_views.cohort_what_if, name="cohort-what-if"),
    path("cohorts/<int:pk>/again/", what_if_views.cohort_again, name="cohort-again"),
    path("cohorts/<int:pk>/publish/", cohort_views.cohort_publish, name="cohort-publish"),
    path("cohorts/<int:pk>/discard/", cohort_views.cohort_discard, name="cohort-discard"),
    path(
        "cohorts/<int:pk>/rules/<int:rule>/drop/",
        cohort_views.cohort_rule_drop,
        name="cohort-rule-drop",
    ),
    path("cohorts/<int:pk>/co-mentors/", cohort_views.cohort_co_mentor, name="cohort-co-mentor"),
    path(
        "cohorts/<int:pk>/co-mentors/<int:duty>/drop/",
        cohort_views.cohort_co_mentor_drop,
        name="cohort-co-mentor-drop",
    ),
    path(
        "cohorts/<int:pk>/mentees/<int:person>/",
        cohort_mentee_views.cohort_mentee,
        name="cohort-mentee",
    ),
]
