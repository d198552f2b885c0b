"""Addresses of the ledger's pages; they live in the namespace of ``foundation.web``."""

from django.urls import path

from foundation.runs import backtest_views, views

urlpatterns = [
    path("runs/", views.runs, name="runs"),
    path("runs/<int:pk>/again/", views.run_again, name="run-again"),
    path("runs/repositories/<int:pk>/<slug:oddity>/", views.oddities, name="oddities"),
    path("backtests/", backtest_views.reports, name="backtests"),
    path("backtests/<int:pk>/", backtest_views.report, name="backtest"),
    path("backtests/<int:pk>/report.json", backtest_views.report_json, name="backtest-json"),
    path("backtests/<slug:scope>/begin/", backtest_views.begin, name="backtest-begin"),
]
