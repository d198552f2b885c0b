"""Finding a mentor, and being one within one's own limits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.people.claims import make_person, person_of
from foundation.people.rights import rename
from foundation.web.keys import key_in
from mentorship import asking, beginning, ending, exposure
from mentorship.cohort_pages import newest_place
from mentorship.forms import AskForm, LimitsForm
from mentorship.models import Exposure, MentorOffer, MentorRequest
from mentorship.shortlist import as_mentor, shortlists


@login_required
@require_safe
def mentors(request):
    """The mentors suggested to oneself, and why."""
    person = person_of(request.user)
    lists = shortlists(person, now=timezone.now()) if person else []
    placed = newest_place(person) if person else None
    working = exposure.mentors_of(person, placed=placed) if person else []
    context = {"person": person, "lists": lists, "placed": placed, "mentors": working}
    return render(request, "mentorship/mentors.html", context)


@login_required
def ask(request):
    """Ask for a mentor in a project; asking again in the same one changes the request."""
    person = person_of(request.user)
    initial = {"project": request.GET.get("project")}
    form = AskForm(
        request.POST or None, person=person, initial=_asked_before(request, person) or initial
    )
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        name = wish.pop("name", "")
        person = make_person(request.user, name=name)
        if name:
            rename(person, name=name)
        asking.ask(person, wish.pop("project"), now=timezone.now(), **wish)
        messages.success(request, _("You have asked. Suggestions appear here in a moment."))
        return redirect("mentorship:mentors")
    return render(request, "mentorship/ask.html", {"form": form})


def _asked_before(request, person) -> dict:
    """What was asked in the project of the address, so that it is changed and not begun anew."""
    if person is None:
        return {}
    project = key_in(request.GET.get("project", ""))
    asked = person.mentor_requests.open().filter(project=project)
    return asked.values(*AskForm.Meta.fields).first() or {}


@login_required
@require_POST
def withdraw(request, pk):
    own = MentorRequest.objects.open().filter(person__user=request.user)
    asking.withdraw(get_object_or_404(own, pk=pk), now=timezone.now())
    messages.success(request, _("You no longer ask for a mentor there."))
    return redirect("mentorship:mentors")


@login_required
@require_POST
def seen(request):
    """The list stands before one's eyes: sent by the page itself where scripts may run."""
    person = person_of(request.user)
    if person is not None:
        exposure.note_seen(person, now=timezone.now())
    return HttpResponse(status=204)


@login_required
@require_POST
def asked(request, pk):
    """The mentee wrote to a mentor on the list."""
    found = get_object_or_404(Exposure.objects.markable_by(request.user), pk=pk)
    exposure.note_asked(found, now=timezone.now())
    messages.success(request, _("Noted. They can say here whether they have time for you."))
    return redirect("mentorship:mentors")


@login_required
@require_POST
def answer(request, pk):
    """A mentor says whether they work with somebody who wrote to them."""
    found = get_object_or_404(Exposure.objects.answerable_by(request.user), pk=pk)
    accepted = request.POST.get("accepted") == "1"
    try:
        beginning.answer(found, accepted=accepted, now=timezone.now())
    except beginning.NoPlaceLeft:
        messages.error(request, _("Your places are all taken: offer one more, then answer again."))
    else:
        messages.success(request, _("Saved."))
    return redirect("mentorship:limits")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request, pk):
    """A mentor says that a mentorship has ended, after reading what that means."""
    own = Exposure.objects.open_mentorships().filter(mentor__user=request.user)
    found = get_object_or_404(own.select_related("mentee", "project"), pk=pk)
    if request.method == "POST":
        ending.finish(found, now=timezone.now())
        messages.success(request, _("It has ended: your place is free again."))
        return redirect("mentorship:limits")
    return render(request, "mentorship/finish.html", {"mentorship": found})


@login_required
def limits(request):
    """One's own limits as a mentor, and to whom one is suggested."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    offer = MentorOffer.objects.filter(person=person).first()
    form = LimitsForm(request.POST or None, instance=offer)
    if request.method == "POST" and form.is_valid():
        asking.set_limits(person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("mentorship:limits")
    context = {
        "person": person,
        "form": form,
        "suggested_to": as_mentor(person),
        "waiting": exposure.waiting_for(person),
        "mentorships": exposure.mentorships_of(person, now=timezone.now()),
    }
    return render(request, "mentorship/limits.html", context)
