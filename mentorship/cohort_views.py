"""A cohort's pages, for stewards: preview, why, what-if, publish."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.runs.models import Run
from foundation.web.access import stewards_only
from mentorship import cohorts
from mentorship.cohort_forms import CohortForm, CoMentorForm, PublishForm
from mentorship.cohort_pages import (
    Figures,
    Terms,
    assumed_of,
    at_odds,
    faults_of,
    left_out_of,
    load_bars,
    placements_of,
    rank_bars,
    with_co_mentors,
    with_help,
)
from mentorship.models import Cohort, MentorRequest, PairRule
from mentorship.what_if_pages import with_changes

PER_PAGE = 50
UNMATCHED_SHOWN = 20


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_list(request):
    """All cohorts, and the form that begins one."""
    form = CohortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cohort = cohorts.preview(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect(cohort)
    listed = Cohort.objects.visible_to(request.user).listed()
    context = {
        "cohorts": with_changes(listed.select_related("published_by")),
        "form": form,
        "asking": MentorRequest.objects.to_be_met().values("person").distinct().count(),
    }
    return render(request, "mentorship/cohorts.html", context)


def visible_cohort(request, pk) -> Cohort:
    visible = Cohort.objects.visible_to(request.user).select_related(
        "based_on", "made_by", "published_by"
    )
    return get_object_or_404(visible, pk=pk)


@stewards_only
@require_safe
def cohort(request, pk):
    """Who goes where, the figures, the limits, who is left without a place."""
    (shown,) = with_changes([visible_cohort(request, pk)])
    wanted = request.GET.get("q", "").strip()[:100]
    only_unmatched = request.GET.get("show") == "unmatched"
    rows = placements_of(shown, wanted=wanted, only_unmatched=only_unmatched)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_co_mentors(with_help(page.object_list), user=request.user)
    people, projects = load_bars(shown)
    context = {
        "cohort": shown,
        "page": page,
        "wanted": wanted,
        "only_unmatched": only_unmatched,
        "figures": Figures.of(shown),
        "ranks": rank_bars(shown),
        "mentors": people,
        "projects": projects,
        "faults": faults_of(shown),
        "terms": Terms.of(shown),
        "left_out": left_out_of(shown),
        "unmatched": with_help(placements_of(shown, only_unmatched=True)[:UNMATCHED_SHOWN]),
        **_desk(shown),
    }
    return render(request, "mentorship/cohort.html", context)


def _desk(shown: Cohort) -> dict:
    """What a steward may do with the cohort, and how its computing goes."""
    rules = list(
        PairRule.objects.filter(Q(cohort=shown) | Q(cohort=None)).select_related(
            "mentee", "mentor", "project"
        )
    )
    odd = at_odds(shown, rules)
    runs = Run.objects.filter(task=cohorts.ASSIGN, scope=str(shown.pk))
    return {
        "assumed": assumed_of(shown, now=timezone.now()),
        "at_odds": odd,
        "rules": [rule for rule in rules if rule not in odd],
        "run": runs.latest_first().first(),
        "what_ifs": with_changes(shown.what_ifs.defer("summary", "faults")),
        "co_mentors": shown.co_mentors.select_related("mentor", "project"),
    }


def tell(request, is_done: bool) -> None:
    if is_done:
        messages.success(request, _("The cohort is being computed anew."))
    else:
        messages.info(request, _("This cohort is published, so nothing was changed."))


@stewards_only
@require_POST
def cohort_rule_drop(request, pk, rule):
    shown = visible_cohort(request, pk)
    rules = PairRule.objects.filter(Q(cohort=shown) | Q(cohort=None))
    tell(request, cohorts.drop_rule(shown, get_object_or_404(rules, pk=rule), now=timezone.now()))
    return redirect(shown)


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_co_mentor(request, pk):
    """Name a co-mentor of a project and compute anew."""
    shown = visible_cohort(request, pk)
    form = CoMentorForm(request.POST or None, cohort=shown)
    if request.method == "POST" and form.is_valid():
        mentor, project = (form.cleaned_data[name] for name in ("mentor", "project"))
        by, now = request.user, timezone.now()
        tell(request, cohorts.add_co_mentor(shown, mentor, project, by=by, now=now))
        return redirect(shown)
    return render(request, "mentorship/cohort_co_mentor.html", {"cohort": shown, "form": form})


@stewards_only
@require_POST
def cohort_co_mentor_drop(request, pk, duty):
    shown = visible_cohort(request, pk)
    co_mentor = get_object_or_404(shown.co_mentors, pk=duty)
    tell(request, cohorts.drop_co_mentor(shown, co_mentor, now=timezone.now()))
    return redirect(shown)


@stewards_only
@require_POST
def cohort_publish(request, pk):
    """Publish the preview that the steward had before them, and no other."""
    shown = visible_cohort(request, pk)
    form = PublishForm(request.POST)
    if "sure" in form.errors:
        messages.error(request, _("Tick that you have looked at it, then publish."))
        return redirect(shown)
    if form.cleaned_data.get("computed_at") != shown.computed_at:
        messages.error(
            request, _("Nothing was published: it was computed anew since you looked at it.")
        )
        return redirect(shown)
    try:
        faults = cohorts.publish(shown, by=request.user)
    except cohorts.NotPublishable:
        messages.error(
            request, _("It is no finished preview at the moment: nothing was published.")
        )
    else:
        _tell_published(request, is_published=not faults)
    return redirect(shown)


def _tell_published(request, *, is_published: bool) -> None:
    if is_published:
        messages.success(request, _("Published: mentees and mentors now see their place."))
    else:
        messages.error(request, _("Nothing was published: the preview no longer holds."))


@stewards_only
@require_POST
def cohort_discard(request, pk):
    if cohorts.discard(visible_cohort(request, pk)):
        messages.success(request, _("The preview is gone."))
    else:
        messages.info(request, _("This cohort is published, so nothing was changed."))
    return redirect("mentorship:cohorts")
