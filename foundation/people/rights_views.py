"""One's own switches: identities, visibility, corrections, export, erasure, leader signals."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.people import rights
from foundation.people.claims import claim_by_verified_email, make_person, person_of
from foundation.people.export import export
from foundation.people.forms import AffiliationForm, DetailsForm, EraseForm
from foundation.people.leaders import leading_page
from foundation.people.links import held_identities
from foundation.people.merging import detach
from foundation.people.models import Affiliation, Expertise, LeaderSignal


def _own_person(request):
    somebody = person_of(request.user)
    if somebody is None:
        raise Http404
    return somebody


@login_required
@require_safe
def identities(request):
    somebody = _own_person(request)
    held = held_identities(somebody)
    return render(request, "people/identities.html", {"person": somebody, "held": held})


@login_required
@require_POST
def identity_detach(request, pk):
    somebody = _own_person(request)
    identity = get_object_or_404(somebody.identities, pk=pk)
    if somebody.identities.count() > 1:
        detach(identity, by=request.user)
        messages.success(request, _("“%s” is no longer held to be you.") % identity)
    return redirect("web:identities")


@login_required
@require_POST
def claim(request):
    """Look again for work done under the account's verified addresses."""
    if claim_by_verified_email(request.user) is None:
        messages.info(request, _("No work was found under your verified addresses yet."))
    else:
        messages.success(request, _("Everything under your verified addresses is on your page."))
    return redirect("web:me")


@login_required
@require_safe
def privacy(request):
    somebody = _own_person(request)
    return render(request, "people/privacy.html", {"person": somebody})


@login_required
@require_POST
def visibility(request):
    somebody = _own_person(request)
    rights.hide(somebody, hidden=request.POST.get("hidden") == "1")
    hidden = _("Your profile is hidden now."), _("Your profile can be seen again by members.")
    messages.success(request, hidden[0] if somebody.is_hidden else hidden[1])
    return redirect("web:privacy")


@login_required
@require_POST
def expertise_visibility(request, pk):
    line = get_object_or_404(Expertise, pk=pk, person=_own_person(request))
    rights.hide_line(line, hidden=request.POST.get("hidden") == "1")
    return redirect("web:me")


@login_required
def details(request):
    """Correct one's name and time zone; the first time, this makes one's page."""
    user, somebody = request.user, person_of(request.user)
    initial = {"name": somebody.name if somebody else "", "time_zone": user.time_zone}
    form = DetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rights.rename(make_person(user), name=form.cleaned_data["name"])
        user.time_zone = form.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])
        messages.success(request, _("Saved."))
        return redirect("web:me")
    return render(request, "people/details.html", {"form": form, "person": somebody})


@login_required
def affiliations(request):
    """Say where one worked, and when; it stands before what addresses suggest."""
    somebody = _own_person(request)
    form = AffiliationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rights.declare_affiliation(somebody, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("web:affiliations")
    context = {"form": form, "person": somebody, "known": somebody.affiliations.all()}
    return render(request, "people/affiliations.html", context)


@login_required
@require_POST
def affiliation_remove(request, pk):
    known = Affiliation.objects.filter(person=_own_person(request), is_declared=True)
    get_object_or_404(known, pk=pk).delete()
    return redirect("web:affiliations")


@login_required
@require_safe
def download(request):
    somebody = _own_person(request)
    answer = JsonResponse(export(somebody, now=timezone.now()), json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="releve.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
def erase(request):
    """Ask once more, then forget."""
    somebody = _own_person(request)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rights.erase(somebody, now=timezone.now())
        logout(request)
        messages.success(request, _("You are forgotten here."))
        return redirect("web:home")
    return render(request, "people/erase.html", {"form": form, "person": somebody})


@login_required
@require_safe
def leading(request):
    """All that is said of oneself as an emerging leader, and who looked at it."""
    somebody = _own_person(request)
    return render(request, "people/leading.html", leading_page(somebody, now=timezone.now()))


@login_required
@require_POST
def consent(request):
    agreed = request.POST.get("agreed") == "1"
    rights.set_number_consent(_own_person(request), agreed=agreed, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("web:leading")


@login_required
@require_POST
def signal_decline(request, pk):
    signal = get_object_or_404(LeaderSignal, pk=pk, person=_own_person(request))
    rights.decline_signal(signal, declined=request.POST.get("declined") == "1")
    messages.success(request, _("Saved."))
    return redirect("web:leading")
