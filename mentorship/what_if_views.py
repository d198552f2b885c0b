"""A second preview in which one thing differs, and the two side by side; for stewards."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.web.access import stewards_only
from foundation.web.keys import key_in
from mentorship import cohorts
from mentorship.cohort_forms import PlaceForm, SettingsForm
from mentorship.cohort_pages import Figures, Terms, faults_of, rank_bars
from mentorship.cohort_views import tell, visible_cohort
from mentorship.models import Cohort
from mentorship.what_if_pages import changed_between, moves, with_changes


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_what_if(request, pk):
    """A second preview with one more place, or assigned in another way or within other limits.

    ``?like`` names a what-if whose choices the forms begin with.
    """
    shown = visible_cohort(request, pk)
    if shown.is_published:
        tell(request, False)
        return redirect(shown)
    former = shown.what_ifs.filter(pk=key_in(request.GET.get("like", ""))).first()
    place, settings = PlaceForm(cohort=shown, like=former), SettingsForm(instance=former or shown)
    if request.method == "POST":
        if "place" in request.POST:
            form = place = PlaceForm(request.POST, cohort=shown)
        else:
            form = settings = SettingsForm(request.POST)
        if change := _change(form, shown):
            beside = cohorts.what_if(shown, change, by=request.user, now=timezone.now())
            return redirect("mentorship:cohort-compare", pk=beside.pk)
    context = {"cohort": shown, "place_form": place, "settings_form": settings}
    return render(request, "mentorship/cohort_what_if.html", context)


def _change(form: PlaceForm | SettingsForm, shown: Cohort) -> dict:
    """What is to differ; {} if the form says what is wrong with it."""
    change = form.change_of(shown) if form.is_valid() else {}
    if form.is_valid() and not change:
        form.add_error(None, _("So far nothing differs: change at least one setting."))
    return change


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
    (after,) = with_changes([visible_cohort(request, pk)])
    if after.based_on is None:
        raise Http404
    both = after.based_on, after
    is_computed = all(one.is_computed for one in both)
    context = {
        "cohort": after,
        "sides": [(Figures.of(one), Terms.of(one), rank_bars(one), faults_of(one)) for one in both],
        "is_computed": is_computed,
        "is_contradictory": any(one.state == Cohort.State.INFEASIBLE for one in both),
        "also_changed": changed_between(*both),
        "moves": moves(*both) if is_computed else [],
    }
    return render(request, "mentorship/cohort_compare.html", context)
