"""What one answers to a word of care: all is well, never again, or after all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.people.claims import person_of
from foundation.people.lulls import end_rest, rest


@login_required
@require_POST
def lull_answer(request):
    somebody, answer = person_of(request.user), request.POST.get("answer")
    if somebody is None:
        raise Http404
    if answer == "again":
        end_rest(somebody)
        messages.success(request, _("Saved."))
    elif answer in ("fine", "never"):
        rest(somebody, now=timezone.now(), for_good=answer == "never")
        messages.success(request, _("Good to know: we leave you in peace."))
    return redirect("web:me")
