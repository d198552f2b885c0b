"""Backtests for stewards: run one for the own community, read the reports, take them away."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.runs import backtest_report, backtests
from foundation.runs.models import BacktestReport
from foundation.web.access import stewards_only

PER_PAGE = 25


@stewards_only
@require_safe
def reports(request):
    visible = BacktestReport.objects.visible_to(request.user).listed().latest_first()
    context = {
        "page": Paginator(visible, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": backtests.kinds(),
    }
    return render(request, "runs/backtests.html", context)


@stewards_only
@require_POST
def begin(request, scope):
    if scope not in backtests.SCOPES:
        raise Http404
    backtests.begin(scope, timezone.now())
    messages.success(request, _("It runs in the background; its report will stand here."))
    return redirect("web:backtests")


@stewards_only
@require_safe
def report(request, pk):
    row = get_object_or_404(BacktestReport.objects.visible_to(request.user), pk=pk)
    context = {"report": row, **backtest_report.context(row.report)}
    return render(request, "runs/backtest.html", context)


@stewards_only
@require_safe
def report_json(request, pk):
    row = get_object_or_404(BacktestReport.objects.visible_to(request.user), pk=pk)
    name = f"backtest-{row.task}-{row.as_of:%Y-%m-%d}.json"
    content = json.dumps(row.report, indent=1, sort_keys=True)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json", headers=headers)
