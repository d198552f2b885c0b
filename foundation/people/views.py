"""Profiles and the changes behind them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from foundation.people.backing import EXPERTISE, LINE_OF, OF_TWO, Claim, backing_page
from foundation.people.claims import person_of
from foundation.people.forms import ClaimForm
from foundation.people.hiding import HiddenLines, speaks_of_hidden
from foundation.people.lulls import care_for
from foundation.people.models import Person
from foundation.people.portrait import portrait
from foundation.projects.models import Project


def person(request, public_id):
    """The profile of anybody whom the viewer may see."""
    somebody = get_object_or_404(Person.objects.visible_to(request.user), public_id=public_id)
    now = timezone.now()
    shown = portrait(somebody, viewer=request.user, now=now)
    is_own = somebody.user_id == request.user.pk
    return render(request, "people/person.html", {"portrait": shown, "is_own": is_own})


@login_required
def me(request):
    """One's own page: what is said of oneself, as others read it, with the switches beside."""
    somebody = person_of(request.user)
    if somebody is None:
        return render(request, "people/nobody.html")
    now = timezone.now()
    shown = portrait(somebody, viewer=request.user, now=now)
    care = care_for(request.user, now=now)
    return render(request, "people/me.html", {"portrait": shown, "is_own": True, "care": care})


def evidence(request, public_id):
    """The changes behind one line of a profile."""
    somebody = get_object_or_404(Person.objects.visible_to(request.user), public_id=public_id)
    project = get_object_or_404(Project, slug=request.GET.get("project", ""))
    form = ClaimForm(request.GET)
    if not form.is_valid() or _is_hidden(somebody, project, form.claim, request.user):
        raise Http404
    context = {
        "person": somebody,
        "project": project,
        "claim": form.claim,
        "whom": _whom(form.claim, request.user),
        "since": form.claim.begins(timezone.now()),
        "page": backing_page(somebody, project, form.claim, request.GET.get("page")),
    }
    return render(request, "people/evidence.html", context)


def _whom(claim: Claim, user) -> Person | None:
    """Whose changes a claim is about, if it names somebody; not found if the viewer may not."""
    if claim.kind not in OF_TWO:
        return None
    return get_object_or_404(Person.objects.visible_to(user), public_id=claim.name)


def _is_hidden(somebody, project, claim, user) -> bool:
    """Did the person hide what this claim names from everybody else?"""
    if somebody.user_id == user.pk:
        return False
    hidden = HiddenLines([somebody.pk]).in_project(project.pk).get(somebody.pk, ())
    if claim.kind in EXPERTISE:  # each line of a profile has its own switch
        return (claim.kind, claim.name) in hidden
    kind = LINE_OF.get(claim.kind, "")
    return speaks_of_hidden(kind, claim.name, hidden)
