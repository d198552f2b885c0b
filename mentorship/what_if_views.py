"""A second preview in which one thing differs, and the two side by side; for stewards."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.web.access import stewards_only
from mentorship import cohorts
from mentorship.cohort_forms import PlaceForm, SettingsForm
from mentorship.cohort_pages import Figures, Terms, faults_of, rank_bars
from mentorship.cohort_views import tell, visible_cohort
from mentorship.models import Cohort
from mentorship.what_if_pages import change_of, changed_between, moves


@stewards_only
@require_POST
def cohort_what_if(request, pk):
    """A second preview with one more place, or assigned in another way or within other limits."""
    shown = visible_cohort(request, pk)
    if shown.is_published:
        tell(request, False)
        return redirect(shown)
    change, wrong = _change(request, shown)
    if not change:
        messages.error(request, wrong or _("Choose what is to differ."))
        return redirect(shown)
    beside = cohorts.what_if(shown, change, by=request.user, now=timezone.now())
    return redirect("mentorship:cohort-compare", pk=beside.pk)


def _change(request, shown: Cohort) -> tuple[dict, str]:
    """What is to differ, {} if nothing does; and what is wrong with a setting."""
    if "place" in request.POST:
        place = PlaceForm(request.POST, cohort=shown)
        return (place.change if place.is_valid() else {}), ""
    settings = SettingsForm(request.POST)
    return (settings.change_of(shown), "") if settings.is_valid() else ({}, settings.wrong)


@stewards_only
@require_POST
def cohort_again(request, pk):
    """Compute it anew, of this moment, and what it is compared with."""
    shown = visible_cohort(request, pk)
    tell(request, cohorts.compute_both(shown, now=timezone.now()))
    return redirect("mentorship:cohort-compare", pk=pk) if shown.based_on else redirect(shown)


@stewards_only
@require_safe
def cohort_compare(request, pk):
    """A what-if beside what it was made from."""
    after = visible_cohort(request, pk)
    if after.based_on is None:
        raise Http404
    both = after.based_on, after
    is_computed = all(one.is_computed for one in both)
    context = {
        "cohort": after,
        "change": change_of(after),
        "sides": [(Figures.of(one), Terms.of(one), rank_bars(one), faults_of(one)) for one in both],
        "is_computed": is_computed,
        "also_changed": changed_between(*both),
        "moves": moves(*both) if is_computed else [],
    }
    return render(request, "mentorship/cohort_compare.html", context)
