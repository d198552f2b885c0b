"""Addresses of the ledger's pages; they live in the namespace of ``foundation.web``."""

from django.urls import path

from foundation.runs import views

urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/<int:pk>/again/", views.run_again, name="run-again"),
    path("runs/repositories/<int:pk>/<slug:oddity>/", views.oddities, name="oddities"),
]
