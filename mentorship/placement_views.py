"""Where a published cohort has placed oneself, and that it has ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.people.claims import person_of
from mentorship import ending
from mentorship.cohort_pages import with_co_mentors
from mentorship.models import CohortPlacement


@login_required
@require_safe
def placement(request):
    """One's own place, as mentee and as mentor, once it is published."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    visible = CohortPlacement.objects.visible_to(request.user).published()
    rows = visible.select_related("cohort", "mentee", "mentor", "project").order_by(
        "-cohort__published_at", "mentee__name", "pk"
    )
    shown = rows.filter(mentee__erased_at=None, mentee__is_hidden=False)
    context = {
        "person": person,
        "as_mentee": with_co_mentors(rows.filter(mentee=person), user=request.user),
        "as_mentor": with_co_mentors(shown.filter(mentor=person), user=request.user),
        "as_co_mentor": shown.helped_by(person),
    }
    return render(request, "mentorship/placement.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def placement_end(request, pk):
    """The mentee, or a steward, says that it has ended, after reading what that means."""
    endable = CohortPlacement.objects.endable_by(request.user)
    found = get_object_or_404(endable.select_related("mentee", "mentor", "project"), pk=pk)
    is_own = found.mentee.user_id == request.user.pk
    back = reverse("mentorship:placement")
    if not is_own:
        back = reverse("mentorship:cohort-mentee", args=[found.cohort_id, found.mentee_id])
    if request.method != "POST" and found.is_running:
        (found,) = with_co_mentors([found], user=request.user)
        context = {"placement": found, "is_own": is_own, "back": back}
        return render(request, "mentorship/placement_end.html", context)
    if request.method == "POST" and ending.end(found, now=timezone.now()):
        messages.success(request, _("It has ended. Asking anew is possible at any time."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect(back)
