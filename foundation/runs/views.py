"""What ran, when, how fresh each figure is, and what was odd; for stewards."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.projects.models import Repository
from foundation.runs import ledger
from foundation.runs.comparison import standings
from foundation.runs.freshness import (
    ODDITY_WORDS,
    freshness,
    name_scopes,
    odd_changes,
    odd_repositories,
    oddity_words,
    waiting,
)
from foundation.runs.models import Run
from foundation.web.access import stewards_only

PER_PAGE = 25


@stewards_only
@require_safe
def runs(request):
    visible = Run.objects.visible_to(request.user)
    projects, house = freshness()
    page = Paginator(visible.latest_first(), PER_PAGE).get_page(request.GET.get("page"))
    failed = visible.filter(state=Run.State.FAILED).latest_first()[:PER_PAGE]
    page.object_list = name_scopes(page.object_list)
    context = {
        "page": page,
        "failed": name_scopes(failed),
        "projects": projects,
        "house": house,
        "standings": standings(),
        "odd": odd_repositories(),
        "waiting": waiting(),
    }
    return render(request, "runs/runs.html", context)


@stewards_only
@require_POST
def run_again(request, pk):
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    if ledger.run_again(run):
        messages.success(request, _("It will run again in a moment."))
    else:
        messages.info(request, _("It has not failed, so there is nothing to run again."))
    return redirect("web:runs")


@stewards_only
@require_safe
def oddities(request, pk, oddity):
    if oddity != "withdrawn" and oddity not in ODDITY_WORDS:
        raise Http404
    repository = get_object_or_404(Repository.objects.select_related("project"), pk=pk)
    changes = odd_changes(repository, oddity).select_related("author")
    context = {
        "repository": repository,
        "oddity": _("no longer in the history") if oddity == "withdrawn" else oddity_words(oddity),
        "page": Paginator(changes, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "runs/oddities.html", context)
