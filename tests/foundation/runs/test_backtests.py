"""Backtests in the house: who runs one, what is kept, what a steward reads."""

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.runs import backtests, ledger
from foundation.runs.models import BacktestReport, Run
from foundation.runs.work import CannotBeDone, carry_out
from tests import world
from tests.foundation.runs.reports import LEADERS, MENTORS, NOW, kept
from tests.reading import page, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client):
    client.force_login(world.steward())
    return client


def claimed(scope: str = "mentors", at: datetime = NOW) -> Run:
    owed = ledger.owe("backtest", scope, ledger.stamp(at), as_of=at)
    return ledger.claim(owed.pk, timezone.now())


def test_a_steward_runs_a_backtest_once_at_a_time(steward):
    for _ in range(2):
        steward.post(reverse("web:backtest-begin", args=["mentors"]))
    runs = Run.objects.values_list("task", "scope", "state")
    assert list(runs) == [("backtest", "mentors", "waiting")]


def test_there_is_no_backtest_of_anything_else(steward):
    answer = steward.post(reverse("web:backtest-begin", args=["people"]))
    assert (answer.status_code, Run.objects.count()) == (404, 0)


def test_a_report_is_kept_once_however_often_its_run_is_done():
    run = claimed()
    backtests.keep(run, MENTORS | {"seed": 1})
    backtests.keep(run, MENTORS)
    row = BacktestReport.objects.get()
    assert (row.task, row.period, row.report) == ("mentors", run.period, MENTORS)
    assert row.headline == {
        "n": 40,
        "metric": "mrr",
        "value": 0.5235,
        "low": 0.4735,
        "high": 0.5735,
    }


def test_only_the_newest_reports_of_a_kind_stay(monkeypatch):
    monkeypatch.setattr(backtests, "KEPT", 2)
    kept(LEADERS)
    for day in (1, 2, 3):
        run = claimed(at=NOW.replace(day=day))
        backtests.keep(run, MENTORS)
        ledger.finish(run, {})
    rows = BacktestReport.objects.order_by("as_of").values_list("task", "as_of__day")
    assert list(rows) == [("mentors", 2), ("mentors", 3), ("leaders", 23)]


def test_a_run_that_was_lost_keeps_no_report():
    run = claimed()
    Run.objects.update(token="of another worker")
    with pytest.raises(ledger.LeaseLost):
        backtests.keep(run, MENTORS)
    assert not BacktestReport.objects.exists()


def test_what_cannot_be_done_is_not_tried_again_and_its_sentence_is_shown(steward):
    def step(run):
        raise CannotBeDone("Only 5 reviewed changes: too few for a backtest.")

    assert not carry_out(claimed(), step)
    assert Run.objects.get().state == Run.State.FAILED
    assert "Only 5 reviewed changes" in page(steward, reverse("web:backtests"))
    shown = page(steward, reverse("web:runs"))
    assert "Backtest · Who should mentor" in shown
    assert "Only 5 reviewed changes" in shown


def test_the_list_names_each_report_with_its_figure_and_costs_the_same_queries(steward):
    kept(MENTORS)
    one = queries(steward, reverse("web:backtests"))
    for number in range(1, 6):
        kept(LEADERS, number)
    assert queries(steward, reverse("web:backtests")) == one
    shown = page(steward, reverse("web:backtests"))
    assert shown.count("AUC 0.813") == 5
    assert "MRR 0.524" in shown
    assert "0.474 … 0.574" in shown
