"""The page of one mentee in a cohort, for stewards: why here, why not there, and their rules."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.people.models import Person
from foundation.web.access import stewards_only
from mentorship import cohorts
from mentorship.cohort_forms import AboutForm, PairForm
from mentorship.cohort_pages import (
    alternatives,
    placements_of,
    reasons_why_not,
    with_co_mentors,
    with_help,
)
from mentorship.cohort_views import tell, visible_cohort
from mentorship.models import CohortPlacement, PairRule


@stewards_only
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_mentee(request, pk, person):
    """Why one mentee is placed here and not there; the rules that a steward may set."""
    shown = visible_cohort(request, pk)
    mentee = get_object_or_404(Person.objects.visible_to(request.user), pk=person)
    placement = placements_of(shown).filter(mentee=mentee).first()
    if placement is None:
        words = _("The newest computing of this cohort says nothing of %(mentee)s.")
        messages.info(request, words % {"mentee": mentee})
        return redirect(shown)
    others = alternatives(placement)
    asked = request.GET if "mentor" in request.GET else None
    ask_form = AboutForm(asked, cohort=shown, auto_id="ask_%s")
    about = ask_form.cleaned_data["mentor"] if ask_form.is_valid() else None
    answers = [one for one in others if about and one.mentor_pk == str(about.pk)]
    initial = {"mentor": about, "project": answers[0].slug if answers else None}
    form = PairForm(request.POST or None, cohort=shown, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _set_rule(request, placement, form.cleaned_data)
    context = {
        "placement": with_co_mentors(with_help([placement]), user=request.user)[0],
        "cohort": shown,
        "reasons": reasons_why_not(others),
        "form": form,
        "ask_form": ask_form,
        "about": about,
        "answers": answers,
    }
    return render(request, "mentorship/cohort_mentee.html", context)


def _set_rule(request, placement: CohortPlacement, rule: dict):
    """Set a rule and compute anew, or try it in a preview beside."""
    kind, mentor, project = (rule[name] for name in ("kind", "mentor", "project"))
    by, now = request.user, timezone.now()
    if "beside" in request.POST and not placement.cohort.is_published:
        change = {
            "code": _trial(kind),
            "mentee": placement.mentee_id,
            "mentor": mentor.pk,
            "project": project.slug if project else None,
        }
        beside = cohorts.what_if(placement.cohort, change, by=by, now=now)
        return redirect("mentorship:cohort-compare", pk=beside.pk)
    pair = placement.mentee, mentor
    done = cohorts.add_rule(placement.cohort, kind, *pair, project=project, by=by, now=now)
    tell(request, done)
    return redirect(placement.cohort)


def _trial(kind: str) -> str:
    """A conflict holds everywhere once declared; as a trial it is a forbidden pair."""
    return PairRule.Kind.FORBIDDEN if kind == PairRule.Kind.CONFLICT else kind
