"""Backtests that stewards ask for: owed as a run, kept as a row, the newest ones only."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from foundation.runs import ledger
from foundation.runs.models import BacktestReport, Run

TASK = "backtest"
SCOPES = ("mentors", "leaders")
KEPT = 20
"""So many reports of each kind stay; older ones go when a new one comes."""


def begin(scope: str, now: datetime) -> Run:
    """Owe a backtest of the facts known now; one that is under way is not begun again."""
    under_way = Run.objects.unfinished().filter(task=TASK, scope=scope).first()
    run = under_way or ledger.owe(TASK, scope, ledger.stamp(now), as_of=now)
    ledger.wake(run.pk)
    return run


def keep(run: Run, report: dict) -> BacktestReport:
    """Write a run's report, once however often it is done, and forget those of long ago."""
    with transaction.atomic():
        ledger.hold(run)
        row, _ = BacktestReport.objects.update_or_create(
            task=run.scope,
            period=run.period,
            defaults={
                "data_hash": report["data_hash"],
                "as_of": run.as_of,
                "report": report,
                "headline": headline(report),
            },
        )
        reports = BacktestReport.objects.filter(task=run.scope).latest_first()
        newest = list(reports.values_list("pk", flat=True)[:KEPT])
        reports.exclude(pk__in=newest).delete()
    return row


def headline(report: dict) -> dict:
    """What a list of reports says of one: the figure that counts, for what is served."""
    slices = report["methods"].get("served", {})
    part = slices.get("newcomers") or slices.get("all") or {}
    metric = "mrr" if "mrr" in part else "auc"
    value, ci = part.get(metric), part.get("ci", {}).get(metric, [None, None])
    return {"n": part.get("n"), "metric": metric, "value": value, "low": ci[0], "high": ci[1]}


@dataclass(frozen=True)
class Kind:
    """A kind of backtest and its newest run, whatever became of it."""

    scope: str
    run: Run | None


def kinds() -> list[Kind]:
    runs = Run.objects.filter(task=TASK)
    newest = {run.scope: run for run in runs.order_by("queued_at", "pk")}
    return [Kind(scope, newest.get(scope)) for scope in SCOPES]
